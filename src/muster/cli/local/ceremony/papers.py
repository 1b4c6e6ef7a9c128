"""What ceremonies read and say: public halves of keys, the chain to follow, keys that were handed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from muster.cli.printable import printable
from muster.cli.session import Session
from muster.records.codec import decode
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant, PublicKey, TrustRoot

Roles = Annotated[str, typer.Option(metavar="ROLES", help="For an approver: roles to sign for, with commas.")]
UseCases = Annotated[str, typer.Option(metavar="IDS", help="For an approver: the only use cases, with commas.")]
Root = Annotated[str, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")]
Chain = Annotated[Path | None, typer.Option(metavar="FILE", help="What `muster trust show --json` printed.")]


def pinned_root(session: Session, root: str) -> str:
    """Return the fingerprint to follow the chain from; raise ValueError where nobody said it."""
    pinned = root or session.settings.root
    if not pinned:
        msg = "--root: say the fingerprint of the trust root; the control plane is not believed about its own root"
        raise ValueError(msg)
    return pinned


def documents(session: Session, chain: Path | None) -> tuple[str, ...]:
    """Return the chain of documents from a file, or else from the control plane; nothing else there is believed."""
    if chain is None:
        found: tuple[str, ...] = session.call("trust show", {}).documents
        return found
    try:
        return tuple(str(document) for document in json.loads(chain.read_text(encoding="utf-8"))["documents"])
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{chain}: not a chain of trust roots as `muster trust show --json` prints it ({error})"
        raise ValueError(msg) from None


def grant_in(public: Path, roles: str, use_cases: str, *, inherits: bool = False) -> KeyGrant:
    """Return the grant of a key whose public half is in a file; one that inherits takes its predecessor's roles."""
    grant = _public_half(public)
    if grant.duty is Duty.APPROVER:
        return approving(grant.key, grant.actor, roles, use_cases, inherits=inherits)
    return grant


def key_named(given: str) -> str:
    """Return the id of a key, or its beginning, as it was given or as the file with its public half says."""
    path = Path(given)
    return _public_half(path).key.id if path.is_file() else given


def _public_half(path: Path) -> KeyGrant:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        duty, key = Duty(content["duty"]), decode(PublicKey, content["public"], "public")
        return KeyGrant(duty, key, str(content["actor"]), name=str(content.get("name", "")))
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: not a public key as `muster key show --json` prints it ({error})"
        raise ValueError(msg) from None


def handed_in(
    session: Session, actors: Sequence[str], current: TrustRoot, roles: str, use_cases: str
) -> tuple[list[KeyGrant], list[KeyGrant]]:
    """Return the grants of the keys that these approvers handed in, and say what to compare with them.

    First those of approvers who had no key, then those of approvers who had: they keep their roles unless others are
    named.
    """
    from muster.wiring.signing import offered

    if not actors:
        return [], []
    waiting = session.call("key offers", {})
    known = {held.actor for held in current.grants if held.duty is Duty.APPROVER}
    first, again = list[KeyGrant](), list[KeyGrant]()
    for actor in actors:
        offer, had = offered(waiting, actor, current.origin), actor in known
        say(session, f"key of {actor}: {offer.key.id}", "  have them read it to you from their own screen")
        (again if had else first).append(approving(offer.key, actor, roles, use_cases, inherits=had))
    return first, again


def approving(key: PublicKey, actor: str, roles: str, use_cases: str, *, inherits: bool = False) -> KeyGrant:
    """Return the grant of an approver's key; raise ValueError where nobody said for which roles."""
    named = tuple(sorted({Role(role).value for role in _items(roles)}))
    if not named and not inherits:
        msg = f"--roles: say for which roles {actor!r} may sign, such as risk-analyst"
        raise ValueError(msg)
    return KeyGrant(Duty.APPROVER, key, actor, named, use_cases=tuple(_items(use_cases)))


def say(session: Session, *lines: str) -> None:
    """Print lines that name what others wrote."""
    for line in lines:
        session.screen.print(printable(line), markup=False, soft_wrap=True)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
