"""Processes: found a house, run its control plane, run a gateway."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.cli.show import show
from muster.settings import Settings, read_settings

_API = "muster.api.serving"
_GATEWAY = "muster.wiring.gateway"


@local("init")
def init(
    session: Session,
    origin: Annotated[str, typer.Option(metavar="NAME", help="Name of the ledger, for ever.")] = "muster.local/house",
    admin: Annotated[str, typer.Option(metavar="ACTOR", help="Id of the first actor.")] = "admin",
) -> int:
    """Found a house: keys by duty, a trust root, an empty ledger and a first admin.

    It makes the folder named by --home (.muster), all of it or nothing.
    """
    from muster.wiring.founding import create_house

    return show(create_house(session.settings.home, origin, admin), session)


@local("up")
def up(
    session: Session,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Port to listen on.")] = None,
    expose: Annotated[bool, typer.Option("--expose", help="Listen beyond this machine; needs TLS.")] = False,
) -> int:
    """Run the control plane: sign-in pages and HTTP API over the house, until it is interrupted.

    Where there is no house yet, it founds one and prints a one-time link for the first owner.
    """
    settings = _with(session.settings, host=host, port=port, expose=expose or None)
    return _start(_API, "serve", settings)


@local("serve")
def serve(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    group: Annotated[str | None, typer.Option(metavar="GROUP", help="Gateway group whose orders to follow.")] = None,
    environment: Annotated[str | None, typer.Option(metavar="NAME", help="Whose releases to serve.")] = None,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Port to listen on.")] = None,
    root: Annotated[str | None, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = None,
    outbox: Annotated[str | None, typer.Option(metavar="FOLDER", help="What the control plane puts out.")] = None,
    expose: Annotated[bool, typer.Option("--expose", help="Listen beyond this machine; needs TLS.")] = False,
    orders_at_least: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Follow no orders below; for one that lost its memory.")
    ] = None,
    client_keys: Annotated[
        str | None, typer.Option(metavar="FILE", help="Who may ask, and for what; without it, anybody.")
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="NUMBER", help="Processes that share the port.")] = None,
    metrics_port: Annotated[int | None, typer.Option(metavar="PORT", help="Where figures for Prometheus are.")] = None,
    log_format: Annotated[str | None, typer.Option(metavar="text|json", help="How lines are written.")] = None,
    otlp_endpoint: Annotated[str | None, typer.Option(metavar="URL", help="Collector to send traces to.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print the chain of proof and stop.")] = False,
) -> int:
    """Run a gateway: it serves what has a valid release, and nothing else, until it is interrupted.

    Models of one's own answer at /predict/NAME, /invocations (as MLflow's server) and /v2 (Open Inference Protocol),
    hosted language models at /v1 (OpenAI's); /openapi.json describes what serves.
    Keys to providers come from PROVIDER_KEY_NAME or MUSTER_PROVIDER_KEYS; those of clients are in --client-keys.
    /healthz and /readyz are for orchestrators; SIGTERM drains, and with --workers SIGHUP exchanges all of them.
    """
    given: dict[str, Any] = {"group": group, "gateway_host": host, "gateway_port": port, "root": root, "outbox": outbox}
    given |= {"environment": environment, "expose": expose or None, "orders_at_least": orders_at_least}
    given |= {"client_keys": client_keys, "workers": workers, "metrics_port": metrics_port}
    given |= {"log_format": log_format, "otlp_endpoint": otlp_endpoint}
    return _start(_GATEWAY, "explain" if explain else "serve", _with(session.settings, **given))


def _with(settings: Settings, **flags: Any) -> Settings:
    """Read the settings again with more flags, which come before file and environment."""
    return read_settings({"home": settings.home, **flags})


def _start(module: str, function: str, settings: Settings) -> int:
    """Run a process by its name: doors do not import one another, and help must not load a server."""
    code: int = getattr(importlib.import_module(module), function)(settings)
    return code
