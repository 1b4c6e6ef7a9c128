from typing import Any

import pytest
from tests.adopting import unchanged
from tests.walk import Walked


def asking(walked: Walked, **changed: Any) -> dict[str, Any]:
    return {"version": walked.version, "role": "risk-analyst", **changed}


def test_conditions_and_a_rejection_are_in_the_text_that_is_read(walked: Walked) -> None:
    asked = asking(walked, conditions=["2099-12-31 omar: refresh the data"])
    request = walked.do("bob", "approval request", **asked)
    assert "On condition, by 2099-12-31, that omar: refresh the data" in request.text
    request = walked.do("bob", "approval request", **asking(walked, answer="reject"))
    assert request.text.startswith(f"I, bob, as risk-analyst, reject that model version {walked.version}")


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"conditions": ["refresh the data"]}, ValueError, "write it as YYYY-MM-DD OWNER: TEXT"),
        ({"conditions": ["2099-12-31 omar refresh"]}, ValueError, "write it as YYYY-MM-DD OWNER: TEXT"),
        ({"conditions": ["2099-12-31 omar: "]}, ValueError, "write it as YYYY-MM-DD OWNER: TEXT"),
        ({"conditions": ["2099-13-31 omar: x"]}, ValueError, "write it as YYYY-MM-DD OWNER: TEXT"),
        ({"conditions": ["2020-01-01 omar: x"]}, ValueError, "overdue at once"),
        ({"conditions": ["2099-12-31 ghost: x"]}, LookupError, "no actor 'ghost' is known here"),
        ({"conditions": ["2099-12-31 omar: x"], "answer": "reject"}, ValueError, "a rejection has no conditions"),
        ({"answer": "perhaps"}, ValueError, "is none of approve, reject"),
    ],
)
def test_what_cannot_be_signed_is_said(
    walked: Walked, changed: dict[str, Any], error: type[Exception], said: str
) -> None:
    unchanged(walked, error, said, "bob", "approval request", **asking(walked, **changed))
