from __future__ import annotations

from dataclasses import replace

from tests.checks.explanation.people import loans
from tests.columns.explanation.models import REASONS, forest

from muster.checks.explanation.counterfactual import counterfactual
from muster.checks.kit import assert_lawful
from muster.records.evidence import Outcome


def test_it_keeps_the_laws() -> None:
    assert_lawful(counterfactual, {"rows": 12}, loans(120))


def test_most_refused_people_could_be_told_what_would_have_been_approved() -> None:
    found = {figure.name: figure for figure in counterfactual.measure(loans(form=forest()), {"rows": 40}).figures}
    assert 0.0 < found["one_change"].value <= found["up_to_two_changes"].value
    assert found["one_change"].n == 40
    assert found["median_size"].value > 0.0


def test_a_map_in_which_nothing_can_be_changed_cannot_be_measured() -> None:
    fixed = replace(REASONS, factors=tuple(replace(factor, changeable=False) for factor in REASONS.factors))
    measured = counterfactual.measure(loans(reasons=fixed), {})
    assert measured.outcome is Outcome.NOT_MEASURED
    assert "no factor that people can change" in measured.reason
