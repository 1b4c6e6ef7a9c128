from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.lifecycle.serve.traffic.logs import refuse, write
from tests.lifecycle.serve.traffic.scene import second
from tests.walk import Walked

from muster.lifecycle.serve.traffic.trials import beside
from muster.ports.log import Stream
from muster.records.canonical import parse
from muster.records.release import Part


def spans(walked: Walked, version: str) -> list[tuple[str, datetime, datetime | None]]:
    return [(each.part, each.begin, each.end) for each in beside(walked.context(), "default", "credit", version)[1]]


def set_(walked: Walked, *arms: str) -> datetime:
    """Say who shares the traffic, ``shadow:VERSION=SHARE`` and so on; return when orders said so."""
    named: dict[str, list[str]] = {"challenger": [], "shadow": []}
    for each in arms:
        part, _, rest = each.partition(":")
        named[part].append(rest)
    return walked.do("omar", "traffic set", name="credit", **named).issued_at  # type: ignore[no-any-return]


def test_the_time_beside_a_champion_is_what_orders_say(paired: Walked, other: str) -> None:
    with pytest.raises(LookupError, match="never beside a champion of 'credit'"):
        spans(paired, other)
    hour, told = timedelta(hours=1), []
    for arms in ((f"shadow:{other}=1",), (f"shadow:{other}=0.5",), (f"challenger:{other}=0.1",), (), ()):
        paired.clock.offset += hour
        told.append(set_(paired, *arms))
    assert spans(paired, other) == [("shadow", told[0], told[2]), ("challenger", told[2], told[3])]
    paired.clock.offset += hour
    again = set_(paired, f"challenger:{other}=0.1")
    assert spans(paired, other)[2:] == [("challenger", again, None)]
    paired.do("omar", "traffic promote", name="credit", version=other)
    assert len(spans(paired, other)) == 3, "as the champion it is beside nobody"
    paired.do("omar", "traffic set", name="credit", shadow=[f"{paired.version}=1"])
    assert len(spans(paired, paired.version)) == 1
    paired.do("ana", "stop", deployment="credit", reason="complaints")
    ((_, _, end),) = spans(paired, paired.version)
    assert end is not None


def test_a_champion_that_was_another_then_is_not_held_against(paired: Walked, other: str) -> None:
    set_(paired, f"challenger:{other}=0.1")
    paired.do("omar", "traffic promote", name="credit", version=other)
    third = second(paired, 0.9)
    set_(paired, f"shadow:{third}=1")
    champion, found = beside(paired.context(), "default", "credit", third)
    assert (champion.version, champion.part, len(found)) == (other, Part.CHAMPION, 1)


def measure(walked: Walked, version: str) -> Any:
    return walked.do("omar", "traffic measure", name="credit", version=version)


def test_without_a_demand_for_trials_nothing_is_measured(paired: Walked, other: str) -> None:
    set_(paired, f"shadow:{other}=1")
    with pytest.raises(ValueError, match="asks nothing of trial samples"):
        measure(paired, other)


def passed(walked: Walked, version: str, *, days: float, rows: int, **how: Any) -> None:
    """Let days pass in which both versions decide."""
    walked.clock.offset += timedelta(days=days)
    write(walked, walked.version, rows)
    write(walked, version, rows, **how)


def test_what_a_version_did_in_the_shadow_and_as_a_challenger_counts_and_nothing_else(
    careful: Walked, new: str
) -> None:
    passed(careful, new, days=0.5, rows=50)
    careful.clock.offset += timedelta(hours=1)
    set_(careful, f"shadow:{new}=1")
    passed(careful, new, days=0.2, rows=500, stream=Stream.SHADOWS)
    write(careful, careful.version, 70, stream=Stream.SHADOWS)
    set_(careful, f"challenger:{new}=0.3")
    passed(careful, new, days=0.1, rows=600)
    passed(careful, new, days=0.5, rows=700)
    refuse(careful, new, "schema", 5)
    found = measure(careful, new)
    assert (found.decisions, found.champion_decisions) == (1_800, 1_800)
    assert (found.champion, [span.part for span in found.spans]) == (careful.version, ["shadow", "challenger"])
    assert [each.check for each in found.evidence] == ["traffic.beside_champion"] * 2, "the same figures once"
    told = {figure.name: figure.value for figure in found.evidence[-1].figures}
    assert told["days"] == pytest.approx(0.5, abs=0.01)
    assert told["not_within"] == 0, found.evidence[-1].figures
    assert {(each.sample_name, each.sample_role) for each in found.evidence} == {("production/default/credit", "trial")}
    assert parse(careful.house.blobs.get(found.evidence[0].sample))["champion"] == careful.version
    came = {reason.demand: reason.finding.value for reason in found.decision.reasons if "trial" in reason.demand}
    assert came == {
        "tried-on-enough (trial)": "met",
        "tried-for-long (trial)": "not-met",
        "tried-no-worse (trial)": "met",
    }


def test_a_trial_that_went_wrong_is_not_undone_by_another(careful: Walked, new: str) -> None:
    for shift in (0.5, 0.0):
        set_(careful, f"shadow:{new}=1")
        passed(careful, new, days=0.2, rows=1_000, shift=shift, stream=Stream.SHADOWS)
        set_(careful)
    found = measure(careful, new)
    assert found.decisions == 2_000
    (reason,) = (each for each in found.decision.reasons if each.demand == "tried-no-worse (trial)")
    assert reason.finding.value == "not-met"
    assert "score_drift" in reason.explanation
