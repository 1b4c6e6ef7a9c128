"""The command ``muster``: the catalogue and the local commands as one tree, and the exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Annotated

import typer
from typer.core import TyperGroup

from muster.cli.arguments import prose
from muster.cli.commands import Command, command_of, local_command
from muster.cli.groups import meant
from muster.cli.local.listing import LOCAL
from muster.cli.printable import printable
from muster.cli.show import ALLOWED, REFUSED, UNDECIDED
from muster.lifecycle.catalogue import CATALOGUE
from muster.wiring.remote.wire import refused, words_of

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

NOUNS = {
    "use-case": "What models are for, and how much can go wrong.",
    "dataset": "Dataset versions: what models are trained and judged on.",
    "model": "Model versions: trained, searched, assessed, compiled.",
    "check": "What can be measured, by our own checks and those of plugins.",
    "library": "Control libraries: all that can be demanded, in versions.",
    "control": "What can be demanded, in words: what measures it, who asks for it.",
    "regime": "Laws, rules and standards that the control library knows.",
    "coverage": "How far a law or standard is answered: muster coverage REGIME.",
    "policy": "What must be shown before a model may serve.",
    "reason-map": "What is said to whoever a model refuses.",
    "gate": "Whether a version may serve, and why; in a pipeline: muster gate MODEL --to ENV.",
    "approval": "Sign-offs by people.",
    "condition": "What sign-offs depend on, and whether it is met.",
    "delegation": "Roles that people lend each other, for one use case, for a while.",
    "waiver": "Leave to miss one control for a while.",
    "finding": "What validators found wrong, whose it is, and whether it is dealt with.",
    "questionnaire": "What people answer by hand: impact assessments, validation, checklists.",
    "review": "What must be looked at again, why, by when and by whom.",
    "emergency": "Leave to release before the sign-offs are there.",
    "release": "Signed leave to serve.",
    "deployment": "Where released versions answer.",
    "traffic": "Which versions share the traffic of a deployment.",
    "orders": "What gateways are told.",
    "posture": "What stands, what fell out, and what will: muster posture shows all of it.",
    "guard": "What stands before and behind each model, request by request.",
    "override": "What people decided otherwise than the model, and how often.",
    "log": "What gateways answered: their streams, and the tables made of them.",
    "monitor": "Checks over the log of what was served.",
    "answers": "What language models answered, and what was stopped.",
    "canary": "A new version let at people step by step; and whether a hosted model still answers as it did.",
    "client-key": "Who may ask a gateway for language models.",
    "alert": "What people must look at now.",
    "dossier": "Everything about a version, to be verified offline.",
    "ledger": "The append-only record of everything.",
    "trust": "Who is trusted with what.",
    "key": "Private keys on this machine.",
    "actor": "Who may come in.",
    "role": "Who may do what: proposed, confirmed, granted, withdrawn.",
    "token": "How programs show whose they are.",
    "person": "Who the actors are in life.",
    "session": "Who is signed in, until when.",
    "personal-data": "What is kept about people, and its erasure.",
    "retention": "How long each kind of data is kept.",
    "hold": "What must be kept for a court or an authority, whatever its time.",
    "packages": "Packages that code and answers name, and whether they are real.",
}
"""What each group of commands is about, in the order of a model version's walk; any other noun comes after them."""

EVERYWHERE = frozenset({"--home", "--url", "--as", "--json"})
"""Options that every command takes, and ``muster`` itself does not."""

ALONE = ("init", "up", "serve", "score", "sign-in", "sign-out", "whoami", "sign-off", "example", "demo", "demo-code")
"""Commands without a group, in the order in which people need them."""

HEADINGS = {
    "": "Begin",
    "use-case": "Models and data",
    "library": "Rules and decisions",
    "deployment": "Serving and watching",
    "dossier": "Proof and trust",
    "actor": "People",
    "packages": "Code that names packages",
}
"""Headings in the help, each by the first group of commands under it."""

