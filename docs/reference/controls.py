"""Controls and clauses: the library that ships, as tables that people can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from muster.adapters.assets import asset
from muster.adapters.yamlfiles.policies import read_library
from muster.records.evidence import ATTESTED
from muster.records.governance.clauses import Clause
from muster.records.policy import Control, Library
from muster.rules.coverage.means import answering, regime_of

SOURCE = "controls/controls.yaml"

HEAD = """# Controls and clauses

Written by `./run docs` from `src/muster/assets/controls` and `src/muster/assets/clauses`. A control says in business
words what may be demanded: a check, its parameters, a limit, and whether the point or the whole interval must meet it.
A policy picks controls and may set its own limits. An objective is what several clauses ask for in common; controls
measure it, or a fact of the house shows it, or nothing does. See
[what the library is and is not](../explanation/control-library.md).

{notice} Gathered {as_of}.
"""


@cache
def library() -> Library:
    """Return the control library that ships."""
    return read_library(asset(SOURCE).decode(), SOURCE)


def controls() -> str:
    """Return the page."""
    shipped = library()
    head = HEAD.format(notice=" ".join(shipped.notice.split()), as_of=shipped.as_of)
    means = answering(shipped)
    asked = {name: [*(c.id for c in found.controls), *found.facts] for name, found in means.items()}
    parts = [head, "## Objectives\n", *_objectives(shipped), "## Controls\n"]
    parts += [_control(each) for each in shipped.controls]
    for regime in shipped.regimes:
        clauses = tuple(clause for clause in shipped.clauses if regime_of(clause) == regime.id)
        parts += [f"## {regime.id}: {regime.name}\n", f"{regime.source}. {regime.note}".strip() + "\n"]
        parts += _clauses(clauses, asked) if clauses else ["No clause of it is described.\n"]
    return "\n".join(parts)


def _objectives(shipped: Library) -> Iterator[str]:
    yield "| Objective | Statement | Answered by | Not covered |\n|---|---|---|---|"
    for each in shipped.objectives:
        measured = [f"[{c.id}](#{c.id})" for c in shipped.controls if c.objective == each.id]
        facts = [f"fact {fact}" for fact in each.facts]
        by = ", ".join([*measured, *facts]) or "nothing"
        yield f"| {each.id} | {each.statement} | {each.answered_by.value}: {by} | {each.gap} |"
    yield ""


def _control(control: Control) -> str:
    limit = control.limit
    at_least = f", each figure on at least {limit.minimum_n} rows" if limit.minimum_n else ""
    lines = [
        f"### {control.id}\n",
        f"{control.statement}\n",
        _check(control),
        f"- Limit: `{limit.figure}` {limit.comparison} {limit.value:g}, by the {limit.meets}{at_least}",
        f"- Waivable: {'yes' if control.waivable else 'no'}",
        f"- Clauses: {'; '.join(control.clauses) or 'none'}",
        f"- Objective: {control.objective}",
    ]
    if control.in_force_from:
        lines.append(f"- In force from: {control.in_force_from}")
    if control.parameters:
        told = ", ".join(f"`{name}` = `{value}`" for name, value in control.parameters.items())
        lines.insert(3, f"- Parameters: {told}")
    return "\n".join(lines) + "\n"


def _check(control: Control) -> str:
    family, _, questionnaire = control.check.partition(".")
    if family == ATTESTED:
        return f"- Check: `{control.check}`, what people answer to the questionnaire {questionnaire}"
    return f"- Check: [`{control.check}`](checks.md#{control.check.replace('.', '')})"


def _clauses(clauses: tuple[Clause, ...], asked: Mapping[str, list[str]]) -> Iterator[str]:
    yield "| Clause | In our words | Status | Read? | Controls |\n|---|---|---|---|---|"
    for clause in clauses:
        ends = (("from", clause.in_force_from), ("until", clause.in_force_until))
        dates = "".join(f" {word} {date}" for word, date in ends if date)
        where = f" ({', '.join(clause.jurisdictions)})" if clause.jurisdictions else ""
        named = ", ".join(asked[clause.id])
        summary = f"{clause.summary} *{clause.source}*{where}"
        yield f"| {clause.id} | {summary} | {clause.status}{dates} | {clause.confidence} | {named} |"
    yield ""
