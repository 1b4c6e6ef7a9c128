"""Python in a notebook: one of the doors. The same actions and views, called as functions."""

from __future__ import annotations

from muster.sdk.house import connect

__all__ = ["connect"]
