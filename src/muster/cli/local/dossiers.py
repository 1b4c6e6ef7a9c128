"""Dossiers: verified offline by a file that needs nothing but Python."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session


@local("dossier verify")
def verify(
    session: Session,  # noqa: ARG001 - every local command is given one
    file: Annotated[Path, typer.Argument(metavar="DOSSIER", help="The zip file.")],
    root: Annotated[str, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = "",
) -> int:
    """Verify a dossier, offline, with its own verifier: 0 verified, 1 not, 2 without a root to trust.

    This runs the verify.py that ships with muster, not the one inside the dossier.
    """
    verifier = resources.files("muster") / "assets" / "verify.py"
    with resources.as_file(verifier) as path:
        asked = [sys.executable, "-I", str(path), str(file), *(["--root", root] if root else [])]
        return subprocess.run(asked, check=False).returncode  # noqa: S603 - our own file, no shell
