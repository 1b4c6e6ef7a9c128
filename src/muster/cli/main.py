"""The command ``muster``: the catalogue and the local commands as one tree, and the exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

import typer

from muster.cli.arguments import prose
from muster.cli.commands import Command, command_of, local_command
from muster.cli.local.listing import LOCAL
from muster.cli.show import ALLOWED, REFUSED, UNDECIDED
from muster.lifecycle.catalogue import CATALOGUE
from muster.wiring.wire import refused, words_of

NOUNS = {
    "actor": "Who may come in, with which roles.",
    "approval": "Sign-offs by people.",
    "dataset": "Dataset versions: what models are trained and judged on.",
    "deployment": "Where released versions answer.",
    "dossier": "Everything about a version, to be verified offline.",
    "gate": "Whether a version may serve, and why.",
    "incident": "What went wrong, and what was done.",
    "key": "Private keys on this machine.",
    "ledger": "The append-only record of everything.",
    "library": "Controls: what can be demanded.",
    "model": "Model versions.",
    "monitor": "Checks over the log of what was served.",
    "orders": "What gateways are told.",
    "policy": "What must be shown before a model may serve.",
    "release": "Signed leave to serve.",
    "trust": "Who is trusted with what.",
    "use-case": "What models are for.",
    "waiver": "Leave to miss one control for a while.",
}
"""What each group of commands is about; any other noun is described by its commands."""


def build() -> typer.Typer:
    """Build the tree of commands."""
    about = "Every model must pass muster before it serves."
    app = _group(about)
    groups: dict[str, typer.Typer] = {}
    for name, description, command in _commands():
        noun, _, verb = name.rpartition(" ")
        if noun and noun not in groups:
            groups[noun] = _group(NOUNS.get(noun, f"Commands about {noun}."))
            app.add_typer(groups[noun], name=noun)
        (groups[noun] if noun else app).command(verb, help=prose(description))(command)
    return app


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(words))


def run(words: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; whatever goes wrong is said in words on standard error."""
    try:
        code = build()(args=None if words is None else list(words), prog_name="muster", standalone_mode=False)
    except KeyboardInterrupt:
        print("interrupted: what was acknowledged before is done, nothing else is", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: that is their choice, and Python must not complain when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ALLOWED
    except Exception as error:  # noqa: BLE001 - the door: every error becomes words and an exit code
        return _told(error)
    return code if isinstance(code, int) else ALLOWED


def _told(error: Exception) -> int:
    """Say what happened, and return the exit code that it means."""
    if hasattr(error, "exit_code") and hasattr(error, "show"):
        error.show()
        return UNDECIDED
    if os.environ.get("MUSTER_DEBUG", "") not in {"", "0", "false"}:
        import traceback

        traceback.print_exception(error)
    said, code = ("refused", REFUSED) if refused(error) else ("error", UNDECIDED)
    print(f"{said}: {_words(error)}", file=sys.stderr)
    return code


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'the system'}: {error.strerror}"
    if isinstance(error, (OSError, ValueError, LookupError, RuntimeError)):
        return words_of(error)
    return f"{type(error).__name__}: {error} (a fault of ours: MUSTER_DEBUG=1 shows where)"


def _group(about: str) -> typer.Typer:
    return typer.Typer(
        help=about,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
    )


def _commands() -> Iterator[tuple[str, str, Command]]:
    for command in LOCAL.values():
        yield command.name, command.description, local_command(command.function)
    for asked in CATALOGUE.values():
        yield asked.name, asked.description, command_of(asked)


if __name__ == "__main__":
    main()
