import sys

import pytest

from muster.adapters.llamacpp import MISSING
from muster.wiring.inside import smallmodel


def test_it_is_a_process_of_our_own_interpreter_that_takes_no_module_from_the_current_folder() -> None:
    assert smallmodel.command(8600) == [sys.executable, "-P", "-m", "muster.adapters.llamacpp", "--port", "8600"]


def test_where_it_is_not_installed_the_story_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.wiring.inside.smallmodel.weights", lambda: None)
    with pytest.raises(RuntimeError) as told:
        smallmodel.require_installed()
    assert str(told.value) == MISSING
