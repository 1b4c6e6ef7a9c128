"""The verifier, loaded from the file that ships in every dossier."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import muster.lifecycle.dossier.archive

FILE = Path(muster.lifecycle.dossier.archive.__file__).parents[2] / "assets" / "verify.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dossier_verifier", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = _load()
