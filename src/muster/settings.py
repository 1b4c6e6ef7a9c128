"""Settings: one typed reading of flags, environment (``MUSTER_*``), ``muster.toml`` in the home, and defaults.

Every setting has one name: the field below. It is ``--name`` as a flag, ``MUSTER_NAME`` in the environment and
``name`` in the file; the first that says something wins, in that order. What nobody knows, or what has a wrong type, is
an error: a misspelt ``MUSTER_TOKN`` must not quietly mean that nobody is asking.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX = "MUSTER_"
FILE = "muster.toml"
HOME = Path(".muster")
ENVIRONMENT_ONLY = frozenset({"token", "home", "packages", "debug", "log_encryption_keys", "log_encryption_command"})
"""Not read from the file: secrets, where it is, and what a folder that somebody happens to work in must not bring."""

_TRUTH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set, for every process; each uses what concerns it."""

    home: Path = HOME
    """Folder of a control plane: keys, ledger, blobs, log."""
    url: str = ""
    """Where the control plane answers; empty: work on the home, in this process (local mode)."""
    token: str = field(default="", repr=False)
    """Bearer token for the control plane at ``url``."""
    actor: str = ""
    """Who acts in local mode."""
    origin: str = ""
    """Name of the ledger, fixed when the house was made."""
    host: str = "127.0.0.1"
    """Address on which the control plane listens."""
    port: int = 8400
    """Port of the control plane."""
    expose: bool = False
    """Leave to listen beyond this machine; refused without TLS, of our own or of a proxy."""
    public_url: str = ""
    """Address that people type, if it is another than where we listen: behind a proxy, or with a name."""
    behind_proxy: tuple[str, ...] = ()
    """Addresses of the proxies that end TLS before us; only they are believed when they say who is asking."""
    tls_certificate: Path | None = None
    """Certificate chain in PEM; with it, control plane and gateway answer by https only."""
    tls_key: Path | None = None
    """Private key of the certificate, in PEM."""
    tls_authority: Path | None = None
    """Authorities in PEM that clients trust instead of those of the system."""
    requests_per_minute: int = 1200
    """How often one actor may ask the control plane; 0: as often as they like."""
    passwords: bool = True
    """Whether people may sign in by password."""
    session_idle_minutes: float = 30.0
    """A session ends when it was not used for so long."""
    session_hours: float = 12.0
    """A session ends after so long, used or not."""
    oidc_issuer: str = ""
    """Identity provider at which people sign in, as it names itself; empty: none."""
    oidc_client: str = ""
    """Name of this house at the identity provider."""
    oidc_secret: Path | None = None
    """File with the secret of this house at the identity provider; none for a public client."""
    oidc_scope: str = "openid profile email"
    """What the identity provider is asked for."""
    oidc_groups: str = "groups"
    """Claim that names somebody's groups."""
    oidc_roles: tuple[str, ...] = ()
    """What groups bring: ``GROUP=ROLE``; a role that signs off is only proposed, for a second person to confirm."""
    oidc_join: bool = False
    """Whether whom the identity provider knows and this house does not becomes an actor, without roles."""
    release_key: str = ""
    """Where the release key is: a file, or the URI of a key in a device or service; by default in the home."""
    orders_key: str = ""
    """Where the orders key is, as ``release_key``."""
    ledger_key: str = ""
    """Where the ledger key is, as ``release_key``; it is Ed25519, which few devices have."""
    platform_key: str = ""
    """Where the platform key is, as ``release_key``: it signs in the name of people who have no key of their own."""
    key_secrets: Path | None = None
    """Folder with the passphrases and PINs of these keys, a file for each duty, as systemd's credentials are."""
    largest_upload_mib: int = 512
    """Largest body that the control plane takes, in MiB."""
    gateway_host: str = "127.0.0.1"
    """Address on which the gateway listens."""
    gateway_port: int = 8500
    """Port of the gateway."""
    group: str = "default"
    """Gateway group whose orders the gateway follows."""
    environment: str = "production"
    """The one environment whose releases the gateway serves: what staging allowed is not served here."""
    root: str = ""
    """Fingerprint of the trust root, given to the gateway out of band."""
    outbox: Path | None = None
    """What the gateway reads; by default ``outbox`` in the home."""
    log: Path | None = None
    """Where the gateway writes its inference log; by default ``log`` in the home."""
    gateway_state: Path | None = None
    """Where the gateway keeps what it has seen; by default ``gateway`` in the home."""
    poll_seconds: float = 2.0
    """How often the gateway looks for new orders."""
    gateway_name: str = "gateway"
    """Name of this one gateway, in its alerts and in what it signs."""
    workers: int = 0
    """Processes of a gateway that answer at one port, kept alive by another one; 0: a single process does all."""
    metrics_port: int = 0
    """Port at which a gateway tells its figures (`/metrics`) and its health; 0: it does not."""
    metrics_host: str = "127.0.0.1"
    """Address of that port. Whoever reaches it may read the figures, so that it leaves this machine only by this."""
    log_format: str = "text"
    """How a gateway writes lines for its operator: ``text``, or ``json`` with an object a line."""
    request_log: bool = False
    """Whether a gateway writes a line for every request: ids, status and time, never a value."""
    otlp_endpoint: str = ""
    """Collector that is sent traces of requests (OTLP over HTTP), such as ``http://127.0.0.1:4318``; empty: none."""
    trace_share: float = 0.01
    """Share of requests that are traced, of those whose caller does not say."""
    log_key: Path | None = None
    """Private key with which the gateway signs what it logged; without one the log is not signed."""
    log_encryption_key: Path | None = None
    """File of keys that seal the log on disk, the first one, and open it; without one the log is there as it is."""
    log_encryption_command: str = ""
    """Program that prints such keys, with its arguments and without a shell: the client of a key service, say."""
    log_encryption_keys: str = field(default="", repr=False)
    """Such keys themselves, with blanks or commas between them."""
    orders_at_least: int = 0
    """Number of orders below which the gateway follows none, for one that has lost what it had seen."""
    push: tuple[str, ...] = ()
    """Gateways that are told at once when orders are issued, by address; they poll all the same."""
    alert_webhook: str = ""
    """Address that is told of every alert."""
    webhook_secret: Path | None = None
    """File with the secret by which webhooks are signed."""
    anchors: tuple[str, ...] = ()
    """Where checkpoints of the ledger are kept beside it: ``file:PATH``, ``git:FOLDER`` or the address of a webhook."""
    anchor_minutes: float = 60.0
    """How often a control plane that is up anchors the ledger, if it has grown."""
    witnesses: tuple[str, ...] = ()
    """Witnesses that cosign checkpoints, by address."""
    packages: Path | None = None
    """Folder of lists of package names; by default ``muster/packages`` in the user's data folder."""
    provider_keys: Path | None = None
    """Folder of keys to providers of language models, one file each; ``PROVIDER_KEY_NAME`` comes first."""
    client_keys: Path | None = None
    """File of those who may ask a gateway for language models, as `muster client-key new` writes it; none: anybody."""
    canary_hours: float = 0.0
    """How often a control plane that is up asks released language models their canaries; 0: never."""
    mlflow_uri: str = ""
    """Tracking server; by default a store of our own in the home."""
    debug: bool = False
    """Show tracebacks."""

    @property
    def keys(self) -> Path:
        """Folder of private keys."""
        return self.home / "keys"


