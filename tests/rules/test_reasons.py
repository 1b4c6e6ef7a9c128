from __future__ import annotations

from dataclasses import replace

import pytest

from muster.records.policy import Factor, ReasonMap
from muster.rules.reasons import reason_map_faults

LATE = Factor("late", ("PAY_0", "PAY_2"), "Payment record of the latest bills", changeable=True)
LIMIT = Factor("limit", ("LIMIT_BAL",), "Limit of your card")
AGE = Factor("age", ("AGE",), "", nameable=False)
SOUND = ReasonMap("cards", "cards", (LATE, LIMIT, AGE))


def test_a_sound_map_has_no_faults_and_several_factors_may_have_no_words() -> None:
    assert list(reason_map_faults(SOUND)) == []
    assert list(reason_map_faults(replace(SOUND, factors=(LATE, AGE, replace(AGE, id="sex", columns=("SEX",)))))) == []


@pytest.mark.parametrize(
    ("changed", "path", "what"),
    [
        ({"factors": ()}, "factors", "names no factor"),
        ({"most": 5}, "most", "5 reasons: give one to 4"),
        ({"most": 0}, "most", "0 reasons"),
        ({"id": " "}, "id", "may not be empty"),
        ({"use_case": ""}, "use_case", "may not be empty"),
        ({"factors": (LATE, replace(LIMIT, id=""))}, "factors[1].id", "may not be empty"),
        ({"factors": (LATE, replace(LIMIT, columns=()))}, "factors[1].columns", "names no input column"),
        ({"factors": (LATE, replace(LIMIT, statement=""))}, "factors[1].statement", "needs the words"),
        ({"factors": (replace(AGE, changeable=True),)}, "factors[0].changeable", "cannot be advised upon"),
        ({"factors": (LATE, replace(LIMIT, id="late"))}, "factors[1].id", "'late' stands 2 times"),
        (
            {"factors": (LATE, replace(LIMIT, statement=LATE.statement.upper()))},
            "factors[1].statement",
            "stands 2 times",
        ),
        ({"factors": (LATE, replace(LIMIT, columns=("X", "PAY_2")))}, "factors[1].columns", "PAY_2 is in 2 factors"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(changed: dict[str, object], path: str, what: str) -> None:
    found = list(reason_map_faults(replace(SOUND, **changed)))  # type: ignore[arg-type]
    assert any(place == path and what in said for place, said in found), found
