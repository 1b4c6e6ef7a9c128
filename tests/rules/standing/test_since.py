from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import NOW, complete
from tests.rules.standing.scene import known

from muster.records.decision import Finding, Reason
from muster.rules.standing.since import as_of, since

HOUR = timedelta(hours=1)
OPEN = Reason("a", Finding.STALE, "", "too old")


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_it_is_open_since_the_first_moment_of_the_last_run(opens: list[bool]) -> None:
    moments = [NOW + n * HOUR for n in range(1, len(opens) + 1)]
    told = dict(zip(moments, opens, strict=True))

    def open_at(moment: datetime) -> set[str]:
        return {"a"} if told.get(moment, False) else set()

    now = moments[-1]
    (lapse,) = since([OPEN], moments, open_at, NOW, now)
    run = [moment for n, moment in enumerate(moments) if all(opens[n:])]
    assert lapse.since == (run[0] if run else now)
    assert (lapse.demand, lapse.why) == ("a", "too old")


def test_what_was_open_before_anything_was_asked_is_so_since_then() -> None:
    (lapse,) = since([OPEN], [NOW + HOUR], lambda _: {"a"}, NOW, NOW + 2 * HOUR)
    assert lapse.since == NOW


def test_the_first_to_fall_out_comes_first() -> None:
    later = Reason("b", Finding.MISSING, "", "")
    moments = [NOW + HOUR, NOW + 2 * HOUR]
    found = since([later, OPEN], moments, lambda m: {"a"} if m == moments[0] else {"a", "b"} - {"x"}, NOW, moments[1])
    assert [lapse.demand for lapse in found] == ["a", "b"]


def test_what_was_known_at_a_moment_is_what_had_been_recorded() -> None:
    now = known(complete())
    assert len(as_of(now, NOW).facts.evidence) == 2
    before = as_of(now, NOW - 2 * HOUR)
    assert (before.facts.evidence, before.measures, before.facts.policy_seats) == ((), {}, now.facts.policy_seats)
