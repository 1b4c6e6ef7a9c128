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
    handed_in,
    key_named,
    pinned_root,
    say,
)
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.written import write_new
from muster.lifecycle.policies.propose import SIGNERS
from muster.records.trust import PolicySeat
from muster.rules.ceremony.changes import Changes
from muster.rules.ceremony.paper import paper_text

CHANGES = "--grant, --offer, --replace, --withdraw, --threshold, --policy-signers"

_Into = Annotated[Path, typer.Option(metavar="FILE", help="Where the draft goes; it must not exist.")]
_Grant = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Public half to be granted its duty.")]
_Replace = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Public half to replace its predecessor.")]
_Offer = Annotated[list[str] | None, typer.Option(metavar="ACTOR", help="Grant the key that this approver handed in.")]
_Withdraw = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY", help="Key that shall count no more: its id, its beginning, or its public half."),
]
_Threshold = Annotated[int | None, typer.Option(metavar="NUMBER", help="How many root keys must sign from then on.")]
_Policy = Annotated[
    list[str] | None,
    typer.Option(metavar="ROLE=NUMBER", help='How many of a role must sign a policy from then on; "" for nobody.'),
]
_Renew = Annotated[bool, typer.Option("--renew", help="Change nothing but until when it is good.")]
_Days = Annotated[int, typer.Option(metavar="NUMBER", help="How long it shall be good.")]


@local("trust draft")
def draft(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    into: _Into,
    grant: _Grant = None,
    replace: _Replace = None,
    offer: _Offer = None,
    withdraw: _Withdraw = None,
    threshold: _Threshold = None,
    policy_signers: _Policy = None,
    renew: _Renew = False,
    days: _Days = 365,
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
    first, again = handed_in(session, offer or (), current, roles, use_cases)
    changes = Changes(
        granted=(*(grant_in(path, roles, use_cases) for path in grant or ()), *first),
        replaced=(*(grant_in(path, roles, use_cases, inherits=True) for path in replace or ()), *again),
        withdrawn=tuple(key_named(each) for each in withdraw or ()),
        threshold=threshold,
        policy_sign_offs=_seats(policy_signers),
    )
    if changes == Changes() and not renew:
        msg = f"nothing to draft: say what shall change ({CHANGES}) or --renew"
        raise ValueError(msg)
    paper = draft_root(pinned, known, changes, timedelta(days=days))
    write_new(into, paper_text(paper).encode())
    say(session, *paper.words, "", f"written: {into}; now the holders of root keys: muster trust sign {into} --key KEY")
    return 0


def _seats(texts: list[str] | None) -> tuple[PolicySeat, ...] | None:
    return None if texts is None else tuple(_seat(text) for text in texts if text)


def _seat(text: str) -> PolicySeat:
    """Read ``risk-analyst=2``; raise ValueError saying how it is written."""
    role, _, count = text.partition("=")
    if role not in {known.value for known in SIGNERS} or not (count or "1").isdecimal():
        msg = f"--policy-signers {text!r}: write ROLE=NUMBER, with one of {', '.join(known.value for known in SIGNERS)}"
        raise ValueError(msg)
    return PolicySeat(role, int(count or "1"))
