"""Trust roots: from the fingerprint that the reader has by another way to the one in force."""

from __future__ import annotations

from typing import Any

from muster.verifier.proof.canonical import b64, canonical, digest, need, parse, read
from muster.verifier.proof.envelope import holders, key_id, opened

ROOT_TYPE = "application/vnd.muster.trust-root+json"


def follow(members: dict[str, bytes], pinned: str) -> list[Any]:
    """Return the trust roots, each signed by a threshold of its own root keys and of those before it."""
    chain: list[Any] = []
    while f"roots/{len(chain) + 1}.json" in members:
        name = f"roots/{len(chain) + 1}.json"
        envelope = parse(members[name])
        root = read(b64(envelope["payload"]))
        keys = {"keys": sorted(key_id(g) for g in holders(root, "root")), "threshold": root["threshold"]}
        need(chain or digest(canonical(keys)) == pinned, f"{name} has another fingerprint than {pinned}")
        need(not chain or root["version"] == chain[-1]["version"] + 1, f"{name} does not follow the one before it")
        ids = [key_id(grant) for grant in root["grants"]]
        need(len(set(ids)) == len(ids), f"{name} gives one key two duties")
        for judge in [*chain[-1:], root]:
            opened(envelope, ROOT_TYPE, holders(judge, "root"), name, judge["threshold"])
        chain.append(root)
    need(chain, "there is no trust root in the dossier")
    return chain
