"""Founding a house: keys by duty, the first trust root, an empty ledger, and the first admin; all of it or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from muster.lifecycle.access.actors import found
from muster.lifecycle.desk.context import Context, Identity
from muster.ports.clock import Clock
from muster.records.people import Role
from muster.records.trust import Duty, KeyGrant, SignedRoot, TrustRoot
from muster.rules.trust import fingerprint, sign_root
from muster.settings import FILE, Settings
from muster.wiring.control import close_house, now, open_house, signer_of
from muster.wiring.keyring import new_key

ROOT_LIFE = timedelta(days=365)
"""How long the first trust root is good for; its holders publish the next one before that."""

FOLDERS = ("keys", "seen", "store", "outbox", "log", "gateway", "mlflow")

_DUTIES = (Duty.ROOT, Duty.RELEASE, Duty.ORDERS, Duty.LEDGER, Duty.PLATFORM)


@dataclass(frozen=True, slots=True)
class NewHouse:
    """What whoever founds a house must keep: it is shown this once."""

    home: str
    origin: str
    root: str
    """Fingerprint of the trust root: give it to gateways and to whoever verifies, by another way than this machine."""
    admin: str
    token: str


def create_house(home: Path, origin: str, admin: str, *, clock: Clock = now) -> NewHouse:
    """Make the home of a control plane.

    Parameters
    ----------
    home
        Folder that does not exist yet, or is empty.
    origin
        Name of the ledger, such as ``bank.example/credit``: the first line of its checkpoints, for ever.
    admin
        Pseudonymous id of the first actor, who may add others.

    Raises
    ------
    FileExistsError
        If there is something in that folder already.
    ValueError
        If the origin or the id cannot be used.
    """
    if not origin or any(c.isspace() or c == "+" for c in origin):
        msg = f"origin {origin!r}: a ledger's name has no spaces and no '+', such as bank.example/credit"
        raise ValueError(msg)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        msg = f"{home} exists and is not empty: nothing was touched. Name another folder with --home, or remove it"
        raise FileExistsError(msg)
    home.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{home.name.lstrip('.')}-", dir=home.absolute().parent))
    try:
        house = _build(draft, home, origin, admin, clock)
        draft.replace(home)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError) and error.strerror:  # named for what was asked for: the draft is gone
            raise OSError(error.errno, error.strerror, str(home)) from error
        raise
    return house


def _build(draft: Path, home: Path, origin: str, admin: str, clock: Clock) -> NewHouse:
    for name in FOLDERS:
        (draft / name).mkdir(mode=0o700 if name == "keys" else 0o755)
    grants = tuple(KeyGrant(duty, new_key(draft / "keys" / f"{duty.value}.pem", duty).public) for duty in _DUTIES)
    issued = clock()
    root = TrustRoot(1, origin, grants, threshold=1, issued_at=issued, expires_at=issued + ROOT_LIFE)
    pinned = fingerprint(root)
    (draft / FILE).write_text(_file(origin, pinned), encoding="utf-8")

    settings = Settings(home=draft, origin=origin, root=pinned)
    house = open_house(settings, clock=clock)
    context = Context(house, Identity(admin, frozenset({Role.ADMIN}), local=True), lambda _: None)
    signed = sign_root(root, [(grants[0], signer_of(settings, Duty.ROOT).sign)])
    house.outbox.publish("trust-root/1.json", signed.encode())
    try:
        context.record(root, SignedRoot(root.version, signed))
        actor = found(context, admin)
    finally:
        close_house(house)
    return NewHouse(str(home), origin, pinned, admin, actor.token)


def _file(origin: str, root: str) -> str:
    # A TOML basic string is written as a JSON string is, as long as it is plain text, and an origin is.
    return (
        "# Every setting may also be a flag (--name) or a variable (MUSTER_NAME), which come first.\n"
        f"origin = {json.dumps(origin)}\n"
        f"root = {json.dumps(root)}\n"
    )
