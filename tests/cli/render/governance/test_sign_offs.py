import io

from rich.console import Console
from tests.rules.scene import FACTS_OF_THE_VERSION, asked

from muster.cli.render.screen import put
from muster.lifecycle.govern.taking_back import Withdrawn


def shown(back: Withdrawn) -> str:
    console = Console(file=io.StringIO(), width=120)
    put(back, back.decision, console)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_what_was_taken_back_is_shown_with_what_follows() -> None:
    decision = asked(FACTS_OF_THE_VERSION)
    said = shown(Withdrawn(("sha256:" + "ab" * 32,), decision, ("sha256:" + "cd" * 32,)))
    assert "taken back: sha256:abababababab" in said
    assert "release sha256:cdcdcdcdcdcd stands only if the gate still allows it" in said
    assert "muster orders issue" in said
    assert "WAITS FOR PEOPLE" in said
    assert said.count("What next:") == 1


def test_where_nothing_was_released_no_orders_are_asked_for() -> None:
    said = shown(Withdrawn(("sha256:" + "ab" * 32,), asked(FACTS_OF_THE_VERSION), ()))
    assert "orders" not in said
