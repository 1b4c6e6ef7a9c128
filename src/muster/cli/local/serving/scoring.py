"""Scoring: a file of rows by a deployment, as its gateway would decide them."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session
from muster.settings import read_settings

_SCORING = "muster.wiring.scoring"


@local("score")
def score(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    session: Session,
    deployment: Annotated[str, typer.Argument(metavar="DEPLOYMENT", help="Name of a deployment.")],
    source: Annotated[str, typer.Argument(metavar="INPUT", help="Parquet, CSV or Arrow file, or - for a pipe.")],
    target: Annotated[str, typer.Argument(metavar="OUTPUT", help="File to write, or - for standard output.")],
    keep: Annotated[str, typer.Option(metavar="COLUMNS", help="Columns to keep beside the results: id,name.")] = "",
    on_refused: Annotated[str, typer.Option(metavar="mark|stop", help="What a refused row leads to.")] = "mark",
    reasons: Annotated[bool, typer.Option("--reasons", help="Give reasons for adverse rows.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that did not end.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Start over instead; what was logged stays.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the output if it exists.")] = False,
    workers: Annotated[int, typer.Option(metavar="N", help="Threads; by default one for each core.")] = 0,
    checkpoint_rows: Annotated[int, typer.Option(metavar="N", help="Rows that a kill costs at most.")] = 500_000,
    input_format: Annotated[str, typer.Option(metavar="FORM", help="parquet, csv or arrow, if unnamed.")] = "",
    output_format: Annotated[str, typer.Option(metavar="FORM", help="parquet, csv or arrow, if unnamed.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
    group: Annotated[str | None, typer.Option(metavar="GROUP", help="Gateway group whose orders to follow.")] = None,
    environment: Annotated[str | None, typer.Option(metavar="NAME", help="Whose releases to take.")] = None,
    root: Annotated[str | None, typer.Option(metavar="FINGERPRINT", help="Trust root, had by another way.")] = None,
    outbox: Annotated[str | None, typer.Option(metavar="FOLDER", help="What the control plane puts out.")] = None,
    log: Annotated[str | None, typer.Option(metavar="FOLDER", help="Where decisions are logged.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Of this process beside the gateways.")] = None,
    log_key: Annotated[
        str | None, typer.Option(metavar="FILE", help="Key that seals the log, under that name.")
    ] = None,
    orders_at_least: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Follow no orders below; for one that lost its memory.")
    ] = None,
) -> int:
    """Score a file of rows: same proof, guards and log as a gateway's. 0 all done, 1 something refused, 2 failed.

    The output has a row for every row of the input, in its order: decision, score, flags, and why a row was refused. It
    is there whole or not at all; a run that was interrupted or killed goes on with --resume, and no row is scored or
    logged twice. While it runs it follows the orders: where they stop the deployment, it stops.
    """
    flags: dict[str, Any] = {"group": group, "environment": environment, "root": root, "outbox": outbox, "log": log}
    flags |= {"gateway_name": name, "log_key": log_key, "orders_at_least": orders_at_least}
    settings = read_settings({"home": session.settings.home, **flags})
    scoring = importlib.import_module(_SCORING)  # by name: help must not load what scores
    kept = tuple(filter(None, (part.strip() for part in keep.split(","))))
    files = deployment, source, target, kept, input_format, output_format
    how = on_refused, workers, checkpoint_rows, reasons, resume, restart, replace, quiet, session.as_json
    asked = scoring.Asked(*files, *how)
    code: int = scoring.score(settings, asked)
    return code
