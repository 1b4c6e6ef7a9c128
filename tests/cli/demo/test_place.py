import re

import pytest
from tests.cli.demo.conftest import Played

pytestmark = pytest.mark.timeout(600)


def test_even_without_race_and_place_there_is_not_enough_evidence(played: Played) -> None:
    said = played.between("3. Leave out race and place", "What happened")
    assert "REFUSED" in said
    assert re.search(r"impact-ratio-(race|place) +(not-enough-evidence|not-met)", said)
    assert "no-prohibited-inputs-mortgage  met" in said
    assert "muster waiver grant" in said
    assert "the model is not served" in said


def test_only_agreement_with_lenders_is_claimed(played: Played) -> None:
    said = played.between("Act two: place", "1. Use case")
    assert "lenders' decisions, not outcomes" in said
