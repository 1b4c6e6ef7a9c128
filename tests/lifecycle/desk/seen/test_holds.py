import pytest
from tests.walk import Walked

from muster.lifecycle.desk.seen.holds import hold_named, in_force, kept_by


def test_a_hold_on_a_version_keeps_its_data_its_words_and_its_log(walked: Walked) -> None:
    context = walked.context("ana")
    assert in_force(context) == ()
    assert not kept_by(context).datasets
    walked.do("ana", "hold set", reason="a letter", version=walked.version)
    keeping = kept_by(context)
    assert set(walked.parts.values()) - {walked.parts["validation"]} <= set(keeping.datasets)
    assert keeping.deployments == {"credit": "H-1"}
    assert keeping.of("inference-log", "d-credit/decisions/1.arrows") == "H-1"
    assert keeping.of("inference-log", "d-credit2/decisions/1.arrows") == ""
    assert keeping.of("datasets", walked.parts["training"]) == "H-1"
    with pytest.raises(LookupError, match="no hold 'H-2'"):
        hold_named(context, "H-2")
    walked.do("ana", "hold lift", hold="H-1", reason="over")
    assert in_force(context) == ()
