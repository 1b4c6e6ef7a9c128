"""Packages: lists of names, and checks of code and answers against them, on one's own machine."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from muster.cli.local.registry import local
from muster.cli.session import Session, progress
from muster.cli.show import ALLOWED as FINE
from muster.cli.show import REFUSED as STOPPED
from muster.cli.show import UNDECIDED, show
from muster.records.language.packages import Ecosystem, Verdict

if TYPE_CHECKING:
    from muster.cli.packages.findings import PackagesChecked
    from muster.cli.packages.own import Own
    from muster.records.language.packages import PackageRules
    from muster.wiring.packages.checking import Checked, Checker

_MCP = "muster.plugins.mcp"
_STDIN = "-"
_Ecosystem = Annotated[Ecosystem, typer.Option("--ecosystem", help="Whose names: pypi, npm or conda.")]


@local("packages sync")
def sync(
    session: Session,
    ecosystem: _Ecosystem = Ecosystem.PYPI,
    index: Annotated[str, typer.Option(metavar="URL", help="Ask this one, not the one that is configured.")] = "",
    accept_fewer: Annotated[bool, typer.Option("--accept-fewer", help="Take a much shorter list than before.")] = False,
) -> int:
    """Take all names of the index that pip (or uv) is configured to use: a complete list, dated now.

    Where the index says that nothing has changed since, the list is only renewed. Registries of npm do not list their
    names: bring those in a file.
    """
    from muster.wiring.packages.checking import clock
    from muster.wiring.packages.index import index_of
    from muster.wiring.packages.index import sync as take

    with progress() as tell:
        asked = index_of(ecosystem, index)
        made = take(session.settings, asked, clock, tell, accept_fewer=accept_fewer)
    return show(made, session)


@local("packages import")
def bring(
    session: Session,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Names, or a wheel that holds such a file.")],
    ecosystem: _Ecosystem = Ecosystem.PYPI,
    complete: Annotated[bool, typer.Option("--complete", help="It has every name that there is.")] = False,
    taken_at: Annotated[
        datetime | None, typer.Option("--taken-at", metavar="DATE", help="By default: when it was last changed.")
    ] = None,
) -> int:
    """Take names out of a file: one a line, a table with tabs, or what an index lists, as JSON or HTML.

    A table says in its first line what its columns are: name, rank or downloads, first_upload, status, licence. With
    --complete the file takes the place of the list in use; otherwise its names are added to that.
    """
    from muster.wiring.packages.lists import bring as take

    moment = taken_at.replace(tzinfo=taken_at.tzinfo or UTC) if taken_at else None
    with progress() as tell:
        made = take(session.settings, file, ecosystem, tell, complete=complete, taken_at=moment)
    return show(made, session)


@local("packages list")
def lists(session: Session) -> int:
    """List the lists of names on this machine, newest first, and which are in use."""
    from muster.wiring.packages.lists import taken

    return show(taken(session.settings), session)


@local("packages show")
def one(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of a package.")],
    ecosystem: _Ecosystem = Ecosystem.PYPI,
    ask: Annotated[bool, typer.Option("--ask", help="Ask the index what the list does not know.")] = False,
) -> int:
    """Show what is known of one package, as if it were to be installed: 0 fine, 1 stopped, 2 unknown."""
    from muster.wiring.packages.checking import open_checker

    checker = open_checker(session.settings)
    if ask:
        with progress() as tell:
            checker.ask(session.settings, [checker.package(ecosystem, name)], {}, tell)
    shown = checker.describe(ecosystem, name)
    show(shown, session)
    return STOPPED if shown.action.stops else UNDECIDED if shown.verdict is Verdict.UNKNOWN else FINE


@local("packages check")
def check(
    session: Session,
    paths: Annotated[list[str], typer.Argument(metavar="PATHS", help="Files, folders, or - for standard input.")],
    rules: Annotated[Path | None, typer.Option(metavar="FILE", help="Rules for packages, as YAML.")] = None,
    sarif: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the findings there as SARIF, too.")] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="What standard input would be called as a file.")] = "",
    exclude: Annotated[list[str] | None, typer.Option(metavar="PATTERN", help="Pass files over; repeat it.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask the index what the lists do not know.")] = False,
) -> int:
    """Check every package that code, manifests and answers name: 0 fine, 1 something is stopped, 2 could not tell.

    Files are read by their names; Markdown, and standard input without --name, is read as a model's answer. What the
    project itself defines is its own. Nothing is sent anywhere, unless --ask is said: then single names.
    """
    from muster.wiring.packages.checking import open_checker
    from muster.wiring.remote.wire import words_of

    texts, unread, own = _read(paths, name, exclude or ())
    checker = open_checker(session.settings, _rules(rules, own))
    found = [(file, text, checker.check(text, path, own.modules)) for file, path, text in texts]
    if ask:
        try:
            with progress() as tell:
                checker.ask(session.settings, (each for _, _, one in found for each in one.judgements), {}, tell)
        except (OSError, LookupError, ValueError) as error:
            unread.append(f"the index was not asked: {words_of(error)}")  # what the lists tell is told all the same
        found = [(file, text, checker.check(text, path, own.modules)) for file, path, text in texts]
    result = _gathered(checker, found, unread)
    if sarif is not None:
        from muster.cli.packages.sarif import sarif as written
        from muster.cli.written import write_new

        write_new(sarif, json.dumps(written(result), indent=2).encode(), replace=True)
    return _told(session, result)


@local("packages mcp")
def mcp(session: Session) -> int:
    """Answer coding assistants over the Model Context Protocol, on standard input and output.

    They can then ask, before they install: check_package and check_code. It needs the extra `mcp`.
    """
    code: int = importlib.import_module(_MCP).serve(session.settings)  # by name: doors do not import one another
    return code


def _read(paths: Sequence[str], name: str, exclude: Sequence[str]) -> tuple[list[tuple[str, str, str]], list[str], Own]:
    """Return name, path to read it by and text of every file; what was not read; and what is the project's own."""
    from muster.cli.packages.files import decoded, found, read
    from muster.cli.packages.own import owned

    texts: list[tuple[str, str, str]] = []
    unread: list[str] = []
    if _STDIN in paths:
        texts.append((name or "standard input", name, decoded(sys.stdin.buffer.read())))
    files = list(found([path for path in paths if path != _STDIN], exclude))
    for path in files:
        try:
            texts.append((str(path), str(path), read(path)))
        except (OSError, ValueError) as error:
            unread.append(str(error))
    return texts, unread, owned([Path(path) for path in paths if path != _STDIN], files)


def _gathered(checker: Checker, texts: Sequence[tuple[str, str, Checked]], unread: Sequence[str]) -> PackagesChecked:
    from muster.cli.packages.findings import gather

    return gather(texts, unread, checker.lists, "no file here is one that names packages")


def _told(session: Session, result: PackagesChecked) -> int:
    from muster.cli.packages.findings import Outcome

    show(result, session)
    return {Outcome.FINE: FINE, Outcome.STOPPED: STOPPED, Outcome.UNDECIDED: UNDECIDED}[result.outcome]


def _rules(path: Path | None, own: Own) -> PackageRules:
    from dataclasses import replace

    from muster.records.codec import decode
    from muster.records.language.packages import PackageRules
    from muster.wiring.documents import read_value

    rules = PackageRules()
    if path is not None:
        value: Any = read_value(PackageRules, path.read_text(encoding="utf-8"), str(path))
        rules = decode(PackageRules, value, str(path))
    return replace(rules, first_party=(*rules.first_party, *sorted(own.packages)))
