"""Checks: what each measures, in the words of its docstring, with the figures that it gives on a made-up sample."""

from __future__ import annotations

import inspect
import re
from functools import cache

from docs.reference.controls import library

from muster.checks.declare import Check
from muster.checks.kit import credit_sample
from muster.checks.registry import CHECKS
from muster.columns.sample import SCORE, Sample
from muster.records.data import Column, ColumnType

HEAD = """# Checks

Written by `./run docs` from the code. A check measures a sample and returns figures, each with the number of rows
behind it and, where one is defined, a 95 % interval. It never says pass: limits are in [controls](controls.md). Where
it cannot measure it says so, with the reason, and a demand for it is then not met.
"""

PARAMETERS = {"attribute": "sex", "columns": ["sex"]}
"""For checks that must be given one."""


def checks() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(_section(known) for known in CHECKS.values())])


@cache
def sample() -> Sample:
    """Return the made-up credit applications of the kit, with a profile to compare them with."""
    columns = (Column("income", ColumnType.NUMBER), Column(SCORE, ColumnType.NUMBER))
    return credit_sample(reference=credit_sample().freeze(columns))


def _section(known: Check) -> str:
    used = [control.id for control in library().controls if control.check == known.name]
    options = list(dict.fromkeys(name for name in known.parameters if name not in known.required))
    lines = [
        f"## {known.name}\n",
        f"{_plain(known.documentation)}\n",
        f"- Version: {known.version}",
        f"- Parameters: {_listed(known.required) or 'none'} required; {_listed(options) or 'none'} optional",
        f"- Figures: {_listed(_figures(known)) or 'depend on the sample'}",
        f"- Controls that use it: {', '.join(used) or 'none that ships'}",
        f"- Source: `{_source(known)}`",
    ]
    return "\n".join(lines) + "\n"


def _figures(known: Check) -> list[str]:
    parameters = {name: value for name, value in PARAMETERS.items() if name in known.required}
    return list(dict.fromkeys(figure.name for figure in known.measure(sample(), parameters).figures))


def _listed(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names) if isinstance(names, (list, tuple)) else ""


def _source(known: Check) -> str:
    return "src/" + inspect.getmodule(known.function).__name__.replace(".", "/") + ".py"  # type: ignore[union-attr]


def _plain(text: str) -> str:
    """Turn sections of numpy docstrings, roles and double backticks of reStructuredText into Markdown."""
    text = re.sub(r"^(\w[\w ]+)\n-{3,}$", r"**\1**\n", text, flags=re.MULTILINE)
    return re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text).replace("``", "`")
