from __future__ import annotations

from datetime import timedelta

from tests.rules.scene import FACTS_OF_THE_VERSION, NOW, QUESTION, ROOT, TICK, VERSION, auc, entry, record

from muster.adapters.signatures import verify
from muster.records.release import SignedRelease
from muster.rules.backtest.inventory import take_stock
from muster.rules.gate.facts import gather


def test_an_inventory_knows_of_a_version_what_the_gate_does() -> None:
    entries = record(FACTS_OF_THE_VERSION)
    (known,) = take_stock(entries, QUESTION.environment, ROOT, verify).versions
    assert known.facts == gather(QUESTION, entries, ROOT, verify)
    assert known.question == QUESTION


def test_only_the_newest_evidence_of_a_sample_is_held_against_a_limit() -> None:
    newer = entry(auc(0.9), "robot", NOW)
    (known,) = take_stock(record([*FACTS_OF_THE_VERSION, newer]), QUESTION.environment, ROOT, verify).versions
    assert [fact.at for fact in known.measures["auc-check", "held-out", b"{}"]] == [NOW]


def test_what_was_known_when_a_release_was_signed_is_what_had_been_written_by_then() -> None:
    release = entry(SignedRelease(VERSION, "loans", "production", "serve", "sha256:p", NOW), "robot", NOW)
    later = entry(auc(0.5), "robot", NOW + TICK)
    stock = take_stock(record([*FACTS_OF_THE_VERSION, release, later]), QUESTION.environment, ROOT, verify)
    ((fact, known),) = stock.releases
    then = known.until(fact.at, fact.digest)
    assert then.facts == gather(QUESTION, record(FACTS_OF_THE_VERSION), ROOT, verify)
    assert then.measures["auc-check", "held-out", b"{}"][0].at == NOW - timedelta(hours=1)
