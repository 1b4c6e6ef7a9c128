"""Reading a draft of the trust root in words, and signing it with a root key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.asking import ask_secret, confirm
from muster.cli.local.ceremony.papers import Root, pinned_root, say
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.written import write_new
from muster.rules.ceremony.paper import Reading, paper_text, read_paper
from muster.rules.ceremony.words import changed


@local("trust sign")
def sign(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A draft, as `muster trust draft` wrote it.")],
    key: Annotated[str, typer.Option(metavar="KEY", help="Your root key: a file, or a URI. Without: only read.")] = "",
    root: Root = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> int:
    """Read in words what a draft changes, and sign it with a root key; it needs no control plane and no network.

    The chain in the file is followed from the fingerprint that you have by another way. Compare the digest with the
    other holders by telephone.
    """
    from muster.wiring.keyring import load_signer
    from muster.wiring.signing import read_draft, sign_draft

    pinned = pinned_root(session, root)
    paper = read_paper(file.read_text(encoding="utf-8"))
    reading = read_draft(paper, pinned)
    say(session, *changed(reading.current, reading.drafted), "", f"digest  {reading.digest}")
    say(session, *(f"signed  {signer[:16]}" for signer in sorted(reading.signed)), "")
    if not key:
        return _still(session, file, reading)
    if not yes and not confirm("Sign it?"):
        print("nothing was signed")
        return 1
    paper = sign_draft(paper, pinned, load_signer(key, ask=ask_secret))
    write_new(file, paper_text(paper).encode(), replace=True)
    return _still(session, file, read_draft(paper, pinned))


def _still(session: Session, file: Path, reading: Reading) -> int:
    """Say what is missing before the draft may be published; return 0 where nothing is."""
    say(session, *(f"missing {line}" for line in reading.lacking))
    if reading.lacking:
        return 0
    say(session, f"all have signed; an admin publishes it: muster trust publish {file}")
    return 0
