"""Dossiers: verified offline by a file that needs nothing but Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.verifier.main import main


@local("dossier verify")
def verify(
    session: Session,  # noqa: ARG001 - every local command is given one
    file: Annotated[Path, typer.Argument(metavar="DOSSIER", help="The zip file.")],
    root: Annotated[str, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = "",
) -> int:
    """Verify a dossier, offline, with its own verifier: 0 verified, 1 not, 2 without a root to trust.

    This is the verifier that ships with muster, not the verify.py inside the dossier.
    """
    return main(["--root", root, "--", str(file)])
