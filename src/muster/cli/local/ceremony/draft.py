"""Drafting the next version of the trust root."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.ceremony.papers import (
    Chain,
    Roles,
    Root,
    UseCases,
    documents,
    grant_in,
    grants_offered,
    pinned_root,
    say,
)
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.written import write_new
from muster.records.trust import Duty
from muster.rules.ceremony.changes import Changes
from muster.rules.ceremony.paper import paper_text

Files = list[Path] | None


@local("trust draft")
def draft(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    into: Annotated[Path, typer.Option(metavar="FILE", help="Where the draft goes; it must not exist.")],
    grant: Annotated[Files, typer.Option(metavar="FILE", help="Public half to be granted its duty.")] = None,
    replace: Annotated[Files, typer.Option(metavar="FILE", help="Public half to replace its predecessor.")] = None,
    offer: Annotated[
        list[str] | None, typer.Option(metavar="ACTOR", help="Grant the key that this approver handed in.")
    ] = None,
    withdraw: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Id of a key that shall count no more, or its beginning.")
    ] = None,
    threshold: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="How many root keys must sign from then on.")
    ] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Change nothing but until when it is good.")] = False,
    days: Annotated[int, typer.Option(metavar="NUMBER", help="How long it shall be good.")] = 365,
    roles: Roles = "",
    use_cases: UseCases = "",
    root: Root = "",
    chain: Chain = None,
) -> int:
    """Draft the next version of the trust root: a file that holders of root keys read, sign and hand round.

    What it changes is said in words. The draft counts for nothing until enough of them have signed it (muster trust
    sign) and an admin has published it (muster trust publish).
    """
    from muster.wiring.signing import draft_root, followed_root

    if not 1 <= days <= 3650:
        msg = f"--days: a trust root is good for 1 to 3650 days, not {days}"
        raise ValueError(msg)
    pinned, known = pinned_root(session, root), documents(session, chain)
    current = followed_root(pinned, known)
    approvers = {held.actor for held in current.grants if held.duty is Duty.APPROVER}
    handed_in = grants_offered(session, offer or (), current.origin, roles, use_cases, approvers)
    granted = [grant_in(path, roles, use_cases) for path in grant or ()]
    granted += [each for each in handed_in if each.actor not in approvers]
    replaced = [grant_in(path, roles, use_cases, inherits=True) for path in replace or ()]
    replaced += [each for each in handed_in if each.actor in approvers]
    changes = Changes(tuple(granted), tuple(replaced), tuple(withdraw or ()), threshold)
    if changes == Changes() and not renew:
        msg = (
            "nothing to draft: say what shall change (--grant, --offer, --replace, --withdraw, --threshold) or --renew"
        )
        raise ValueError(msg)
    paper = draft_root(pinned, known, changes, timedelta(days=days))
    write_new(into, paper_text(paper).encode())
    say(session, *paper.words, "", f"written: {into}; now the holders of root keys: muster trust sign {into} --key KEY")
    return 0
