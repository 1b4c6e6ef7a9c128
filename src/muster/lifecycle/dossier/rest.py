"""Rest: what is recorded about a version in entries of kinds that no other part of the page tells.

A kind need not be known here, nor anywhere in muster: its fields are read out as they stand, and of what somebody
signed, what they signed.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from muster.lifecycle.dossier.story import Story
from muster.lifecycle.page.markup import Html, facts, number, short, table, tag, text
from muster.records.entry import Recorded

TOLD = frozenset(
    [
        "use-case.registered",
        "dataset.snapshotted",
        "run.finished",
        "model-version.intended",
        "model-version.registered",
        "model-version.compiled",
        "model.signed",
        "evidence.recorded",
        "approval.signed",
        "waiver.granted",
        "attestation.signed",
        "release.signed",
        "release.revoked",
        "orders.issued",
        "policy.adopted",
        "library.adopted",
        "trust-root.published",
        "trust-root.signed",
    ]
)
"""Kinds that other parts of the page tell."""

LONG = 400
"""Letters of one value that are shown; the whole of it is in its entry."""

FEW = 3
"""Records in one field that are read out; of more only the number is told."""

_DIGEST = re.compile("sha256:[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def rest(story: Story) -> Html:
    """Return what else happened, oldest first, in the words of its entries; nothing where nothing did."""
    found = [recorded for recorded in story.collected.entries if recorded.entry.kind not in TOLD]
    rows = [(when(recorded), what(recorded), facts(dict(said(recorded, story.version.digest)))) for recorded in found]
    if not rows:
        return text()
    lead = (
        "Decisions, requests, refusals, findings, holds, alerts and whatever else was recorded about it, oldest first."
    )
    shown = table(("When", "What", "It says"), rows, f"Further entries: {len(rows)}")
    return tag("section", tag("h2", "What else happened"), tag("p", lead), shown, id="rest")


def when(recorded: Recorded) -> Html:
    """Return the moment of an entry, in a line that is not broken."""
    return tag("span", f"{recorded.entry.at:%d %b %Y, %H:%M} UTC")


def what(recorded: Recorded) -> Html:
    """Return what an entry is, whose it is, and where it is found."""
    note = f"by {recorded.entry.actor}, entry {recorded.seq}"
    return text(tag("b", words_of(recorded.entry.kind)), tag("p", note, class_="note"))


def words_of(kind: str) -> str:
    """Write the name of a kind as words: ``approval.signed`` is *Approval signed*."""
    return re.sub(r"[.\-_]+", " ", kind).capitalize()


def said(recorded: Recorded, own: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what an entry says, name and value as a reader reads them; ``own`` is a digest that goes without saying."""
    body = dict(recorded.entry.body)
    if recorded.entry.kind == "decision.made":
        settled = {"met", "waived", "not-applicable"}
        still = [reason["demand"] for reason in body["reasons"] if reason["finding"] not in settled]
        yield "Verdict", body["verdict"]
        yield "Open", ", ".join(still) or "nothing"
        yield "Asked", ", ".join(str(body["question"][name]) for name in ("scope", "use_case", "environment"))
        return
    signed = _statement(body)
    if signed is not None:
        yield "Signed", "with a key of their own" if "bundle" not in body else "by the house"
        body = {**{name: held for name, held in body.items() if name not in ("envelope", "bundle")}, **signed}
    for name, held in _flat(body):
        if held not in ("", own, None):
            yield words_of(name), _shown(held)


def _statement(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what is stated in a signed body; None where there is no statement."""
    try:
        outer = json.loads(body.get("envelope") or body.get("bundle") or "")
        content = json.loads(base64.b64decode(outer.get("dsseEnvelope", outer)["payload"]))
        predicate = content["predicate"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return predicate if isinstance(predicate, dict) else None


def _flat(body: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, held in body.items():
        if isinstance(held, Mapping):
            yield from _flat(held, f"{before}{name} ")
        elif isinstance(held, list | tuple):
            whole = len(held) <= FEW or not any(isinstance(each, Mapping) for each in held)
            yield f"{before}{name}", "; ".join(_one(each) for each in held) if whole else f"{len(held)}, in the entry"
        else:
            yield f"{before}{name}", held


def _one(held: Any) -> str:
    if isinstance(held, Mapping):
        return ", ".join(f"{name} {_one(each)}" for name, each in held.items() if each not in ("", None, [], {}))
    return ", ".join(map(_one, held)) if isinstance(held, list | tuple) else _plain(held)


def _plain(held: Any) -> str:
    return held[7:19] if isinstance(held, str) and _DIGEST.fullmatch(held) else str(held)


def _shown(held: Any) -> Any:
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, int | float):
        return number(held)
    words = str(held)
    if _DIGEST.fullmatch(words):
        return short(words)
    if _MOMENT.fullmatch(words):
        return f"{words[:10]} {words[11:16]} UTC"
    return words if len(words) <= LONG else f"{words[:LONG]} … (all of it is in the entry)"