def read_settings(flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of this process.

    Parameters
    ----------
    flags
        By name, as text or as the type of the field; None means not given.
    environment
        By default that of the process.

    Raises
    ------
    ValueError
        Naming the flag, the variable, or the file with its line, and what is wrong there.
    """
    given = _from_environment(os.environ if environment is None else environment)
    for name, value in (flags or {}).items():
        if value is not None:
            given[name] = _read(name, value, f"--{name.replace('_', '-')}")
    home = Path(given.get("home", HOME))
    written = _from_file(home / FILE)
    if given.get("token") and "url" in written and not given.keys() & {"url", "home"}:
        # Otherwise whoever can put a file into the folder that somebody happens to work in would be sent the token.
        msg = (
            f"{home / FILE} says where the control plane is, and {PREFIX}TOKEN would be sent there: if you trust that "
            f"file, name its folder with --home; or set {PREFIX}URL"
        )
        raise ValueError(msg)
    return _sound(Settings(**{**written, **given, "home": home}))


def _sound(settings: Settings) -> Settings:
    for name in ("port", "gateway_port", "metrics_port"):
        if not 0 <= getattr(settings, name) <= 65535:
            msg = f"ports go from 0 to 65535: {name} is {getattr(settings, name)}"
            raise ValueError(msg)
    if settings.log_format not in {"text", "json"}:
        msg = f"log_format is text or json, not {settings.log_format!r}"
        raise ValueError(msg)
    if not 0 <= settings.workers <= 256 or not 0.0 <= settings.trace_share <= 1.0:
        msg = f"workers go from 0 to 256, trace_share from 0 to 1: they are {settings.workers}, {settings.trace_share}"
        raise ValueError(msg)
    return settings


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for variable, text in environment.items():
        if variable.startswith(PREFIX) and text:
            name = variable.removeprefix(PREFIX).lower()
            if name not in _HINTS:
                msg = f"environment: {variable} is no setting; {_nearest(name, PREFIX, str.upper)}"
                raise ValueError(msg)
            found[name] = _read(name, text, f"environment: {variable}")
    return found


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    import tomllib  # noqa: PLC0415 - only where there is a file: help stays instant

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: not TOML: {error}"
        raise ValueError(msg) from None
    found = {}
    for name, value in values.items():
        where = f"{path}, line {_line_of(name, text)}: {name}"
        if name not in _HINTS or name in ENVIRONMENT_ONLY:
            known = f"set {PREFIX}{name.upper()} in the environment instead" if name in _HINTS else _nearest(name)
            msg = f"{where} is no setting of this file; {known}"
            raise ValueError(msg)
        found[name] = _read(name, value, where)
    return found


def _read(name: str, value: Any, where: str) -> Any:
    """Read one value as its field asks; text is taken as people write it."""
    kind = _HINTS[name]
    if kind is tuple:
        return _read_list(value, where)
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    try:
        if kind is bool and isinstance(value, str):
            return _TRUTH[value.lower()]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if isinstance(value, str):
            return kind(value)
    except (ValueError, KeyError):
        pass
    wanted = {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, "text")
    msg = f"{where}: expected {wanted}, got {value!r}"
    raise ValueError(msg)


def _read_list(value: Any, where: str) -> tuple[str, ...]:
    """Read several texts: a list in the file, else one text with commas."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    msg = f"{where}: expected a list of texts, got {value!r}"
    raise ValueError(msg)


def _hints() -> dict[str, type]:
    found = {}
    for name, hint in typing.get_type_hints(Settings).items():
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        found[name] = typing.get_origin(options[0]) or options[0]
    return {item.name: found[item.name] for item in dataclasses.fields(Settings)}


_HINTS = _hints()


def _nearest(name: str, prefix: str = "", spelling: Any = str) -> str:
    near = difflib.get_close_matches(name, _HINTS, 1)
    known = ", ".join(prefix + spelling(other) for other in _HINTS)
    return f"did you mean {prefix}{spelling(near[0])}?" if near else f"known are {known}"


def _line_of(name: str, text: str) -> int:
    """Return the line on which a top-level name stands; TOML readers do not tell."""
    found = re.search(rf"^[ \t\[\"']*{re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
