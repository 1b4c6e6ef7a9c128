"""Controls and clauses: the library that ships, as tables that people can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from muster.adapters.assets import asset
from muster.adapters.yamlfiles.policies import read_library
from muster.records.governance.clauses import Clause
from muster.records.policy import Control, Library

SOURCE = "controls/controls.yaml"

HEAD = """# Controls and clauses

Written by `./run docs` from `src/muster/assets/{source}`. A control says in business words what may be demanded: a
check, its parameters, a limit, and whether the point or the whole interval must meet it. A policy picks controls and
may set its own limits.

{notice} Gathered {as_of}.
"""


@cache
def library() -> Library:
    """Return the control library that ships."""
    return read_library(asset(SOURCE).decode(), SOURCE)


def controls() -> str:
    """Return the page."""
    shipped = library()
    head = HEAD.format(source=SOURCE, notice=" ".join(shipped.notice.split()), as_of=shipped.as_of)
    asked = {clause.id: [c.id for c in shipped.controls if clause.id in c.clauses] for clause in shipped.clauses}
    parts = [head, "## Controls\n", *(_control(each) for each in shipped.controls)]
    return "\n".join([*parts, "## Clauses\n", *_clauses(shipped.clauses, asked)])


def _control(control: Control) -> str:
    limit = control.limit
    at_least = f", each figure on at least {limit.minimum_n} rows" if limit.minimum_n else ""
    lines = [
        f"### {control.id}\n",
        f"{control.statement}\n",
        f"- Check: [`{control.check}`](checks.md#{control.check.replace('.', '')})",
        f"- Limit: `{limit.figure}` {limit.comparison} {limit.value:g}, by the {limit.meets}{at_least}",
        f"- Waivable: {'yes' if control.waivable else 'no'}",
        f"- Clauses: {'; '.join(control.clauses) or 'none'}",
    ]
    if control.parameters:
        told = ", ".join(f"`{name}` = `{value}`" for name, value in control.parameters.items())
        lines.insert(3, f"- Parameters: {told}")
    return "\n".join(lines) + "\n"


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
