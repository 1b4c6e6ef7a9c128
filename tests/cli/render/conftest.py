from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from muster.cli.render.screen import put
from muster.records.decision import Decision


@pytest.fixture
def shown() -> Callable[..., str]:
    """Return what a result looks like on a wide terminal without colours."""

    def show(result: Any, decision: Decision | None = None, width: int = 200) -> str:
        out = io.StringIO()
        put(result, decision, Console(file=out, width=width, highlight=False))
        return out.getvalue()

    return show
