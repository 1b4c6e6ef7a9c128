"""Client keys: who may ask a gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show


@local("client-key new")
def new(
    session: Session,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="What the client is called.")],
    use_case: Annotated[str, typer.Argument(metavar="USE-CASE", help="Whose models it may ask.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `muster serve --client-keys` reads.")],
) -> int:
    """Make a key for a program that asks a gateway, and add its line to a file.

    The key is shown once; the file has its SHA-256 only. A gateway that is up takes the new line at once; take a line
    out of the file to shut a client out.
    """
    from muster.wiring.carried.clients import new_client_key

    return show(new_client_key(file, label, use_case), session)
