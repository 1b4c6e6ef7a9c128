"""Fence: libraries that have no business in this process cannot be imported in it, by us or by what we import."""

from __future__ import annotations

import sys

FENCED = ("mlflow", "pandas", "sklearn", "scipy", "sqlite3", "sqlalchemy", "joblib", "skops", "onnx")
"""Training, tables and databases. Arrow, for one, would load pandas by itself wherever it is installed."""


def raise_fence() -> None:
    """Make every later import of a fenced library an ImportError; raise RuntimeError if one is loaded already."""
    for name in FENCED:
        if sys.modules.get(name) is not None:
            msg = f"{name} is loaded in the gateway process: start it as `python -m muster.gateway`, on its own"
            raise RuntimeError(msg)
        sys.modules[name] = None  # type: ignore[assignment]
