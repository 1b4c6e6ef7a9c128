import pyarrow as pa
import pytest

from muster.checks.kit import assert_lawful, credit_rows, credit_sample
from muster.checks.oversight.listed import OVERSIGHT
from muster.checks.oversight.override_rate import override_rate
from muster.columns.sample import Sample
from muster.columns.statistics.intervals import wilson
from muster.columns.window import MODEL_SAID, PEOPLE_SAID
from muster.records.evidence import Outcome


def sample(said: list[str], people: list[str | None], groups: list[str | None] | None = None) -> Sample:
    table = credit_rows(len(said)).append_column(MODEL_SAID, pa.array(said))
    table = table.append_column(PEOPLE_SAID, pa.array(people, pa.string()))
    if groups is not None:
        table = table.append_column("group", pa.array(groups, pa.string()))
    return credit_sample(data=table)


SAID = ["approve"] * 4 + ["refuse"] * 4 + ["refer"] * 2
PEOPLE = [None, "refuse", None, "approve", "approve", "approve", "refuse", None, "approve", None]


def test_rates_are_of_what_was_decided_and_of_what_was_left() -> None:
    found = {figure.name: figure for figure in override_rate.measure(sample(SAID, PEOPLE), {}).figures}
    assert {name: (figure.value, figure.n) for name, figure in found.items()} == {
        "override_rate": (3 / 8, 8),
        "overridden_to_approve": (0.5, 4),
        "overridden_to_refuse": (0.25, 4),
        "referral_rate": (0.2, 10),
        "answered_rate": (0.5, 2),
    }
    low, high = wilson(3, 8)
    assert (found["override_rate"].low, found["override_rate"].high) == (float(low), float(high))


def test_groups_are_told_where_they_are_known_and_the_rest_is_counted() -> None:
    groups = ["f", "f", "m", "m", "f", "m", None, None, "f", "m"]
    found = override_rate.measure(sample(SAID, PEOPLE, groups), {"attribute": "group"})
    rates = {figure.group: (figure.value, figure.n) for figure in found.figures if figure.name == "override_rate"}
    assert rates == {"": (3 / 8, 8), "group=f": (2 / 3, 3), "group=m": (1 / 3, 3)}
    assert "not known of 2 of 10" in found.method


def test_it_keeps_the_laws_and_is_told_which_decisions_it_looks_at() -> None:
    assert_lawful(override_rate, {"attribute": "sex"}, sample(SAID * 20, PEOPLE * 20))
    assert (override_rate,) == OVERSIGHT
    assert override_rate.every_decision


@pytest.mark.parametrize("asked", [{}, {"attribute": "nowhere"}])
def test_what_is_no_window_of_a_log_is_not_measured(asked: dict[str, str]) -> None:
    rows = credit_sample() if not asked else sample(SAID, PEOPLE)
    found = override_rate.measure(rows, asked)
    assert found.outcome is Outcome.NOT_MEASURED
    assert ("windows of a log" in found.reason) or ("nowhere" in found.reason)
