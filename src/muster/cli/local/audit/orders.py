"""Orders, verified as a gateway does, without being one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.printable import printable
from muster.cli.session import Session


@local("orders verify")
def verify(
    session: Session,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Orders; by default those in the outbox.")] = None,
    outbox: Annotated[Path | None, typer.Option(metavar="FOLDER", help="What the control plane puts out.")] = None,
    root: Annotated[str, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = "",
    group: Annotated[str, typer.Option(metavar="GROUP", help="Gateway group whose orders they are.")] = "",
) -> int:
    """Verify orders as a gateway would, step by step: 0 a gateway would follow them, 1 it would not, 2 could not tell.

    Nothing is written, and nothing that was seen before is asked for: whether they are the newest, only a gateway
    knows, or whoever compares their number with `muster orders show`.
    """
    from muster.wiring.abroad.verifying import verify_orders
    from muster.wiring.control import now

    settings = session.settings
    pinned = root or settings.root
    if not pinned:
        msg = "--root: say the fingerprint of the trust root; what lies in an outbox may be anybody's"
        raise ValueError(msg)
    folder = outbox or settings.outbox or settings.home / "outbox"
    refused = False
    for line in verify_orders(folder, file, pinned, group or settings.group, now()):
        refused = refused or line.startswith("REFUSED")
        session.screen.print(printable(line), markup=False, soft_wrap=True)
    return int(refused)
