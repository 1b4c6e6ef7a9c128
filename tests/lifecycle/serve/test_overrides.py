from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.walk import Walked

from muster.adapters.arrowlog.writer import ArrowLog, Rolling
from muster.lifecycle.desk.context import Identity
from muster.lifecycle.serve.overrides import record
from muster.ports.log import Source, Stream
from muster.records.access.roles import Scope
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.governance.overrides import Override
from muster.records.people import Role

ROW = {"request_id": "r", "at": 0, "score": 0.4, "decision": "x", "flags": [], "guards": "", "reasons": []}
ROW |= {"scored_us": 1, "latency_us": 1}


def write(folder: Path, version: str, decided: dict[str, bool | None]) -> None:
    log = ArrowLog(folder, Rolling(linger_s=0.0))
    source = Source(Stream.DECISIONS, "credit", version, "sha256:s")
    for name, favourable in decided.items():
        row = {**ROW, "decision_id": name, "favourable": favourable}
        log.append(source, {key: [value] for key, value in row.items()})
    log.close()


@pytest.fixture
def decided(walked: Walked) -> Walked:
    write(walked.home / "log", walked.version, {"a": True, "b": False, "c": None, "d": True})
    return walked


def test_people_decide_otherwise_and_the_rate_is_a_figure_of_the_version(decided: Walked) -> None:
    reason = "the income was typed wrongly"
    line = decided.do("omar", "override record", decision="b", deployment="credit", to="approve", reason=reason)
    assert (line.was, line.to, line.reason, line.version) == ("refuse", "approve", reason, decided.version)
    assert line.by.endswith("omar")
    decided.do("ana", "override record", decision="c", deployment="credit", to="refuse", reason="papers are missing")
    assert [each.decision for each in decided.do("ana", "override list", deployment="credit")] == ["b", "c"]
    rates = decided.do("ana", "override rate", deployment="credit")
    figures = {rate.figure: (rate.value, rate.n) for rate in rates}
    assert figures == {"override_rate": (1 / 3, 3), "referral_rate": (0.25, 4), "answered_rate": (1.0, 1)}
    assert all(rate.low < rate.high and rate.version == decided.version for rate in rates)
    decided.do("omar", "override record", decision="b", deployment="credit", to="refuse", reason="it was right")
    assert decided.do("ana", "override rate", deployment="credit")[0].value == 0.0


def test_the_reason_is_sealed_and_can_be_erased(decided: Walked) -> None:
    reason = "a story about somebody"
    decided.do("omar", "override record", decision="a", deployment="credit", to="refuse", reason=reason)
    ((_, known),) = decided.context().history(Override)
    assert reason.encode() not in canonical(encode(known))
    assert reason.encode() not in decided.house.vault.sealed(known.reason)
    (subject,) = {f"actor:{line.by.rpartition(':')[2]}" for line in decided.do("ana", "override list")}
    decided.house.vault.erase(subject)
    assert [line.reason for line in decided.do("ana", "override list")] == ["(erased)"]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"decision": "z"}, LookupError, "no decision 'z'"),
        ({"deployment": "elsewhere"}, LookupError, "no decision"),
        ({"to": "approve"}, ValueError, "approve already"),
        ({"to": "maybe"}, ValueError, "to approve or to refuse"),
        ({"reason": " "}, ValueError, "say why"),
    ],
)
def test_what_cannot_be_is_refused_and_recorded_nowhere(
    decided: Walked, asked: dict[str, str], error: type[Exception], said: str
) -> None:
    right = {"decision": "a", "deployment": "credit", "to": "refuse", "reason": "why"}
    with pytest.raises(error, match=said):
        decided.do("omar", "override record", **{**right, **asked})
    assert not decided.context().history(Override)


def test_whoever_trained_a_model_does_not_override_it(decided: Walked) -> None:
    with pytest.raises(PermissionError):
        decided.do("mia", "override record", decision="a", deployment="credit", to="refuse", reason="why")


def test_whose_role_counts_elsewhere_overrides_nothing_that_a_name_decided_before(decided: Walked) -> None:
    other = Identity("otto", frozenset({Role.OPERATOR}), scopes={Role.OPERATOR: (Scope(use_cases=("other",)),)})
    context = replace(decided.context(), identity=other)
    with pytest.raises(PermissionError, match="the role operator of otto counts in use case other only"):
        record(context, "a", "credit", "refuse", "why")
    assert not decided.context().history(Override)
