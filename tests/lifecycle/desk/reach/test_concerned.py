from typing import TYPE_CHECKING

import pytest

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.reach.concerned import BY_ACTION, HOUSE_WIDE, UNBOUND, resolvable, use_cases
from muster.records.people import Role

if TYPE_CHECKING:
    from tests.walk import Walked


def test_of_every_action_it_is_known_what_it_touches_or_said_that_it_is_the_house() -> None:
    scoped = [asked for asked in CATALOGUE.values() if asked.roles - {Role.ADMIN}]
    unknown = [asked.name for asked in scoped if not resolvable(asked) and asked.name not in HOUSE_WIDE | UNBOUND]
    assert not unknown, "say in lifecycle/desk/reach/concerned.py which use cases their arguments are about"


def test_nothing_is_listed_that_is_not_there_or_could_be_told() -> None:
    assert CATALOGUE.keys() >= BY_ACTION.keys() | HOUSE_WIDE | UNBOUND
    assert not any(resolvable(CATALOGUE[name]) for name in HOUSE_WIDE | UNBOUND)


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        ("model evidence", ("version",)),
        ("release revoke", ("package",)),
        ("dataset download", ("validation",)),
        ("deployment remove", ()),
        ("traffic rollback", ()),
        ("canary pause", ()),
        ("stop", ()),
        ("orders issue", ()),
    ],
)
def test_what_is_named_leads_to_its_use_case(walked: "Walked", action: str, asked: tuple[str, ...]) -> None:
    values = {"deployment" if action == "stop" else "name": "credit"} if action != "orders issue" else {}
    for name in asked:
        if name == "validation":
            values["dataset"] = walked.parts[name]
        else:
            values[name] = getattr(walked, name)
    (case,) = use_cases(CATALOGUE[action], walked.context("omar"), values) or ()
    assert case.id == "consumer-credit"


def test_where_nothing_is_deployed_it_may_be_anything(walked: "Walked") -> None:
    context = walked.context("omar")
    assert use_cases(CATALOGUE["orders issue"], context, {"group": "elsewhere"}) is None
    assert use_cases(CATALOGUE["policy adopt"], context, {}) is None
    assert use_cases(CATALOGUE["dataset snapshot"], context, {}) == ()


def test_what_names_nothing_may_be_anything(walked: "Walked") -> None:
    context = walked.context("mia")
    for action in ("model search", "model assess", "use-case register", "dataset split"):
        assert use_cases(CATALOGUE[action], context, {}) is None


def test_what_is_not_known_is_an_error_and_no_leave(walked: "Walked") -> None:
    with pytest.raises(LookupError, match="no use-case 'else' is known"):
        use_cases(CATALOGUE["model search"], walked.context("mia"), {"use_case": "else"})


def test_traffic_is_about_every_version_that_it_is_moved_to(walked: "Walked") -> None:
    found = use_cases(
        CATALOGUE["traffic set"], walked.context("omar"), {"name": "credit", "shadow": (f"{walked.version}=1",)}
    )
    assert [case.id for case in found or ()] == ["consumer-credit", "consumer-credit"]
    with pytest.raises(LookupError):
        use_cases(
            CATALOGUE["traffic set"], walked.context("omar"), {"name": "credit", "challenger": ("sha256:00=0.1",)}
        )
