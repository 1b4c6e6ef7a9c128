"""The second story: from an empty folder to a language model whose inventions are stopped while it answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session

if TYPE_CHECKING:
    from muster.cli.demo.cast import Stage
    from muster.cli.demo.narrator import Narrator

FOLDER = ".muster-demo"
"""Beside the home, so that a house of one's own can still be founded there."""


@local("demo-code")
def demo_code(
    session: Session,
    names: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A complete list of Python's package names to judge by.")
    ] = None,
    sync: Annotated[
        bool, typer.Option("--sync", help="Take all names of the index that pip is configured to use, first.")
    ] = False,
) -> int:
    """Play the second story with a real language model on this machine: it writes code, and invents packages.

    It is hosted, asked, refused, excused in writing, released and served; OpenAI's own client asks it for code, and
    what is not known to exist is taken out while the answer streams. It needs the extra `llm`, and a few minutes.
    """
    from muster.cli.demo.cast import found
    from muster.cli.demo.code import asking, hosting
    from muster.cli.demo.narrator import Narrator
    from muster.wiring.inside.smallmodel import require_installed

    require_installed()
    home = session.settings.home.with_name(FOLDER) / time.strftime("code-%Y%m%d-%H%M%S")
    environment = {"MUSTER_PACKAGES": str(home / "packages")}
    narrator = Narrator()
    narrator.act("Muster: what a language model invents must not be installed", f"Everything is written below {home}")
    stage = found(narrator, home, environment)
    try:
        address = _model(stage)
        take_lists(narrator, environment, names, sync=sync)
        hosted = hosting.play(stage, address)
        if hosted is not None:
            asking.play(stage, hosted, environment)
    finally:
        stage.processes.stop_all()
    _close(narrator, home, environment)
    return 0


def _model(stage: Stage) -> str:
    """Start the small language model, and return where it answers."""
    from muster.cli.demo.processes import free_port
    from muster.wiring.inside.smallmodel import NAME, command

    port = free_port()
    address = f"http://127.0.0.1:{port}"
    stage.narrator.scene("1. A language model, in a process of its own, and the list of packages that exist")
    stage.narrator.say(f"{NAME} (SmolLM2, Apache-2.0), 135 million parameters, one thread: it knows few packages.")
    stage.processes.begin("model", command(port), f"{address}/health")
    return address


def take_lists(narrator: Narrator, environment: Mapping[str, str], names: Path | None, *, sync: bool) -> None:
    """Take a complete list where one was asked for; say which list answers are judged by."""
    from muster.cli.demo.processes import run

    words = ["packages", "sync"] if sync else ["packages", "import", str(names), "--complete"] if names else []
    if words:
        narrator.shell("omar", " ".join(words))
        code, output = run(words, environment)
        if code:
            msg = f"no complete list could be had: {output.strip()}"
            raise RuntimeError(msg)
        narrator.say("A complete list: a name that is missing from it does not exist.")
        return
    narrator.say(
        "The list that ships with muster has the most used names only. It is partial: of a name that is missing, "
        "muster says unknown, never nonexistent. The policy takes out what nobody here can vouch for. With --sync (all "
        "names of your index) or --names FILE the verdict would be nonexistent, and the answer would end there."
    )


def _close(narrator: Narrator, home: Path, environment: Mapping[str, str]) -> None:
    narrator.act("What happened")
    narrator.table("", ("what", "how it came out"), narrator.happened)
    narrator.console.print("\n  Where to look next:")
    about = f"--home {home} --as ana"
    lists = " ".join(f"{name}={value}" for name, value in environment.items())
    for command, what in (
        (f"./run muster answers report coder {about}", "what was stopped"),
        (f"./run muster ledger show {about}", "what was recorded"),
        (f"./run muster release list {about}", "how the release stands today"),
        (f"{lists} ./run muster packages check FILES", "the same guard on files of your own"),
    ):
        narrator.console.print(f"    [bold]{command}[/]\n      [dim]{what}[/]", soft_wrap=True)
