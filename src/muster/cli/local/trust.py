"""The trust root: what to pin, and how a key is granted its duty where one root key is enough."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.asking import ask_secret
from muster.cli.local.ceremony.papers import (
    Chain,
    Roles,
    Root,
    UseCases,
    documents,
    grant_in,
    handed_in,
    pinned_root,
    say,
)
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.cli.written import write_new
from muster.lifecycle.desk.action import Upload
from muster.lifecycle.desk.roots import RootChain
from muster.records.trust import Duty
from muster.wiring.remote.wire import refused


@local("trust fingerprint")
def fingerprint(session: Session) -> int:
    """Print the fingerprint of the trust root.

    Give it to gateways, and to whoever verifies dossiers, by another way than the documents themselves.
    """
    chain: RootChain = session.call("trust show", {})
    print(chain.fingerprint)
    return 0


@local("trust enrol")
def enrol(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    public: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="What `muster key show --json` printed.")
    ] = None,
    offer: Annotated[str, typer.Option(metavar="ACTOR", help="Take the key that this approver handed in.")] = "",
    roles: Roles = "",
    use_cases: UseCases = "",
    root_key: Annotated[str, typer.Option(metavar="KEY", help="Private root key: a file, or a URI.")] = "",
    root: Root = "",
    chain: Chain = None,
    into: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there, publish nothing.")] = None,
) -> int:
    """Grant a key its duty in one step, where one root key is enough: draft, sign and publish the next trust root.

    An approver hands in their key first (muster key offer), and somebody else enrols it. An approver's new key takes
    the place of their earlier one. Where root keys are kept on a machine without a network, --chain and --into take the
    place of the control plane; what was written is published afterwards with muster trust publish.
    """
    from muster.wiring.signing import followed_root, grant_key

    if (public is None) == (not offer):
        msg = "say whose key: FILE, or --offer ACTOR for one that was handed in"
        raise ValueError(msg)
    pinned, known = pinned_root(session, root), documents(session, chain)
    current = followed_root(pinned, known)
    if public is None:
        first, again = handed_in(session, [offer], current, roles, use_cases)
        (grant,) = first + again
    else:
        grant = grant_in(public, roles, use_cases)
    signing = root_key or str(session.settings.keys / f"{Duty.ROOT.value}.pem")
    document = grant_key(current, grant, signing, ask=ask_secret)
    if into is not None:
        write_new(into, document.encode())
        say(session, f"written: {into}; publish it with: muster trust publish {into}")
        return 0
    name = f"trust-root-{current.version + 1}.json"
    with _kept(document, public.with_name(name) if public else Path(name)):
        published = session.call("trust publish", {"document": Upload(name, document.encode())})
    return show(published, session)


@contextlib.contextmanager
def _kept(document: str, path: Path) -> Iterator[None]:
    """Keep a signed document in a file until it is published.

    The control plane may record it and then fail to put it out, on a full disk for one. Another document of the same
    version would be refused from then on, so that this very one must not be lost.
    """
    try:
        write_new(path, document.encode())
    except FileExistsError:
        msg = f"{path} is left from a try before: muster trust publish {path} publishes it; then remove it"
        raise FileExistsError(msg) from None
    try:
        yield
    except OSError as error:
        if not refused(error):
            print(f"the signed document is kept: muster trust publish {path}", file=sys.stderr)
            raise
        path.unlink()
        raise
    except BaseException:
        path.unlink()
        raise
    path.unlink()
