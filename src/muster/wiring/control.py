"""The control plane's house: adapters bound to ports, once, each made only when it is first used."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import muster.lifecycle.catalogue  # noqa: F401 - fills the catalogue that this process performs
from muster.columns.packages.names import Lists
from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.desk.people import locally
from muster.lifecycle.desk.perform import perform
from muster.ports.clock import Clock
from muster.ports.executor import Progress
from muster.ports.keys import Signer
from muster.ports.ledger import Ledger
from muster.records.data import Column
from muster.records.model import Endpoint
from muster.records.trust import Duty
from muster.settings import FILE, Settings
from muster.wiring.abroad.alarmed import open_alarmed
from muster.wiring.abroad.alerts import say
from muster.wiring.abroad.checkpoints import bind_anchors, bind_push, bind_witnesses
from muster.wiring.inside.providers import Providers
from muster.wiring.keyring import at_terminal, is_uri, load_signer, require_fit, secret_in

T = TypeVar("T")

DUTIES = (Duty.RELEASE, Duty.ORDERS, Duty.LEDGER, Duty.PLATFORM)
"""Duties whose keys the control plane holds; the root key is only for new trust roots, and belongs elsewhere."""


def now() -> datetime:
    """Return the present moment in UTC: the clock that every process of ours is given."""
    return datetime.now(UTC)  # noqa: TID251 - here the real clock is bound to its port


class _Late:
    """Stands for an adapter until somebody uses it: most commands need neither MLflow nor Arrow nor a worker."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)

    def close(self) -> None:
        """Let go of what was made, if anything was."""
        with self._lock:
            close = getattr(self._made, "close", None)
        if close is not None:
            close()


def _late(make: Callable[[], T]) -> T:
    return cast("T", _Late(make))


def open_house(settings: Settings, *, clock: Clock = now) -> House:
    """Bind the ports of the control plane to the files of its home.

    Raises
    ------
    FileNotFoundError
        If there is no house in that folder, or the ledger key is not in it.
    ValueError
        If the ledger was tampered with.
    """
    home = settings.home
    if not (home / FILE).is_file():
        msg = f"there is no house in {home}: make one with `muster init`, or name a control plane with --url"
        raise FileNotFoundError(msg)
    from muster.adapters.signatures import verify
    from muster.adapters.typesetting.pdf import typesetter

    ledger, notify = open_alarmed(settings, clock, lambda: open_ledger(settings))
    return House(
        ledger=ledger,
        blobs=_late(lambda: _folder(home / "store")),
        outbox=_late(lambda: _folder(settings.outbox or home / "outbox")),
        registry=_late(lambda: _registry(settings)),
        executor=_late(_executor),
        load=_load,
        log=_late(lambda: _log(settings.log or home / "log", settings)),
        vault=_late(lambda: _vault(home / "vault", clock)),
        directory=_late(lambda: _directory(home / "directory.sqlite", clock)),
        signers={duty: _late(lambda duty=duty: signer_of(settings, duty)) for duty in _held(settings)},  # type: ignore[misc]
        verify=verify,
        clock=clock,
        fingerprint=settings.root,
        notify=notify,
        anchors=bind_anchors(settings, clock),
        witnesses=bind_witnesses(settings),
        remote=_remote,
        upstream=Providers(settings.provider_keys),
        names=lambda: _names(settings),
        push=bind_push(settings, say),
        typeset=typesetter(),
        lake=_lake(home / "lake"),
    )


def _held(settings: Settings) -> Iterator[Duty]:
    """Yield the duties whose keys are to be here; a house that was founded before there was a platform key has none."""
    for duty in DUTIES:
        if duty is not Duty.PLATFORM or settings.platform_key or (settings.keys / f"{duty.value}.pem").is_file():
            yield duty


def close_house(house: House) -> None:
    """Let go of the files of a house, and keep what speeds up its next opening; nothing is lost without this."""
    # The ledger last: what the others end with is recorded there.
    for part in (house.directory, house.notify, house.push, house.ledger):
        close = getattr(part, "close", None)
        if close is not None:
            close()


def open_ledger(settings: Settings) -> Ledger:
    """Open the ledger of a home; it must continue what this home saw last.

    Its checkpoints are signed by the keys that the trust roots in it name, followed from the pinned fingerprint.
    """
    from muster.adapters.signatures import verify
    from muster.adapters.sqlite.ledger import SqliteLedger

    home, signer = settings.home, signer_of(settings, Duty.LEDGER)
    seen = home / "seen" / "ledger.checkpoint"
    seen.parent.mkdir(parents=True, exist_ok=True)
    return SqliteLedger(
        home / "ledger.sqlite",
        origin=settings.origin,
        key=signer.key,
        verify=verify,
        signer=signer,
        seen=seen,
        pinned=settings.root,
    )


