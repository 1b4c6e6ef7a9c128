"""Fence: libraries that have no business in this process cannot be imported in it, by us or by what we import."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FENCED = frozenset({"mlflow", "pandas", "sklearn", "scipy", "sqlite3", "sqlalchemy", "joblib", "skops", "onnx"})
"""Training, tables and databases. Arrow, for one, would load pandas by itself wherever that is installed."""


class Fence(MetaPathFinder):
    """Finder of modules that finds nothing, and says no where a fenced library is looked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise ImportError for a fenced library; leave anything else to the other finders."""
        del path, target
        if fullname.partition(".")[0] in FENCED:
            msg = f"{fullname} has no business in the gateway process"
            raise ModuleNotFoundError(msg, name=fullname)
        return None


def raise_fence() -> None:
    """Put up the fence; raise RuntimeError if something is inside already."""
    if inside := sorted(FENCED.intersection(sys.modules)):
        msg = f"{', '.join(inside)} is loaded in this process: start the gateway on its own, python -m muster.gateway"
        raise RuntimeError(msg)
    sys.meta_path.insert(0, Fence())
