"""The trust root: what to pin, and how a key is granted its duty where the root key is kept."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.local.asking import passphrase_of
from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.cli.written import write_new
from muster.lifecycle.desk.roots import RootChain
from muster.records.codec import decode
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant, PublicKey
from muster.wiring.wire import refused


@local("trust fingerprint")
def fingerprint(session: Session) -> int:
    """Print the fingerprint of the trust root.

    Give it to gateways, and to whoever verifies dossiers, by another way than the documents themselves.
    """
    chain: RootChain = session.call("trust show", {})
    print(chain.fingerprint)
    return 0


@local("trust enrol")
def enrol(
    session: Session,
    public: Annotated[Path, typer.Argument(metavar="FILE", help="What `muster key show --json` printed.")],
    roles: Annotated[str, typer.Option(metavar="ROLES", help="For an approver: roles to sign for, with commas.")] = "",
    root_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Private root key.")] = None,
    root: Annotated[str, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = "",
    chain: Annotated[Path | None, typer.Option(metavar="FILE", help="What `muster trust show --json` printed.")] = None,
    into: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there, publish nothing.")] = None,
) -> int:
    """Grant a key its duty: write the next trust root, sign it with the root key, and publish it.

    Run it where the root key is kept; that should be a machine without a network. There, --chain and --into take the
    place of the control plane; what was written is published afterwards with muster trust publish.
    """
    from muster.wiring.signing import followed_root, grant_key

    grant = _grant(public, roles)
    pinned = root or session.settings.root
    if not pinned:
        msg = "--root: say the fingerprint of the trust root; the control plane is not believed about its own root"
        raise ValueError(msg)
    known = session.call("trust show", {}).documents if chain is None else _documents(chain)
    current = followed_root(pinned, known)
    signing = root_key or session.settings.keys / f"{Duty.ROOT.value}.pem"
    document = grant_key(current, grant, signing, passphrase_of(signing))
    if into is None:
        with _kept(document, public.with_name(f"trust-root-{current.version + 1}.json")):
            published = session.call("trust publish", {"document": document})
        return show(published, session)
    write_new(into, document.encode())
    words = f'written: {into}; publish it with: muster trust publish "$(cat {into})"'
    session.screen.print(words, markup=False, soft_wrap=True)
    return 0


@contextlib.contextmanager
def _kept(document: str, path: Path) -> Iterator[None]:
    """Keep a signed document in a file until it is published.

    The control plane may record it and then fail to put it out, on a full disk for one. Another document of the same
    version would be refused from then on, so that this very one must not be lost.
    """
    try:
        write_new(path, document.encode())
    except FileExistsError:
        msg = f'{path} is left from a try before: muster trust publish "$(cat {path})" publishes it; then remove it'
        raise FileExistsError(msg) from None
    try:
        yield
    except OSError as error:
        if not refused(error):
            print(f'the signed document is kept: muster trust publish "$(cat {path})"', file=sys.stderr)
            raise
        path.unlink()
        raise
    except BaseException:
        path.unlink()
        raise
    path.unlink()


def _documents(chain: Path) -> tuple[str, ...]:
    """Read the chain of documents from what was printed; nothing else in the file is believed."""
    try:
        return tuple(str(document) for document in json.loads(chain.read_text(encoding="utf-8"))["documents"])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{chain}: not a chain of trust roots as `muster trust show --json` prints it ({error})"
        raise ValueError(msg) from None


def _grant(public: Path, roles: str) -> KeyGrant:
    try:
        content = json.loads(public.read_text(encoding="utf-8"))
        duty, key = Duty(content["duty"]), decode(PublicKey, content["public"], "public")
        actor = str(content["actor"])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{public}: not a public key as `muster key show --json` prints it ({error})"
        raise ValueError(msg) from None
    named = tuple(sorted({Role(role.strip()).value for role in roles.split(",") if role.strip()}))
    if duty is Duty.APPROVER and not named:
        msg = f"--roles: say for which roles {actor!r} may sign, such as risk-analyst"
        raise ValueError(msg)
    return KeyGrant(duty, key, actor, named)
