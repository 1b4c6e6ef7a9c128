"""Soft spots: what a sound policy leaves open that people may not have meant to; each is a note, never a fault."""

from __future__ import annotations

from collections.abc import Iterator

from muster.records.policy import Policy

Note = tuple[str, str]
"""The field, and what it leaves open, with what would close it."""


def soft_spots(policy: Policy) -> Iterator[Note]:
    """Yield what a policy lets people do that most houses would rather not."""
    if not policy.sign_offs:
        yield "sign_offs", "nobody signs: whoever measures also decides; name a role and how many of it"
    if not policy.separation_of_duties:
        yield "separation_of_duties", "authors may sign off their own models; true refuses that"
    elif not policy.separation_along_lineage:
        why = "whoever brought or split the data, or compiled the version, may sign it off; true refuses that"
        yield "separation_along_lineage", why
    if not policy.own_keys_only:
        yield "own_keys_only", "whoever can come in as somebody without a key can sign for them; true refuses that"
    if policy.local_mode and policy.environment == "production":
        yield (
            "local_mode",
            "what is done by access to files alone, under any name, counts in production; false ends that",
        )
