from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.lifecycle.racing import Racing

from muster.lifecycle.desk.action import CATALOGUE, Upload
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.perform import ATTEMPTS, perform, read_arguments
from muster.ports.ledger import Conflict
from muster.records.people import Actor, RefusedAttempt, Role
from muster.wiring.control import Local

if TYPE_CHECKING:
    from tests.conftest import Founded


@pytest.fixture
def context(founded: "Founded") -> Context:
    house = founded.open()
    return Context(house, Local(house, "ana").identity(), lambda _: None)


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Exchange what the action ``actor list`` does, and let only analysts ask."""

    def put(function: Callable[..., Any]) -> None:
        known = CATALOGUE["actor list"]
        changed = replace(known, function=function, roles=frozenset({Role.RISK_ANALYST}))
        monkeypatch.setitem(CATALOGUE, "actor list", changed)

    return put


def kinds(context: Context, start: int) -> list[str]:
    context.house.ledger.refresh()
    return [recorded.entry.kind for recorded in context.house.ledger.read(start=start)]


def test_what_nobody_declared_is_not_done(context: Context) -> None:
    with pytest.raises(LookupError, match="no action is called 'actor dance'; known are actor add, "):
        perform("actor dance", context, {})


def test_a_refusal_is_written_down_without_the_arguments(context: Context) -> None:
    start = context.house.ledger.refresh()
    with pytest.raises(PermissionError, match="needs the role admin; ana holds risk-analyst"):
        perform("actor add", context, {"id": "secret", "roles": ["admin"]})
    (recorded,) = context.house.ledger.read(start=start)
    assert (recorded.entry.kind, recorded.entry.subject, recorded.entry.actor) == (
        "action.refused",
        "actor:ana",
        "local:ana",
    )
    assert b"secret" not in recorded.raw
    ((_, refused),) = context.history(RefusedAttempt)
    assert refused.action == "actor add"


@pytest.mark.parametrize(("name", "way"), [("actor add", "muster role propose"), ("model host", "muster role grant")])
def test_a_refusal_says_how_its_role_is_had(context: Context, name: str, way: str) -> None:
    with pytest.raises(PermissionError, match=f"Admins see to it: {way}$"):
        perform(name, context, {})


@pytest.mark.parametrize("error", [ValueError("v"), LookupError("l"), OSError(28, "full"), PermissionError(13, "file")])
def test_other_errors_are_no_refusals(context: Context, replaced: Callable[..., None], error: Exception) -> None:
    def fail(_: Context) -> None:
        raise error

    replaced(fail)
    start = context.house.ledger.refresh()
    with pytest.raises(type(error)) as raised:
        perform("actor list", context, {})
    assert raised.value is error
    assert kinds(context, start) == []


def eve(context: Context) -> int:
    """Let eve in, unless the ledger changes meanwhile; return the size that was decided on."""
    basis = context.basis()
    context.record(Actor("eve", (Role.OWNER,)), expect=basis)
    return basis.size


@pytest.mark.parametrize("losses", [1, ATTEMPTS - 1])
def test_what_was_overtaken_is_decided_again_on_what_is_there_now(
    context: Context, replaced: Callable[..., None], losses: int
) -> None:
    replaced(eve)
    start = context.house.ledger.refresh()
    racing = Racing(context.house.ledger, lambda: context.record(Actor("bob", (Role.OWNER,))), losses)
    decided = perform("actor list", replace(context, house=replace(context.house, ledger=racing)), {})
    assert decided == start + losses
    assert [actor.id for _, actor in context.history(Actor)][-losses - 1 :] == ["bob"] * losses + ["eve"]


def test_whoever_is_always_overtaken_is_told(context: Context, replaced: Callable[..., None]) -> None:
    replaced(eve)
    start = context.house.ledger.refresh()
    racing = Racing(context.house.ledger, lambda: context.record(Actor("bob", (Role.OWNER,))), 99)
    with pytest.raises(Conflict, match="read again and decide again"):
        perform("actor list", replace(context, house=replace(context.house, ledger=racing)), {})
    assert kinds(context, start) == ["actor.added"] * ATTEMPTS
    assert "eve" not in {actor.id for _, actor in context.history(Actor)}


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("actor add", {"roles": []}, "actor add: missing argument id"),
        ("actor add", {"id": "x", "roles": ["owner"], "age": 3, "sex": 1}, "unknown argument age, sex; it takes id"),
        ("actor add", {"id": 5, "roles": ["owner"]}, "actor add: id: expected str, got 5"),
        ("actor add", {"id": "x", "roles": "owner"}, "roles: expected a list, got str"),
        ("actor add", {"id": "x", "roles": ["king"]}, "'king' is none of"),
        ("ledger show", {"last": True}, "last: expected int, got True"),
        ("actor list", {"x": 1}, "unknown argument x; it takes none"),
        ("monitor window", {"deployment": "a", "version": "b", "outcomes": "a path"}, "outcomes: expected a file"),
        ("use-case register", {"use_case": {}}, "use_case: missing"),
    ],
)
def test_an_argument_that_is_wrong_is_named(name: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_arguments(CATALOGUE[name], arguments)


def test_arguments_become_what_the_function_takes() -> None:
    read = read_arguments(CATALOGUE["actor add"], {"id": "x", "roles": ["owner", "admin"]})
    assert read == {"id": "x", "roles": (Role.OWNER, Role.ADMIN)}
    upload = Upload("a.csv", b"")
    late = read_arguments(CATALOGUE["monitor window"], {"deployment": "a", "version": "b", "outcomes": upload})
    assert late["outcomes"] is upload
