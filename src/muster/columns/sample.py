"""Sample: what a check may look at, checked at the moment of looking.

Building a sample fails only where its parts do not belong together (lengths differ, no such column). Whether scores,
labels or inputs are sound is judged when a check asks for them, so that one bad column stops the checks which need it
and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from muster.columns.answers.amounts import Amounts, RawAmounts
from muster.columns.answers.classes import Classes, RawClasses
from muster.columns.arrow import Bools, Floats, column_of, equal, first, missing, table_of
from muster.columns.profile import Profile
from muster.columns.rescoring import Companion, Rescorer
from muster.columns.statistics.grouping import Grouping, group_by
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable
from muster.records.purpose import Value

UNDECIDED = DecisionRule(float("nan"), Favourable.AT_LEAST, "", "")
"""The rule of a sample without one: a regression, or a classifier of more than two classes."""

SCORE = "score"
"""Name of the score among the columns of a profile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows with the scores and decisions of one model version; build it with :meth:`of`."""

    name: str
    digest: str
    role: str
    """``held-out``, ``window`` and so on, as in ``Evidence.sample_role``."""
    table: pa.Table
    raw_scores: Floats
    rule: DecisionRule
    raw_favourable: Bools | None
    inputs: tuple[str, ...]
    target: str
    positive: int | str
    reference: Profile | None
    rescorer: Rescorer | None = None
    """Scores changed rows with the same model, where the caller has it at hand; see :meth:`beside`."""
    companion: Companion | None = None
    """Other rows to hold these against, such as the training rows; see :meth:`beside`."""
    answers: RawClasses | RawAmounts | None = None
    """What the model says where that is not one probability a row; see :meth:`of_classes` and :meth:`of_amounts`."""
    raw_weights: Floats | None = None
    time: str = ""
    """Column that says when each row was decided or became known."""
    value: Value | None = None
    """What each outcome is worth, where the use case states it; see :meth:`beside`."""

    @classmethod
    def of(  # noqa: PLR0913 - keywords, each a part that only the caller knows
        cls,
        data: Any,
        scores: Any,
        rule: DecisionRule,
        *,
        name: str,
        digest: str,
        role: str,
        inputs: Sequence[str] = (),
        target: str = "",
        positive: int | str = 1,
        favourable: Any = None,
        reference: Profile | None = None,
        weights: Any = None,
        time: str = "",
    ) -> Sample:
        """Put rows, scores and decisions together.

        Parameters
        ----------
        data
            Arrow data, shape (rows, columns): inputs, target, and attributes by which people are grouped.
        scores
            P(target == positive) a row: an array, an Arrow column, or the name of a column of ``data``.
        rule
            Turns scores into decisions and says which side is favourable.
        inputs
            Names of the columns that the model reads.
        target, positive
            Column of outcomes and its positive value; without ``target`` there are no labels.
        favourable
            Decisions as they were made (True is favourable), where they were logged; else the rule is applied.
        reference
            Frozen profile of inputs and score against which drift is measured.
        weights
            How much each row counts, given as ``scores`` are; without them each counts once.
        time
            Column that says when each row was decided or became known.

        Raises
        ------
        ValueError
            If lengths differ, or if ``target``, an input, the score or the time column does not exist.
        """
        table = table_of(data)
        for column in (*inputs, *(name for name in (target, time) if name)):
            column_of(table, column)
        decided = None if favourable is None else _vector(table, favourable, "decisions").astype(np.bool_)
        return cls(
            name=name, digest=digest, role=role, table=table, rule=rule, inputs=tuple(inputs), target=target,
            positive=positive, reference=reference, raw_favourable=decided, time=time,
            raw_scores=np.asarray(_vector(table, scores, "scores"), dtype=np.float64),
            raw_weights=None if weights is None else np.asarray(_vector(table, weights, "weights"), dtype=np.float64),
        )  # fmt: skip

    @classmethod
    def of_classes(cls, data: Any, scores: Any, classes: Sequence[str], *, target: str, **more: Any) -> Sample:
        """Put rows and the answers of a classifier of several classes together.

        Parameters
        ----------
        scores
            Probabilities, shape (rows, classes), or the names of as many columns of ``data``.
        classes
            Names of the classes in the order of the scores, as text of the target's values.
        more
            ``name``, ``digest``, ``role`` and, if wanted, ``inputs``, ``weights``, ``time``, as in :meth:`of`.

        Raises
        ------
        ValueError
            If shapes differ or a column does not exist.
        """
        table = table_of(data)
        answers = RawClasses.of(table, classes, scores)
        nothing = np.full(table.num_rows, np.nan)
        return replace(cls.of(table, nothing, UNDECIDED, target=target, **more), answers=answers)

    @classmethod
    def of_amounts(cls, data: Any, predicted: Any, *, target: str, **more: Any) -> Sample:
        """Put rows and predicted amounts together; ``more`` as in :meth:`of_classes`, errors too."""
        table = table_of(data)
        amounts = np.asarray(_vector(table, predicted, "predictions"), dtype=np.float64)
        made = cls.of(table, np.full(table.num_rows, np.nan), UNDECIDED, target=target, **more)
        return replace(made, answers=RawAmounts(amounts))

    def beside(
        self, *, rescorer: Rescorer | None = None, companion: Companion | None = None, value: Value | None = None
    ) -> Sample:
        """Return the same sample with the model, other rows or worths beside it; what is not given stays as it was."""
        rescorer, companion = rescorer or self.rescorer, companion or self.companion
        return replace(self, rescorer=rescorer, companion=companion, value=value or self.value)

    def against(self, name: str, scores: Floats) -> Sample:
        """Return the same sample with the scores of another model, shape (rows,), as a column of that name."""
        return replace(self, table=self.table.append_column(name, pa.array(scores)))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    @property
    def scores(self) -> Floats:
        """Scores, shape (rows,); raise ValueError if there are no rows or one is not within 0 and 1."""
        self._need_rows()
        if self.answers is not None:
            msg = f"sample {self.name!r} holds no probability of one class: this measures classifiers of two classes"
            raise ValueError(msg)
        wrong = ~((self.raw_scores >= 0.0) & (self.raw_scores <= 1.0))
        if wrong.any():
            row = first(wrong)
            msg = (
                f"score is {self.raw_scores[row]:g} in row {row} (rows count from 0; {np.count_nonzero(wrong)} such): "
                "scores are probabilities within 0 and 1"
            )
            raise ValueError(msg)
        return self.raw_scores

    @property
    def favourable(self) -> Bools:
        """Whether the decision favours the person, shape (rows,)."""
        if self.raw_favourable is not None and self.rows:
            return self.raw_favourable
        below = self.rule.favourable is Favourable.BELOW
        return self.scores < self.rule.threshold if below else self.scores >= self.rule.threshold

    @property
    def predicted(self) -> Bools:
        """Whether the decision says that a row is positive, shape (rows,): a refusal, for a probability of default."""
        return ~self.favourable if self.rule.favourable is Favourable.BELOW else self.favourable

    @property
    def classes(self) -> Classes:
        """Answers of a classifier of several classes with their labels; raise ValueError if this is another sample."""
        self._need_rows()
        if not isinstance(self.answers, RawClasses):
            msg = f"sample {self.name!r} holds no scores of several classes"
            raise ValueError(msg)
        return self.answers.sound(self.table, self.target)

    @property
    def amounts(self) -> Amounts:
        """Predicted and actual amounts; raise ValueError if this is no sample of a regression."""
        self._need_rows()
        if not isinstance(self.answers, RawAmounts):
            msg = f"sample {self.name!r} holds no predicted amounts"
            raise ValueError(msg)
        return self.answers.sound(self.table, self.target)

    @property
    def weights(self) -> Floats | None:
        """How much each row counts, shape (rows,), or None; raise ValueError if one is negative or no number."""
        if self.raw_weights is None:
            return None
        wrong = ~(np.isfinite(self.raw_weights) & (self.raw_weights >= 0.0))
        if wrong.any():
            row = first(wrong)
            msg = f"weight is {self.raw_weights[row]:g} in row {row} (rows count from 0): weights are numbers from 0 up"
            raise ValueError(msg)
        if not self.raw_weights.any():
            msg = f"all weights of sample {self.name!r} are 0: nothing counts"
            raise ValueError(msg)
        return self.raw_weights

    @property
    def labels(self) -> Bools:
        """Whether target == positive, shape (rows,); raise ValueError if a label is absent or all are the same."""
        if not self.target:
            msg = f"sample {self.name!r} has no labels: name the target column once outcomes are known"
            raise ValueError(msg)
        absent = missing(self.table, self.target)
        if absent.any():
            msg = (
                f"label column {self.target!r} is empty in row {first(absent)} (rows count from 0; "
                f"{np.count_nonzero(absent)} such): measure on the rows whose outcome is known"
            )
            raise ValueError(msg)
        labels = equal(self.table, self.target, self.positive)
        if labels.all() or not labels.any():
            share = "every" if labels.size and labels.all() else "no"
            msg = f"label column {self.target!r} is constant: {share} row has the positive value {self.positive!r}"
            raise ValueError(msg)
        return labels

    @property
    def qualified(self) -> Bools:
        """Whether the true outcome is the one that deserves the favourable decision, shape (rows,)."""
        return ~self.labels if self.rule.favourable is Favourable.BELOW else self.labels

    def groups(self, attribute: str, bands: Sequence[float] | None = None) -> Grouping:
        """Group the rows by an attribute; see :func:`muster.columns.statistics.grouping.group_by`."""
        self._need_rows()
        return group_by(self.table, attribute, bands)

    def with_score(self) -> pa.Table:
        """Return the inputs and, as column ``score``, the scores: what profiles of a model version count."""
        if SCORE in self.inputs:
            msg = f"an input is called {SCORE!r}, the name that the score has in a profile: rename the input"
            raise ValueError(msg)
        for name in self.inputs:
            column_of(self.table, name)
        return self.table.select(list(self.inputs)).append_column(SCORE, pa.array(self.scores))

    def freeze(self, columns: Sequence[Column]) -> Profile:
        """Return the reference profile of inputs and score, to be kept with the release.

        ``columns`` describe the inputs, as the manifest does; the score is added.
        """
        return Profile.of(self.with_score(), (*columns, Column(SCORE, ColumnType.NUMBER)))

    def _need_rows(self) -> None:
        if self.rows == 0:
            msg = f"sample {self.name!r} has no rows"
            raise ValueError(msg)


def _vector(table: pa.Table, values: Any, what: str) -> Any:
    if isinstance(values, str):
        values = column_of(table, values)
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        if values.null_count and what == "decisions":
            msg = f"{what}: {values.null_count} of {len(values)} rows have none"
            raise ValueError(msg)
        values = values.to_numpy() if isinstance(values, pa.ChunkedArray) else values.to_numpy(zero_copy_only=False)
    array = np.asarray(values)
    if array.shape != (table.num_rows,):
        msg = f"{what} have shape {array.shape}, the table has {table.num_rows} rows: there must be one a row"
        raise ValueError(msg)
    return array
