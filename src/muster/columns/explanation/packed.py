"""Packed explanation: what a gateway needs to give reasons, worked out beforehand and small: a form and a background.

Of the background only sums leave the control plane: the means of a linear model's columns, or, for each leaf of a tree,
how many background rows are kept out of it by which factors. No row of a person is in it. Reading needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.explanation.factors import NOBODY, Factors, adverse, principal
from muster.columns.explanation.headed import (
    Attributed,
    Attribution,
    HeadAttribution,
    Single,
    attributed,
    count_of,
    own_of,
)
from muster.columns.explanation.header import FORMAT, HEADED, Header, opened
from muster.columns.explanation.linear import LinearAttribution
from muster.columns.explanation.trees import TreeAttribution
from muster.columns.forms import Form, Linear, Member, Members, Tree, Trees
from muster.columns.plan import Plan
from muster.records.canonical import canonical
from muster.records.policy import ReasonMap

PROBES = 64
"""Rows on which a packed form is held against the served model."""

NEAR = 1e-9
"""Log-odds by which both may differ: one adds up in another order."""

_FAR = 1e100
"""Thresholds beyond are infinite ones, and no row is put there."""

_ARRAYS = {"feature": np.int64, "threshold": np.float64, "missing_left": np.bool_, "left": np.int64}
_ARRAYS |= {"right": np.int64, "leaf": np.bool_, "value": np.float64}


def pack(header: Header, plan: Plan, form: Form, reasons: ReasonMap, background: Floats) -> bytes:
    """Write an explanation.

    Parameters
    ----------
    background
        Rows of the matrix of approved people, shape (people, width).
    """
    players = Factors.of(reasons, [column.name for column in plan.columns]).players(plan)
    said: dict[str, Any] = {"format": FORMAT, **{name: getattr(header, name) for name in Header.__slots__}}
    by = attributed(form, players, background)
    if isinstance(form, Members) and isinstance(by, HeadAttribution):
        said |= {"format": HEADED}
        said["members"] = [
            {"start": member.start, "width": member.width, **_told(member.form, own.by)}
            for member, own in zip(form.each, by.members, strict=True)
        ]
    else:
        said |= _told(form, by)
    return canonical(_plain(said))


def _told(form: Any, by: Any) -> dict[str, Any]:
    if isinstance(form, Linear):
        return {
            "linear": {"weights": form.weights.tolist(), "intercept": form.intercept, "means": by.means.tolist()},
        }
    trees = {
        "baseline": form.baseline,
        "each": [{name: getattr(tree, name).tolist() for name in _ARRAYS} for tree in form.trees],
        "counted": [[seen.tolist(), counts.tolist()] for seen, counts in by.counted],
    }
    return {"trees": trees}


class Reasons:
    """Gives reason codes for encoded rows, as one explanation and one reason map say.

    Parameters
    ----------
    plan
        Of the served model.
    reasons
        The governed map; its factors are the codes.
    packed
        What :func:`pack` wrote.

    Raises
    ------
    ValueError
        If the explanation cannot be read, or is of another model.
    """

    def __init__(self, plan: Plan, reasons: ReasonMap, packed: bytes) -> None:
        _, said = opened(packed)
        self.factors = Factors.of(reasons, [column.name for column in plan.columns])
        self.words: Mapping[str, str] = {
            factor.id: factor.statement for factor in self.factors.each if factor.statement
        }
        players = self.factors.players(plan)
        try:
            found = _headed(said, plan, players) if "members" in said else _single(said, players)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            msg = f"the explanation cannot be read ({error}): issue the orders again"
            raise ValueError(msg) from None
        self.form, self._attribution = found
        self._rule = plan.decision
        self._nameable = self.factors.nameable
        self._ids = [factor.id for factor in self.factors.each]

    def codes(self, encoded: Floats, rows: Sequence[int]) -> list[Sequence[str]]:
        """Return for each of these rows the factors that counted most against the person, the worst first."""
        shares = self._attribution.shares(encoded if len(rows) == len(encoded) else encoded[rows])
        found = principal(adverse(shares, self._rule), self._nameable, self.factors.most)
        ids = self._ids
        return [[ids[at] for at in places if at != NOBODY] for places in found.tolist()]

    def agrees(self, margins: Any, width: int) -> bool:
        """Tell whether the explained form computes what the served model does, on rows made for that.

        Parameters
        ----------
        margins
            Of the served model: one a row of a float64 matrix, and one a member where it has a head.
        width
            Columns of the matrix.
        """
        chance = np.random.default_rng(0)
        rows = chance.normal(0.0, 3.0, (PROBES, width))
        for start, tree in _trees_of(self.form):  # near the thresholds, so that rows come to different leaves
            met = ~tree.leaf & (np.abs(tree.threshold) < _FAR)
            feature, threshold = tree.feature[met] + start, tree.threshold[met]
            picked = chance.integers(0, PROBES, len(feature))
            rows[picked, feature] = threshold + chance.choice((-1e-3, 0.0, 1e-3), len(feature))
        told, computed = self.form.margins(rows), margins(rows)
        return told.shape == computed.shape and bool(np.allclose(told, computed, rtol=0.0, atol=NEAR))


def _headed(said: dict[str, Any], plan: Plan, players: Integers) -> tuple[Form, Attribution]:
    forms, members = [], []
    for each in said["members"]:
        start, width = int(each["start"]), int(each["width"])
        known, own = own_of(start, width, players)
        form, by = _single(each, own)
        forms.append(Member(start, width, form))
        members.append(Attributed(start, width, by, known))
    return Members(tuple(forms), plan.head), HeadAttribution(members, plan.head, count_of(players))


def _single(said: dict[str, Any], players: Integers) -> tuple[Linear | Trees, Single]:
    return _linear(said, players) if "linear" in said else _trees(said, players)


def _trees_of(form: Form) -> Iterator[tuple[int, Tree]]:
    if isinstance(form, Trees):
        yield from ((0, tree) for tree in form.trees)
    for member in form.each if isinstance(form, Members) else ():
        if isinstance(member.form, Trees):
            yield from ((member.start, tree) for tree in member.form.trees)


def _linear(said: dict[str, Any], players: Integers) -> tuple[Linear, LinearAttribution]:
    found = said["linear"]
    form = Linear(np.array(found["weights"], np.float64), float(found["intercept"]))
    return form, LinearAttribution(form, players, np.array([found["means"]], np.float64))


def _trees(said: dict[str, Any], players: Integers) -> tuple[Trees, TreeAttribution]:
    found = said["trees"]
    each = [Tree(*(np.array(tree[name], kind) for name, kind in _ARRAYS.items())) for tree in found["each"]]
    form = Trees(float(found["baseline"]), tuple(each))
    counted = [(np.array(seen, np.int64), np.array(counts, np.int64)) for seen, counts in found["counted"]]
    return form, TreeAttribution(form, players, counted=counted)


def _plain(said: Any) -> Any:
    """Write infinite thresholds, which canonical JSON has no word for, as the largest numbers."""
    if isinstance(said, dict):
        return {name: _plain(item) for name, item in said.items()}
    if isinstance(said, list):
        return [_plain(item) for item in said]
    return float(np.nan_to_num(said)) if isinstance(said, float) else said
