"""A second version that is released beside the one of the walk, for tests of traffic."""

from __future__ import annotations

from tests.walk import RULE, USE_CASE, Walked, recipe

from muster.records.codec import encode


def second(walked: Walked, strength: float = 0.3, scope: str = "serve") -> str:
    """Train, assess, compile, sign off and release another version; return its digest."""
    do = walked.do
    made = {**recipe(), "parameters": {"C": strength}}
    asked = {"use_case": USE_CASE, "model": "credit", "training": walked.parts["training"], "recipe": made}
    version = str(do("mia", "model train", **asked, decision=encode(RULE)).digest)
    about = {"version": version, "sample": walked.parts["held-out"]}
    do("mia", "model assess", **about)
    do("mia", "model compile", **about)
    do("mia", "model profile", version=version, sample=walked.parts["validation"])
    walked.sign("ana", version, scope=scope)
    do("mia", "release sign", version=version, scope=scope)
    return version
