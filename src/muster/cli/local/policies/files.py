"""Policy files: what is wrong with them, what they say with all that they inherit, and their schema for editors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from muster.cli.local.registry import local
from muster.cli.printable import printable
from muster.cli.session import Session

SOUND, FAULTY, UNREAD = 0, 1, 2


@local("policy lint")
def lint(
    session: Session,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy files.")],
    library: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Library of controls; left out: the one that ships.")
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Say what each policy means, and where each line is from.")
    ] = False,
) -> int:
    """Read policy files and say what is wrong: file, line, field and how to mend it.

    What a sound one leaves open that you may not have meant to is noted, and is no fault.

    Exit 0: all are sound. 1: something is wrong. 2: a file could not be read.
    """
    from muster.wiring.policies.drafts import read_controls, read_draft

    try:
        controls = read_controls(library)
        drafts = [read_draft(file, controls) for file in files]
    except (OSError, UnicodeDecodeError, ValueError) as error:
        print(printable(f"cannot be read: {error}"), file=sys.stderr)
        return UNREAD
    for draft in drafts:
        for said in (*draft.faults, *draft.notes):
            print(printable(said))
        if show:
            for line, origin in draft.lines:
                session.screen.print(Text(f"{printable(line)}  ({printable(origin)})"), soft_wrap=True)
        if not draft.faults:
            print(printable(f"{draft.name}: sound, {draft.digest}"))
    return FAULTY if any(draft.faults for draft in drafts) else SOUND


@local("policy schema")
def schema(
    _: Session,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="policy, library, contract or reasons.")] = "policy",
) -> int:
    """Print the JSON Schema of policy files (or another kind that people write), for editors."""
    from muster.wiring.policies.drafts import schema_of

    print(json.dumps(schema_of(kind), indent=2))
    return 0
