"""Stopped: what guards found in the answers of a deployment, read from the log, for people and for the gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import ask, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.models.logged import logged
from muster.lifecycle.language.asking import hosted_of
from muster.lifecycle.language.judging import PACKAGES, asked_of, evidence_for, policy_of
from muster.ports.log import Stream
from muster.records.access.alert import Alert, Severity
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.decision import Decision, Question
from muster.records.evidence import Evidence
from muster.records.people import Role
from muster.rules.gate.decide import WINDOW

if TYPE_CHECKING:
    from muster.columns.replies.counting import Counted

RECURS = "package-name-recurs"
"""Alert: several answers named the same package, which is not known to exist; somebody may register it and wait."""

MOST_ALERTS = 20
"""Names told of in one run, the most frequent first."""

SAID = frozenset({"answered", "stopped"})
"""Outcomes of answers that readers got, or that a guard ended."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """How often a guard found something, and what was done about it."""

    guard: str
    what: str
    """The verdict on a package, or the sort of what was found."""
    action: str
    times: int


@dataclass(frozen=True, slots=True)
class NameLine:
    """A package about which something was done."""

    name: str
    """As ``pypi:name``."""
    verdict: str
    action: str
    answers: int
    last: datetime


@dataclass(frozen=True, slots=True)
class AnswersReport:
    """What became of the answers of a deployment, and what guards found in them."""

    deployment: str
    since: datetime
    answers: int
    stopped: int
    """Answers that a guard ended."""
    touched: int
    """Answers in which a guard stopped, replaced or noted something."""
    failed: int
    """Answers that the provider did not give, or broke off."""
    left: int
    """Answers that the client did not wait for."""
    input_tokens: int
    output_tokens: int
    cost: float
    """In the currency of the versions' prices."""
    found: tuple[FoundLine, ...]
    names: tuple[NameLine, ...]
    """Most frequent first; a name that several answers brought up may be one that somebody waits for."""


@dataclass(frozen=True, slots=True)
class AnswersWindow:
    """What a window of live answers showed, and what the gate says of the version with that."""

    deployment: str
    version: str
    answers: int
    recurring: tuple[str, ...]
    """Names that are not known to exist and that several answers brought up."""
    evidence: tuple[Evidence, ...]
    decision: Decision


@view("answers report", roles=(Role.OPERATOR, Role.VALIDATOR, Role.RISK_ANALYST, Role.ML_ENGINEER, Role.AUDITOR))
def report(context: Context, deployment: str, version: str = "", days: float = 30.0) -> AnswersReport:
    """Show what was stopped in the answers of a deployment: by guard and verdict, by name, and how often.

    Parameters
    ----------
    deployment
        Name under which the answers were given.
    version
        Only those of this version: its digest, or the beginning of it.
    days
        How far back to look.
    """
    context.house.ledger.refresh()
    since = _since(context, days)
    rows = list(_rows(context, deployment, find_version(context, version).digest if version else "", since))
    outcomes = [row["outcome"] for row in rows]
    return AnswersReport(
        deployment,
        since,
        len(rows),
        outcomes.count("stopped"),
        sum(bool(row["findings"]) for row in rows),
        outcomes.count("failed"),
        outcomes.count("left"),
        sum(row["input_tokens"] for row in rows),
        sum(row["output_tokens"] for row in rows),
        sum(row["cost"] for row in rows),
        _found(rows),
        _names(rows),
    )


