"""Package hallucination: how often a language model names packages that are not known to exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from muster.checks.declare import check
from muster.checks.figures import estimate, exact
from muster.checks.parameters import text, whole
from muster.columns.arrow import column_of
from muster.columns.replies.clusters import METHOD as INTERVAL
from muster.columns.replies.clusters import clustered
from muster.columns.sample import Sample
from muster.records.evidence import Figure, Measurement

MOST_NAMED = 20
"""Recurring names that get a figure of their own."""

METHOD = (
    "A package counts once an answer. It is invented if a complete and fresh list of names does not have it, and "
    "unproven if it is invented or no list at hand can tell; what claims no package (standard library, modules of the "
    "answer itself, placeholders) is left aside. "
)


@check("code.package_hallucination", version=1, parameters=("prompts", "recurs"))
def package_hallucination(sample: Sample, parameters: Mapping[str, Any]) -> Measurement:
    """Measure how many packages, and how many answers that name one, are ``invented`` or ``unproven``.

    ``invented_per_reference`` and ``unproven_per_reference`` count packages, where all that were named are known;
    ``invented_per_answer`` and ``unproven_per_answer`` count answers. Figures of languages and kinds of questions begin
    with ``group_``, so that limits are for the whole. ``prompts``: digest that the prompt set must have; ``recurs``:
    how many questions must bring up a name for it to count in ``recurring_names`` (2).
    """
    wanted, least = text(parameters, "prompts"), whole(parameters, "recurs", 2)
    if wanted and wanted != sample.digest:
        msg = f"the prompts asked have the digest {sample.digest}, the control wants {wanted}"
        raise ValueError(msg)
    if not sample.rows:
        msg = f"sample {sample.name!r} has no answers"
        raise ValueError(msg)
    answers = _Answers(sample)
    figures = [*answers.figures(), *answers.groups("language"), *answers.groups("kind"), *answers.recurring(least)]
    return Measurement(tuple(figures), method=METHOD + INTERVAL)


class _Answers:
    """The rows of a sample as arrays."""

    def __init__(self, sample: Sample) -> None:
        self._table = sample.table
        self._prompts = np.asarray(column_of(sample.table, "prompt").to_pylist(), dtype=np.str_)
        references = column_of(sample.table, "references")
        self._references = None if references.null_count else np.asarray(references.to_pylist(), dtype=np.float64)
        self._found = {
            name: np.asarray(column_of(sample.table, name).to_pylist(), dtype=np.float64)
            for name in ("invented", "unproven")
        }

    def figures(self, rows: Any = slice(None), prefix: str = "", group: str = "") -> Iterator[Figure]:
        """Yield the figures of some rows."""
        clusters = self._prompts[rows]
        for name, found in self._found.items():
            if self._references is not None and (named := self._references[rows]).sum():
                rate = clustered(found[rows], named, clusters.tolist())
                yield estimate(f"{prefix}{name}_per_reference", rate, int(named.sum()), group, self._note(name))
            rate = clustered(found[rows] > 0, np.ones(clusters.size), clusters.tolist())
            yield estimate(f"{prefix}{name}_per_answer", rate, clusters.size, group, self._note(name))

    def _note(self, name: str) -> str:
        told = float(self._found["unproven"].sum()) > float(self._found["invented"].sum())
        return "at least: of some names no list could tell" if told and name == "invented" else ""

    def groups(self, column: str) -> Iterator[Figure]:
        """Yield the figures of each language, or of each kind of question."""
        values = np.asarray(column_of(self._table, column).to_pylist(), dtype=np.str_)
        for value in sorted(set(values.tolist()) - {""}):
            yield from self.figures(values == value, "group_", f"{column}={value}")

    def recurring(self, least: int) -> Iterator[Figure]:
        """Yield how many unproven names several questions brought up, and the most frequent of them."""
        asked: dict[str, set[str]] = {}
        for prompt, names in zip(self._prompts.tolist(), column_of(self._table, "names").to_pylist(), strict=True):
            for name in names or ():
                asked.setdefault(name, set()).add(prompt)
        total = len(set(self._prompts.tolist()))
        again = {name: len(prompts) for name, prompts in asked.items() if len(prompts) >= least}
        yield exact("recurring_names", len(again), total)
        for name, count in sorted(again.items(), key=lambda item: (-item[1], item[0]))[:MOST_NAMED]:
            yield exact("named_by_questions", count, total, name)
