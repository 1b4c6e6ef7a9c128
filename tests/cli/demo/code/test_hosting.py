from tests.cli.demo.code.conftest import Told

from muster.settings import read_settings
from muster.wiring.control import Local, close_house, open_house


def test_the_model_is_refused_for_what_it_invents_then_excused_by_two_people_in_writing(told: Told) -> None:
    assert "packages it names are not known to exist; the policy allows one in ten" in told.output
    refused, _, after = told.output.partition("6. The gate refuses")
    assert "REFUSED" in refused
    assert "names-real-packages" in refused
    assert "ALLOWED" in after
    assert "waived until" in after


def test_every_step_is_in_the_ledger_under_the_name_of_who_did_it(told: Told) -> None:
    house = open_house(read_settings({"home": told.home}, {}))
    try:
        lines = Local(house, "ana").call("ledger show", {"last": 99}, lambda _: None)
    finally:
        close_house(house)
    done = {line.kind: line.actor for line in lines}
    assert done["model-version.registered"] == done["evidence.recorded"] == done["canaries.answered"] == "mia"
    assert done["canaries.chosen"] == done["waiver.granted"] == done["approval.signed"] == "ana"
    assert done["orders.issued"] == "omar"


def test_a_provider_that_answers_otherwise_is_no_longer_served(told: Told) -> None:
    lapsed = told.lapsed
    assert lapsed.before[0] == 0, lapsed.before[1]
    assert len(lapsed.run.changed) > 1
    open_demands = {r.demand: r.finding.value for r in lapsed.run.decision.reasons if r.finding.value != "met"}
    assert open_demands["answers-unchanged"] == "not-met"
    assert lapsed.orders.deployments == ()
    assert lapsed.after[0] != 0, lapsed.after[1]
