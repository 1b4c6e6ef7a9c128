from dataclasses import replace

import pytest
from tests.adopting import adopt
from tests.walk import Walked

from muster.lifecycle.desk.asking import find_dataset, find_version
from muster.lifecycle.desk.models.demanded import asked_of, worth_unasked
from muster.records.codec import encode
from muster.records.policy import Requirement
from muster.records.purpose import UseCase


def test_what_the_policy_asks_of_a_role_is_to_be_measured_and_else_nothing(walked: Walked) -> None:
    context = walked.context()
    version = find_version(context, walked.version)
    asked = asked_of(context, version, "production", "held-out")
    assert [control.id for control, _ in asked] == ["no-prohibited-inputs-credit", "discrimination", "impact-ratio-sex"]
    with pytest.raises(ValueError, match="asks nothing of training samples; it asks of held-out, window"):
        asked_of(context, version, "production", "training")


def test_worth_is_measured_where_it_is_stated_and_no_control_asks_already(walked: Walked) -> None:
    context = walked.context()
    version = find_version(context, walked.version)
    held_out, training = (find_dataset(context, walked.parts[role]) for role in ("held-out", "training"))
    asked = asked_of(context, version, "production", "held-out")
    assert worth_unasked(context, version, held_out, asked)
    assert not worth_unasked(context, version, training, asked)
    adopt(walked, requirements=(Requirement("worth-having"),))
    assert not worth_unasked(context, version, held_out, asked_of(context, version, "production", "held-out"))
    case = context.latest(UseCase, "use-case:consumer-credit")
    walked.do("mia", "use-case register", use_case=encode(replace(case, value=None)))
    assert not worth_unasked(context, version, held_out, asked)
