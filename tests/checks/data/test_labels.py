"""Labels that go wrong over time, as in ProPublica's data, where from 2014-04 on every label is 1."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from muster.checks.data.labels import labels
from muster.checks.kit import assert_lawful, credit_rows, credit_sample
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Outcome

CUT = date(2014, 4, 1)


def recidivism(*, cut: bool, text: bool = False) -> Sample:
    """People screened from 2013 to 2014, whose outcomes were followed for two years, or until the file was cut."""
    rng = np.random.default_rng(5)
    days = np.datetime64("2013-01-01") + np.arange(700).repeat(10)
    again = rng.random(days.size) < 0.45
    if cut:
        again |= days >= np.datetime64(CUT)
    screened = pa.array(days)
    table = pa.table(
        {
            "priors": rng.integers(0, 10, days.size),
            "again": again.astype(np.int64),
            "screened": screened.cast(pa.string()) if text else screened,
        }
    )
    order = pa.array(rng.permutation(days.size))
    return credit_sample(data=table.take(order), scores=np.full(days.size, 0.4), inputs=("priors",), target="again")


def by_name(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures if not figure.group}


@pytest.mark.parametrize("text", [False, True])
def test_labels_that_are_all_one_after_a_date_are_found_with_the_date(text: bool) -> None:
    sample = recidivism(cut=True, text=text)
    found = assert_lawful(labels, {"time": "screened"}, sample)
    figures = by_name(found.figures)
    tail = figures["constant_tail_share"]
    after = sum(str(when) >= "2014-04-01" for when in sample.table["screened"].to_pylist())
    assert after <= round(tail.value * sample.rows) <= after + 5
    assert tail.note == "from 2014-04-01 on every label is the positive value" or "2014-03-3" in tail.note
    assert figures["constant_tail_chance"].value < 1e-100
    assert figures["constant_head_chance"].value > 0.001
    differences = {figure.group: figure for figure in found.figures if figure.name == "period_rate_difference"}
    assert differences["screened=2014-06"].low > 0.3
    assert abs(differences["screened=2013-06"].value) < 0.35


def test_labels_that_go_on_as_before_raise_nothing() -> None:
    figures = by_name(assert_lawful(labels, {"time": "screened"}, recidivism(cut=False)).figures)
    assert figures["constant_tail_share"].value < 0.002
    assert figures["constant_tail_chance"].value > 0.001


def test_a_constant_head_is_found_and_periods_can_be_chosen() -> None:
    table = recidivism(cut=False).table
    early = np.asarray(table["screened"].to_numpy() < np.datetime64("2013-02-01"))
    again = np.where(early, 0, table["again"].to_numpy())
    table = table.set_column(table.column_names.index("again"), "again", pa.array(again))
    sample = credit_sample(data=table, scores=np.full(table.num_rows, 0.4), inputs=("priors",), target="again")
    found = labels.measure(sample, {"time": "screened", "period": "year"})
    figures = by_name(found.figures)
    head = figures["constant_head_share"]
    assert head.value >= early.mean()
    assert "every label is not the positive value" in head.note
    assert figures["constant_head_chance"].value < 1e-20
    periods = [figure.group for figure in found.figures if figure.name == "period_positive_rate"]
    assert periods == ["screened=2013", "screened=2014"]


def test_equal_inputs_with_other_labels_conflict() -> None:
    table = pa.table({"x": [1, 1, 2, 2, 3], "y": [0, 1, 1, 1, 0]})
    sample = credit_sample(data=table, scores=[0.1] * 5, inputs=("x",), target="y")
    assert by_name(labels.measure(sample, {}).figures)["conflicting_label_share"].value == 0.4


def test_what_cannot_be_judged_is_not_measured() -> None:
    assert "has no labels" in labels.measure(credit_sample(9, target=""), {}).reason
    gone = credit_rows(4).append_column("when", pa.array([None] * 4, pa.date32()))
    undated = labels.measure(credit_sample(data=gone.set_column(6, "defaulted", [[0, 1, 0, 1]])), {"time": "when"})
    assert undated.outcome is Outcome.NOT_MEASURED
    assert "says of no row when it was" in undated.reason
    years = credit_sample(400)
    numbered = credit_sample(data=years.table.append_column("year", pa.array(np.arange(400) % 3 + 2015)))
    found = assert_lawful(labels, {"time": "year"}, numbered)
    assert [figure.group for figure in found.figures if figure.name == "period_positive_rate"] == [
        "year=2015",
        "year=2016",
        "year=2017",
    ]
