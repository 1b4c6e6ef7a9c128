from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.dossier.scene import released
from tests.rules.scene import NOW, VERSION

from muster.lifecycle.dossier.collect import collect
from muster.lifecycle.dossier.rest import LONG, rest, said, words_of
from muster.lifecycle.dossier.story import tell
from muster.records.access.alert import Alert, Severity
from muster.records.canonical import digest
from muster.records.decision import Question
from muster.records.entry import Entry, Recorded
from muster.verifier.verify import verify

QUESTION = Question(VERSION, "loans", "production")
STRANGE = "oracle.asked"
"""A kind that nothing in muster knows."""


def recorded(body: dict[str, Any], kind: str = STRANGE) -> Recorded:
    entry = Entry(kind, f"version:{VERSION}", "vic", NOW, body)
    return Recorded(7, entry, entry.to_bytes())


def plain(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def told(body: dict[str, Any]) -> dict[str, str]:
    return {name: plain(str(value)).strip() for name, value in said(recorded(body), VERSION)}


def test_an_entry_of_a_kind_that_nobody_knows_is_in_the_dossier_proven_and_readable(tmp_path: Path) -> None:
    scene = released(tmp_path)
    foreign = {"version": VERSION, "answer": "beware <b>", "due_at": "2026-12-01T10:00:00.000000Z"}
    alert = Alert("answers-differ", Severity.WARNING, "gateway:credit/g1", "look at it", NOW)
    unrelated = Alert("disk-full", Severity.INFO, "gateway:cards/g1", "elsewhere", NOW)
    scene.ledger.append([Entry(STRANGE, "oracle:1", "vic", NOW, foreign)])
    scene.as_("monitor").record(alert, unrelated)
    collected = collect(scene.as_("auditor"), QUESTION)
    shown = plain(rest(tell(collected, scene.house.verify)))
    report = verify(scene.dossier(), scene.house.fingerprint)
    scene.close()

    assert "Oracle asked by vic, entry" in shown
    assert "beware &lt;b&gt;" in shown
    assert "Due at 2026-12-01 10:00 UTC" in shown
    assert "Words look at it" in shown
    assert "elsewhere" not in shown
    assert report


def test_kinds_are_written_as_words() -> None:
    assert words_of("approval.signed") == "Approval signed"
    assert words_of("model-version.intended") == "Model version intended"


@pytest.mark.parametrize(
    ("body", "name", "words"),
    [
        ({"on": True}, "On", "yes"),
        ({"share": 0.123456}, "Share", "0.1235"),
        ({"sample": digest(b"x")}, "Sample", digest(b"x")[7:19]),
        ({"inside": {"limit": 3}}, "Inside limit", "3"),
        ({"names": ["a", "b"]}, "Names", "a; b"),
        ({"answers": [{"question": "q", "answer": "a", "none": ""}]}, "Answers", "question q, answer a"),
        ({"many": [{"x": n} for n in range(9)]}, "Many", "9, in the entry"),
    ],
)
def test_fields_are_read_out(body: dict[str, Any], name: str, words: str) -> None:
    assert told(body)[name] == words


def test_what_goes_without_saying_is_left_out_and_what_is_long_is_cut() -> None:
    found = told({"version": VERSION, "empty": "", "none": None, "long": "x" * 9999})
    assert sorted(found) == ["Long"]
    assert len(found["Long"]) < LONG + 60


def test_what_is_no_envelope_is_read_out_as_it_stands() -> None:
    assert told({"envelope": "not json"}) == {"Envelope": "not json"}
    assert told({"envelope": '{"payload":"e30="}'})["Envelope"] == '{"payload":"e30="}'