SHORT = {"gate": meant("checklist"), "coverage": meant("show"), "posture": meant("list", alone=True)}
"""Groups that are commands themselves: `muster gate MODEL` is `muster gate checklist MODEL`."""


def build(words: Sequence[str] | None = None) -> typer.Typer:
    """Build the tree of commands.

    Parameters
    ----------
    words
        What was typed: only the group named there is filled, so that help stays instant. None fills all.
    """
    wanted = None if words is None else next((word for word in words if not word.startswith("-")), "")
    app = _group("Every model must pass muster before it serves.")
    app.callback(invoke_without_command=True, no_args_is_help=False)(_version)
    groups: dict[str, typer.Typer] = {}
    for name, description, make in sorted(_commands(), key=_place):
        noun, _, verb = name.rpartition(" ")
        if noun and noun not in groups:
            groups[noun] = _group(NOUNS.get(noun, f"Commands about {noun}."), SHORT.get(noun))
            app.add_typer(groups[noun], name=noun, rich_help_panel=_heading(noun))
        if not noun:
            app.command(verb, help=prose(description), rich_help_panel=_heading(noun))(make())
        elif wanted in (None, noun):
            groups[noun].command(verb, help=prose(description))(make())
    return app


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(words))


def run(words: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; whatever goes wrong is said in words on standard error."""
    try:
        typed = list(sys.argv[1:] if words is None else words)
        code = build(typed)(args=typed, prog_name="muster", standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):  # the second: at a question
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone: that is their choice, and Python must not complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ALLOWED
    except Exception as error:  # noqa: BLE001 - the door: every error becomes words and an exit code
        return _told(error)
    if code == INTERRUPTED:  # also from typer itself, which says nothing
        print("interrupted: what was acknowledged before is done, nothing else is", file=sys.stderr)
    return code if isinstance(code, int) else ALLOWED


def _told(error: Exception) -> int:
    """Say what happened, and return the exit code that it means."""
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        if (early := getattr(error, "option_name", "")) in EVERYWHERE:
            print(f"Options such as {early} go after the command: muster COMMAND {early} ...", file=sys.stderr)
        return UNDECIDED
    if os.environ.get("MUSTER_DEBUG", "") not in {"", "0", "false"}:
        import traceback

        traceback.print_exception(error)
    said, code = ("refused", REFUSED) if refused(error) else ("error", UNDECIDED)
    print(f"{said}: {printable(_words(error))}", file=sys.stderr)
    return code


def _words(error: Exception) -> str:
    if isinstance(error, (OSError, ValueError, LookupError, RuntimeError)):
        return words_of(error)
    return f"{type(error).__name__}: {error} (a fault of ours: MUSTER_DEBUG=1 shows where)"


def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"muster {installed('muster-ml')}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def _group(about: str, cls: type[TyperGroup] | None = None) -> typer.Typer:
    return typer.Typer(
        cls=cls,
        help=about,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )


def _commands() -> Iterator[tuple[str, str, Callable[[], Command]]]:
    for command in LOCAL.values():
        yield command.name, command.description, partial(local_command, command.function)
    for asked in CATALOGUE.values():
        if asked.name in LOCAL:
            continue  # the command of that name asks the view, and then does more with files of this machine
        yield asked.name, asked.description, partial(command_of, asked)


def _place(command: tuple[str, str, Callable[[], Command]]) -> tuple[int, int]:
    """Order commands as a model version walks; those without a noun come first."""
    noun, _, verb = command[0].rpartition(" ")
    order = ["", *NOUNS]
    first = ALONE.index(verb) if not noun and verb in ALONE else len(ALONE)
    return (order.index(noun) if noun in order else len(order)), first


def _heading(noun: str) -> str:
    """Return the heading under which a group stands in the help: that of the last noun before it which begins one."""
    order = ["", *NOUNS]
    before = order[: order.index(noun) + 1] if noun in order else order
    return next(HEADINGS[each] for each in reversed(before) if each in HEADINGS)


if __name__ == "__main__":
    main()
