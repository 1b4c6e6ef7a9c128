"""Verify a dossier of a model version: python verify.py DOSSIER.zip --root sha256:...  (Python 3.9 or later).

One file that trusts nobody: no network, no library, no muster. It starts from the fingerprint of the trust root, which
you must have by another way than this dossier, and proves each step from there. Exit 0: verified; 1: not, with the
failure named; 2: no root to trust, or arguments that cannot be read.

Sources: FIPS 186-5 and SEC 1 (ECDSA on P-256), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), RFC 9162 (Merkle proofs),
C2SP signed-note and tlog-checkpoint, DSSE v1, in-toto Statement v1, Sigstore bundle v0.3.

It is made of the small files in src/muster/verifier of muster's repository, whose tests are in tests/verifier. Make it
yourself, and compare: python src/muster/verifier/join.py
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 9):  # noqa: UP036 - it runs wherever an auditor has a Python, and 1 would mean: not verified
    sys.stderr.write("this verifier needs Python 3.9 or later\n")
    sys.exit(2)
if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # the folder of this file: a module beside it must not take the place of one of Python's
