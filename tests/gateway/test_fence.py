from __future__ import annotations

import subprocess
import sys

import pytest

from muster.gateway.fence import FENCED, Fence


@pytest.mark.parametrize("name", sorted(FENCED))
def test_what_is_fenced_out_is_not_found(name: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="no business"):
        Fence().find_spec(name, None)
    with pytest.raises(ModuleNotFoundError, match="no business"):
        Fence().find_spec(f"{name}.inside", None)


def test_everything_else_is_left_to_others() -> None:
    assert Fence().find_spec("json", None) is None
    assert Fence().find_spec("pandas_like", None) is None


def test_in_a_process_it_holds_and_it_is_not_put_up_too_late() -> None:
    script = (
        "from muster.gateway.fence import raise_fence\n"
        "raise_fence()\n"
        "try:\n import sqlite3\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    held = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert held.stdout.strip() == "sqlite3 has no business in the gateway process"
    late = subprocess.run(
        [sys.executable, "-c", "import sqlite3\n" + script], capture_output=True, text=True, check=False
    )
    assert "sqlite3 is loaded in this process" in late.stderr
