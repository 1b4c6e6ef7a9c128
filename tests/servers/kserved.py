"""kserve in an environment of its own: it pins what muster does not, so that it can stand beside it only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = "kserve==0.21.0"
SCRIPT = Path(__file__).with_name("askingkserve.py")


def interpreter() -> Path:
    """Return Python of the environment, in the user's cache; build it, or skip where there is no package index."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "muster" / PACKAGE.replace("==", "-")
    python, built = cache / "bin" / "python", cache / ".built"
    if not built.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", cache], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", PACKAGE]
        done = subprocess.run([python, *install], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"pip could not install {PACKAGE}: {done.stderr.strip()[-300:]}")
        built.touch()
    return python
