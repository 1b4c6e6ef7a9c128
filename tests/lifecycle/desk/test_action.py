import pytest

from muster.lifecycle.desk.action import CATALOGUE, Effect, Upload, action, view
from muster.lifecycle.desk.context import Context
from muster.records.people import Role


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the catalogue as it was."""
    monkeypatch.setattr("muster.lifecycle.desk.action.CATALOGUE", {})


def weigh(context: Context, what: Upload, kilos: float, note: str = "none") -> str:
    """Weigh something.

    With a note.
    """
    return f"{context}{what}{kilos}{note}"


def test_a_function_is_read_as_it_is_typed() -> None:
    from muster.lifecycle.desk import action as module

    assert action("thing weigh", roles=(Role.OWNER, Role.ADMIN))(weigh) is weigh
    declared = module.CATALOGUE["thing weigh"]
    assert (declared.effect, declared.roles) == (Effect.ACTS, {Role.OWNER, Role.ADMIN})
    assert [(p.name, p.type, p.required, p.default) for p in declared.parameters] == [
        ("what", Upload, True, None),
        ("kilos", float, True, None),
        ("note", str, False, "none"),
    ]
    assert declared.summary == "Weigh something."
    assert declared.description == "Weigh something.\n\nWith a note."


def test_a_view_reads_and_everybody_who_is_known_may() -> None:
    from muster.lifecycle.desk import action as module

    view("thing show")(weigh)
    assert (module.CATALOGUE["thing show"].effect, module.CATALOGUE["thing show"].roles) == (Effect.READS, frozenset())


def test_a_name_is_used_once_and_an_action_is_somebody_s() -> None:
    view("thing show")(weigh)
    with pytest.raises(ValueError, match="two actions are called 'thing show'"):
        action("thing show", roles=(Role.OWNER,))(weigh)
    with pytest.raises(ValueError, match="name at least one role"):
        action("thing move", roles=())
    assert "thing show" not in CATALOGUE
