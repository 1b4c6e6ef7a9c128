"""The ledger, verified; and held against checkpoints that were kept elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.printable import printable
from muster.cli.session import Session
from muster.cli.show import REFUSED, show
from muster.lifecycle.desk.journal import ConsistencyProof, Verified
from muster.lifecycle.desk.roots import RootChain


@local("ledger verify")
def verify(
    session: Session,
    since: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Checkpoints that were kept elsewhere: one, or a file of them.")
    ] = None,
    root: Annotated[str, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = "",
) -> int:
    """Read every entry again and hash it; with --since, hold the ledger against checkpoints that were kept elsewhere.

    Whoever keeps the ledger and holds its key can rewrite all of it, so that it verifies. With a checkpoint of an
    anchor or a witness that shows: 0 it continues them all, 1 it was rewritten, forked or cut off, 2 could not tell.
    Signatures and proofs are verified here, whatever the control plane says.
    """
    try:
        verified: Verified = session.call("ledger verify", {})
    except ValueError as error:
        if not (session.settings.url or session.settings.actor):
            raise  # nobody has asked yet
        print(f"refused: {printable(str(error))}", file=sys.stderr)
        return REFUSED
    if since is None:
        return show(verified, session)
    for line in _held(session, since, root or session.settings.root, verified):
        session.screen.print(printable(line), markup=False, soft_wrap=True)
    return 0


def _held(session: Session, since: Path, root: str, verified: Verified) -> tuple[str, ...]:
    from muster.rules.witness.history import notes_in
    from muster.wiring.abroad.verifying import held_against

    if not root:
        msg = "--root: say the fingerprint of the trust root; the control plane is not believed about its own keys"
        raise ValueError(msg)
    chain: RootChain = session.call("trust show", {})
    kept = notes_in(since.read_text(encoding="utf-8"))

    def proof(old: int) -> ConsistencyProof:
        """Ask for the proof that the ledger continues one of ``old`` entries."""
        found: ConsistencyProof = session.call("ledger consistency", {"old": old})
        return found

    return held_against(kept, root, chain.documents, verified.checkpoint, proof)
