"""The gate in a pipeline: ask, print a checklist, write the reports that build servers show, answer by exit code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from muster.cli.local.ci.outcome import Outcome
from muster.cli.local.registry import local
from muster.cli.printable import printable
from muster.cli.session import Session
from muster.cli.show import ALLOWED, REFUSED, show
from muster.records.decision import Decision, Verdict


@local("gate checklist")
def gate(
    session: Session,
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL", help="Digest of a version or its beginning; or a model or use case: its newest version."
        ),
    ],
    to: Annotated[str, typer.Option(metavar="ENV", help="Environment that it is to go to.")] = "production",
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="serve, trial or shadow.")] = "serve",
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a JUnit report there, too.")] = None,
    sarif: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the open demands as SARIF, too.")] = None,
    at: Annotated[
        str, typer.Option(metavar="FILE", help="File of your repository that SARIF shows them at.")
    ] = "README.md",
) -> int:
    """Ask in a pipeline whether a version may go to an environment: 0 it may, 1 it may not, 2 could not tell.

    `muster gate MODEL --to ENV` is short for this. It prints a checklist and changes nothing. The reports are written
    whatever comes of it: where the gate could not be asked, they say so, and none of an earlier run is left.
    """
    try:
        decision = _asked(session, model, to, scope)
    except Exception as error:
        from muster.wiring.remote.wire import words_of

        _write(Outcome(model, to, scope, None, words_of(error)), junit, sarif, at)
        raise
    _write(Outcome(model, to, scope, decision), junit, sarif, at)
    return _told(session, decision)


def _asked(session: Session, model: str, environment: str, scope: str) -> Decision:
    known = session.call("model list", {})
    asked = {"version": _version(model, known), "environment": environment, "scope": scope}
    found: Decision = session.call("gate ask", asked)
    return found


def _version(model: str, known: Sequence[Any]) -> str:
    """Return the newest version of that name, or what was typed where it names none: a digest."""
    named = [line for line in known if model and model in {line.model, line.use_case, line.registry}]
    cases = sorted({line.use_case for line in named})
    if len(cases) > 1:
        msg = f"{model!r} names versions for several use cases ({', '.join(cases)}): give the digest of one"
        raise ValueError(msg)
    return str(named[-1].digest) if named else model


def _write(outcome: Outcome, junit: Path | None, sarif: Path | None, at: str) -> None:
    from muster.cli.written import write_new

    if junit is not None:
        from muster.cli.local.ci.junit import junit as report

        write_new(junit, report(outcome), replace=True)
    if sarif is not None:
        from muster.cli.local.ci.sarif import sarif as log

        write_new(sarif, json.dumps(log(outcome, at), indent=2).encode(), replace=True)


def _told(session: Session, decision: Decision) -> int:
    if session.as_json:
        return show(decision, session)
    from muster.cli.local.ci.checklist import checklist
    from muster.cli.render.decisions import advise

    checklist(decision, session.screen)
    _tell_worth(session, decision)
    advise(decision, session.screen)
    return ALLOWED if decision.verdict is Verdict.ALLOW else REFUSED


def _tell_worth(session: Session, decision: Decision) -> None:
    """Say what the use case is held to, and what decisions of the version are worth."""
    from muster.cli.render.governance.usecases import worth_lines

    session.screen.print()
    for line in worth_lines(
        session.call("use-case show", {"id": decision.question.use_case}), decision.question.version
    ):
        session.screen.print(printable(line), markup=False, soft_wrap=True)
