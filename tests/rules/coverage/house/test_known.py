from tests.rules.coverage.scene import known
from tests.rules.scene import AUTHOR, NOW, without

from muster.records.decision import Finding
from muster.rules.coverage.house.known import lacking, shown


def test_what_the_gate_said_is_found_by_demand_and_by_how_it_came_out() -> None:
    told = known()
    assert [reason.finding for reason in told.reasons("sign-off:")] == [Finding.MET]
    assert "discrimination" in told.found({Finding.MET})
    assert told.found({Finding.STALE}) == ()


def test_authors_and_the_day_of_registration_come_from_the_records() -> None:
    assert known().authors == (AUTHOR,)
    assert known().registered_at == f"{NOW:%Y-%m-%d}"
    assert known(without("use-case.registered")).registered_at == ""


def test_a_fact_is_shown_or_lacking_with_why() -> None:
    assert (shown("so").holds, lacking("not so").holds) == (True, False)
