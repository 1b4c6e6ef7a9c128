"""The verifier of dossiers, in small files; ``join.py`` makes them into one, the ``verify.py`` in every dossier.

It is an independent second copy, on purpose: what an auditor runs must not share a mistake, or a back door, with what
it judges. So it imports nothing of muster beside itself, not even ``muster.rules``, and nothing but Python's standard
library. Its tests hold it against the rules of muster, on the same random facts.

``proof`` knows signatures, hashes and the zip file; ``entries`` what is proven entry by entry; ``gate`` decides again.
"""
