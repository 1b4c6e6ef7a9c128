"""The registry of renderers: which function shows results of which type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from rich.console import Console

T = TypeVar("T")

RENDERERS: dict[Any, Callable[[Any, Console], None]] = {}
"""By type of the result, or by type of the items of a list, as ``(type,)``; any other is shown field by field."""


def renders(kind: Any) -> Callable[[Callable[[T, Console], None]], Callable[[T, Console], None]]:
    """Register how results of a type, or lists of ``(type,)``, are shown; a type is registered once."""

    def register(function: Callable[[T, Console], None]) -> Callable[[T, Console], None]:
        if kind in RENDERERS:
            msg = f"two renderers for {kind}"
            raise ValueError(msg)
        RENDERERS[kind] = function
        return function

    return register
