"""What scores a file, bound: a gateway's outbox, proofs and log, and two files; and how other processes start it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muster.settings import Settings
from muster.wiring.gateway import ADMITTING, Parts, bind

if TYPE_CHECKING:
    from muster.adapters.arrowlog.whole import RunLog
    from muster.adapters.rowfiles.reading import RowFile
    from muster.adapters.rowfiles.sheet import Sheet
    from muster.adapters.rowfiles.writing import Piped, WholeFile

FLAGS = ADMITTING
"""Settings that concern a process that scores a file."""

NAME = "score"
"""What it is called beside the gateways, unless it is given a name: its log is sealed under that."""

PIPE = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be scored, and how."""

    deployment: str
    input: str
    """Path, or ``-``."""
    output: str
    keep: tuple[str, ...] = ()
    input_format: str = ""
    output_format: str = ""
    on_refused: str = "mark"
    """``mark`` or ``stop``."""
    workers: int = 0
    """Threads; 0: one for each core."""
    checkpoint_rows: int = 500_000
    """How many rows a kill can cost at most; they are scored again then."""
    reasons: bool = False
    resume: bool = False
    restart: bool = False
    replace: bool = False
    quiet: bool = False
    json: bool = False


def own(settings: Settings) -> Settings:
    """Return the settings with a name and a state of its own: a gateway beside it has others."""
    named = settings if settings.gateway_name != Settings().gateway_name else replace(settings, gateway_name=NAME)
    return named if named.gateway_state else replace(named, gateway_state=named.home / named.gateway_name)


def parts_of(settings: Settings) -> Parts:
    """Bind what admits; raise FileNotFoundError if there is no outbox."""
    return bind(settings)


def open_log(settings: Settings, parts: Parts, run: str) -> RunLog:
    """Return the log of a run, sealed where there is a key."""
    from muster.adapters.arrowlog.sealing import Sealer
    from muster.adapters.arrowlog.whole import RunLog
    from muster.adapters.logkey import LogKey
    from muster.wiring.carried.ciphers import cipher_of

    folder, cipher = settings.log or settings.home / "log", cipher_of(settings)
    if settings.log_key is None:
        return RunLog(folder, run, cipher=cipher)
    key = LogKey.load(settings.log_key)
    sealer = Sealer(key, settings.gateway_name, folder, parts.state, parts.clock, cipher)
    return RunLog(folder, run, sealer, cipher)


def open_input(asked: Asked) -> RowFile:
    """Open the input; raise OSError or ValueError where that cannot be."""
    from muster.adapters.rowfiles.forms import Form, form_of
    from muster.adapters.rowfiles.reading import RowFile

    if asked.input == PIPE:
        return RowFile(sys.stdin.buffer, Form(asked.input_format or Form.CSV))
    path = Path(asked.input)
    return RowFile(path, form_of(path, asked.input_format))


def open_output(asked: Asked, sheet: Sheet, folder: Path | None) -> WholeFile | Piped:
    """Open the output; raise ValueError where it cannot be written so."""
    from muster.adapters.rowfiles.forms import Form
    from muster.adapters.rowfiles.writing import Piped, WholeFile

    if folder is None:
        return Piped(sys.stdout.buffer, Form(asked.output_format or Form.CSV), sheet.schema)
    folder.mkdir(mode=0o700, exist_ok=True)
    return WholeFile(Path(asked.output), Form(form(asked)), sheet.schema, folder)


def form(asked: Asked) -> str:
    """Return how the output is written; raise ValueError where nothing tells."""
    from muster.adapters.rowfiles.forms import Form, form_of

    if asked.output == PIPE:
        return (asked.output_format and Form(asked.output_format).value) or Form.CSV.value
    return form_of(Path(asked.output), asked.output_format).value


def sheet_of(kept: Any, asked: Asked) -> Sheet:
    """Return what makes results; raise ValueError where a column that is kept (its schema) is called as one of ours."""
    from muster.adapters.rowfiles.sheet import Sheet

    return Sheet(kept, reasons=asked.reasons)


def command(settings: Settings, asked: Asked) -> list[str]:
    """Return the command line of a process of its own, which holds nothing else."""
    line = [sys.executable, "-P", "-m", "muster.gateway.batch"]
    for name in FLAGS:
        value = getattr(settings, name)
        if value not in (None, "", 0):
            line.append(f"--{name.replace('_', '-')}={value}")
    for each in fields(Asked):
        line += _said(each.name, getattr(asked, each.name))
    return line


def score(settings: Settings, asked: Asked) -> int:
    """Become the process that scores: nothing of the command line stays loaded in it."""
    line = command(own(settings), asked)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(line[0], line)  # noqa: S606 - our own interpreter, no shell


def _said(name: str, value: Any) -> Sequence[str]:
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return [flag] if value else []
    if isinstance(value, tuple):
        return [f"{flag}={one}" for one in value]
    return [f"{flag}={value}"]
