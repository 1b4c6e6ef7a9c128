from dataclasses import replace

from tests.walk import Walked

from muster.lifecycle.desk.seen.worth import worths
from muster.records.evidence import Evidence, Outcome
from muster.records.purpose import UseCase


def test_the_newest_expected_value_of_each_sample_is_told(walked: Walked) -> None:
    context = walked.context()
    case = context.latest(UseCase, "use-case:consumer-credit")
    (worth,) = worths(context, case)
    assert (worth.currency, worth.n) == ("TWD", 1200)
    assert worths(context, replace(case, value=None)) == ()
    assert worths(context, replace(case, id="another")) == ()


def test_what_could_not_be_measured_has_no_value_and_says_why(walked: Walked) -> None:
    context = walked.context()
    case = context.latest(UseCase, "use-case:consumer-credit")
    (measured,) = [each for _, each in context.history(Evidence) if each.check == "performance.value"]
    context.record(replace(measured, figures=(), outcome=Outcome.NOT_MEASURED, reason="no labels"))
    (worth,) = worths(context, case)
    assert (worth.value, worth.low, worth.reason) == (None, None, "no labels")
