import re

import pytest
from tests.cli.demo.conftest import Played
from tests.walk import Walked

from muster.cli.demo.age import open_demands
from muster.records.decision import Finding

pytestmark = pytest.mark.timeout(600)


def test_the_first_model_is_refused_for_age(played: Played) -> None:
    said = played.between("3. A first model", "4. Is there a model")
    assert "REFUSED" in said
    refused = re.findall(r"^(\S+) +not-met", said, re.MULTILINE)
    assert {"no-prohibited-inputs-credit", "impact-ratio-age"} <= set(refused)
    assert re.search(r"AGE=under 25 0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] \(n \d+\)", said)


def test_the_better_model_waits_for_a_person_who_is_not_its_author(played: Played) -> None:
    searched = played.between("4. Is there a model", "5. A person answers")
    assert "WAITS FOR PEOPLE" in searched
    assert "0 of " in searched
    signed = played.between("5. A person answers", "6. A gateway serves it")
    assert "refused: the gate says wait" in signed
    assert signed.index("refused: the gate says wait") < signed.index("ana$ muster sign-off")
    assert "signed by ana" in signed
    assert "release package" in signed


def test_open_demands_are_those_neither_met_nor_waived(walked: Walked) -> None:
    decision = walked.do("ana", "gate ask", version=walked.version)
    assert open_demands(decision) == []
    assert {reason.finding for reason in decision.reasons} == {Finding.MET}
