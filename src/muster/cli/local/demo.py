"""The demo: the story of lending, from an empty folder to a dossier that was verified offline."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session

if TYPE_CHECKING:
    from muster.cli.demo.narrator import Narrator

FOLDER = ".muster-demo"
"""Beside the home, so that a house of one's own can still be founded there."""


@local("demo")
def demo(
    session: Session,
    age_only: Annotated[bool, typer.Option("--age-only", help="Play act one only.")] = False,
) -> int:
    """Play the story of lending on real data: from a raw table to a proven, served and watched model.

    Every step is a call that users make too, and its command is shown. It founds a fresh house in a folder of its own.
    """
    from muster.cli.demo import age, live, place
    from muster.cli.demo.cast import found
    from muster.cli.demo.narrator import Narrator

    home = _fresh(session.settings.home.with_name(FOLDER))
    narrator = Narrator()
    narrator.act("Muster: every model must pass muster before it serves", f"Everything is written below {home}")
    stage = found(narrator, home)
    try:
        released = age.play(stage)
        dossier = live.play(stage, released) if released else None
        if not age_only:
            place.play(stage)
    finally:
        stage.processes.stop_all()
    _close(narrator, home, dossier, stage.fingerprint)
    return 0


def _fresh(below: Path) -> Path:
    """Return a folder that does not exist yet, named by the moment."""
    return below / time.strftime("%Y%m%d-%H%M%S")


def _close(narrator: Narrator, home: Path, dossier: Path | None, fingerprint: str) -> None:
    narrator.act("What happened")
    narrator.table("", ("what", "how it came out"), narrator.happened)
    files = [
        ("the ledger of everything", home / "ledger.sqlite"),
        ("what gateways read", home / "outbox"),
        ("the inference log", home / "log"),
        ("MLflow's store", home / "mlflow"),
        *([("the dossier", dossier), ("its page for people", dossier.with_suffix(".html"))] if dossier else []),
    ]
    narrator.table("Files", ("what", "where"), [(what, str(path)) for what, path in files])
    narrator.console.print("\n  Where to look next:")
    for command, what in (
        (f"muster ledger show --home {home} --as ana", "what was recorded"),
        (f"muster release list --home {home} --as ana", "how the releases stand today"),
        (f"up --home {home}", "the control plane again"),
        (f"serve --home {home} --root {fingerprint}", "the gateway again"),
    ):
        narrator.console.print(f"    [bold]./run {command}[/]\n      [dim]{what}[/]", soft_wrap=True)