@action("monitor answers", roles=(Role.OPERATOR, Role.VALIDATOR, Role.ML_ENGINEER))
def monitor_answers(
    context: Context, deployment: str, version: str, days: float = 7.0, environment: str = "production"
) -> AnswersWindow:
    """Measure live answers as a probe measures those to its prompts, and ask the gate again.

    The log holds what guards found, not the answers: a package that the policy lets pass without a word is not in it.
    A name that is not known to exist and comes up in several answers raises the alert `package-name-recurs`, once.

    Parameters
    ----------
    deployment
        Name under which the answers were given.
    days
        How far back the window reaches.
    """
    from muster.columns.replies.counting import logged as counted
    from muster.columns.replies.counting import table_of, times_named
    from muster.columns.sample import UNDECIDED, Sample

    context.house.ledger.refresh()
    found = find_version(context, version)
    hosted_of(found)
    asked = asked_of(context, policy_of(context, found, environment), PACKAGES, WINDOW)
    lines = [row for row in _rows(context, deployment, found.digest, _since(context, days)) if row["outcome"] in SAID]
    if not lines:
        msg = f"the log holds no answer of {deployment} by version {found.digest} in the last {days:g} days"
        raise ValueError(msg)
    rows = [counted(line["request_id"], line["findings"]) for line in lines]
    table = table_of(rows)
    kept = context.house.blobs.put(canonical(encode(tuple(rows))))
    sample = Sample.of(table, [0.0] * len(rows), UNDECIDED, name=deployment, digest=kept, role=WINDOW)
    evidence = evidence_for(found, sample, asked, f"The log of {deployment}, {days:g} days; each answer on its own.")
    context.record(*evidence)
    recurring = {name: times for name, times in times_named(rows).items() if times > 1}
    _tell(context, deployment, recurring, rows)
    decision = ask(context, Question(found.digest, found.use_case, environment)).decision
    return AnswersWindow(deployment, found.digest, len(rows), tuple(recurring), evidence, decision)


def _since(context: Context, days: float) -> datetime:
    if not 0 < days <= 3650:
        msg = f"days is {days:g}: look back more than 0 days, and at most 3650"
        raise ValueError(msg)
    return context.house.clock() - timedelta(days=days)


def _rows(context: Context, deployment: str, version: str, since: datetime) -> Iterator[dict[str, Any]]:
    for batch in logged(context, deployment, Stream.ANSWERS):
        for row in batch.to_pylist():
            if row["at"].astimezone(UTC) >= since and version in ("", row["version"]):
                yield row


def _found(rows: Iterable[dict[str, Any]]) -> tuple[FoundLine, ...]:
    times: dict[tuple[str, str, str], int] = {}
    for row in rows:
        for finding in row["findings"]:
            guard, what, done = _parts(finding)[:3]
            times[guard, what, done] = times.get((guard, what, done), 0) + 1
    ordered = sorted(times.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FoundLine(*what, count) for what, count in ordered)


def _names(rows: Iterable[dict[str, Any]]) -> tuple[NameLine, ...]:
    seen: dict[str, NameLine] = {}
    for row in rows:
        for name, what, done in {(p[3], p[1], p[2]) for p in map(_parts, row["findings"]) if p[3]}:
            known = seen.get(name)
            at = row["at"].astimezone(UTC)
            last = max(at, known.last) if known else at
            seen[name] = NameLine(name, what, done, (known.answers if known else 0) + 1, last)
    return tuple(sorted(seen.values(), key=lambda line: (-line.answers, line.name)))


def _parts(finding: str) -> tuple[str, str, str, str]:
    """Return guard, what, action and name of a finding, as gateways log it; the name may be empty."""
    guard, what, done, name = (*finding.split(" ", 3), "", "", "")[:4]
    return guard, what, done, name


def _tell(context: Context, deployment: str, recurring: dict[str, int], rows: Sequence[Counted]) -> None:
    """Raise an alert for each name that comes up again and was not told of before."""
    told = {alert.about for _, alert in context.history(Alert, f"alert:{RECURS}")}
    new = [name for name in recurring if f"package:{name}" not in told]
    for name in new[:MOST_ALERTS]:
        words = (
            f"{recurring[name]} of {len(rows)} answers of {deployment} name {name}, which is not known to exist: it "
            "may be registered by somebody who waits for that; reserve it, or deny it in the policy"
        )
        context.house.notify.notify(Alert(RECURS, Severity.WARNING, f"package:{name}", words, context.house.clock()))
