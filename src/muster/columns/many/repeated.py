"""Repeated: a column of many rows that all hold the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload


class Repeated(Sequence[Any]):
    """One value for each of many rows, which whoever writes them need not take one by one."""

    __slots__ = ("size", "value")

    def __init__(self, value: Any, size: int) -> None:
        self.value = value
        self.size = size

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.size

    @overload
    def __getitem__(self, at: int) -> Any: ...

    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...

    def __getitem__(self, at: int | slice) -> Any:
        """Return what a row holds, as a list does."""
        return ([self.value] * self.size)[at]