def signer_of(settings: Settings, duty: Duty) -> Signer:
    """Open the private key of one duty: the file or device that the settings name, or else the file in the home.

    Its passphrase or PIN comes from the folder that ``key_secrets`` names, or from whoever is at the terminal.

    Raises
    ------
    FileNotFoundError
        Where it is not kept here.
    ValueError
        Where it cannot have this duty, or its secret is missing or wrong.
    """
    where: Path | str = getattr(settings, f"{duty.value}_key", "") or settings.keys / f"{duty.value}.pem"
    if not is_uri(where) and not Path(where).is_file():
        msg = (
            f"the {duty.value} key is not here ({where}): put it back; if it is lost, make a new one there (muster key "
            f"new --duty {duty.value}) and have the holders of root keys name it (muster trust draft --replace)"
        )
        raise FileNotFoundError(msg)
    signer = load_signer(where, ask=secret_in(settings.key_secrets, duty, at_terminal))
    require_fit(signer.key, duty, where)
    return signer


def unlock(house: House) -> tuple[str, ...]:
    """Open every key now, while somebody may be at the terminal; return a line for each that is out of reach.

    Raises
    ------
    ValueError
        Where a key needs a secret that nobody gives.
    """
    out_of_reach = []
    for signer in house.signers.values():
        try:
            _ = signer.key
        except OSError as error:
            out_of_reach.append(str(error))
    return tuple(out_of_reach)


def _folder(path: Path) -> Any:
    from muster.adapters.blobs import FolderBlobs

    return FolderBlobs(path)


def _registry(settings: Settings) -> Any:
    from muster.adapters.mlflow.registry import MlflowRegistry
    from muster.adapters.sklearn.trusted import TYPES

    uri = settings.mlflow_uri or f"sqlite:///{(settings.home / 'mlflow' / 'mlflow.db').absolute()}"
    return MlflowRegistry(uri, trusted=TYPES)


def _executor() -> Any:
    from muster.adapters.sandbox.executor import SandboxExecutor

    return SandboxExecutor()


def _load(artifact: bytes) -> Any:
    from muster.wiring.carried.models import read_apart

    return read_apart(artifact)


def _remote(endpoint: Endpoint, columns: Sequence[Column], positive: int | str, output: str) -> Any:
    from muster.adapters.oip.client import OipModel

    return OipModel(endpoint, columns, positive, output)


def _names(settings: Settings) -> Lists:
    from muster.wiring.packages.lists import open_lists

    return open_lists(settings)


def _lake(path: Path) -> Any:
    """Return the tables of the log, opened at first use; None where what writes them is not installed."""
    if find_spec("deltalake") is None:
        return None
    return _late(lambda: _tables(path))


def _tables(path: Path) -> Any:
    from muster.adapters.lake.tables import DeltaLake

    return DeltaLake(path)


def _log(path: Path, settings: Settings) -> Any:
    from muster.adapters.arrowlog.reader import ArrowLogReader
    from muster.adapters.signatures import verify
    from muster.wiring.carried.ciphers import cipher_of

    return ArrowLogReader(path, verify, cipher_of(settings))


def _directory(path: Path, clock: Clock) -> Any:
    from muster.adapters.sqlite.directory import SqliteDirectory

    return SqliteDirectory(path, clock)


def _vault(path: Path, clock: Clock) -> Any:
    from muster.adapters.vault.folder import FolderVault

    return FolderVault(path, clock)


@dataclass(frozen=True, slots=True)
class Local:
    """A desk in this process, on the files of the home: whoever has the files may say a name, and entries say so."""

    house: House
    actor: str

    def call(self, name: str, arguments: Mapping[str, Any], progress: Progress) -> Any:
        """Perform an action as the named actor; raises what :func:`~muster.lifecycle.desk.perform.perform` raises."""
        if not self.actor:
            msg = "who is asking? Say it with --as NAME or MUSTER_ACTOR=NAME (`muster init` made the first actor)"
            raise ValueError(msg)
        return perform(name, Context(self.house, self.identity(), progress), arguments)

    def close(self) -> None:
        """Let go of the files."""
        close_house(self.house)

    def identity(self) -> Identity:
        """Return who acts, with their roles; raise PermissionError if the ledger knows no such actor."""
        return locally(self.house.ledger, self.actor, self.house.clock())
