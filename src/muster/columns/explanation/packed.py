"""Packed explanation: what a gateway needs to give reasons, worked out beforehand and small: a form and a background.

Of the background only sums leave the control plane: the means of a linear model's columns, or, for each leaf of a tree,
how many background rows are kept out of it by which factors. No row of a person is in it. Reading needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from muster.columns.arrow import Floats, Integers
from muster.columns.explanation.factors import NOBODY, Factors, adverse, principal
from muster.columns.explanation.linear import LinearAttribution
from muster.columns.explanation.trees import TreeAttribution
from muster.columns.forms import Form, Linear, Tree, Trees
from muster.columns.plan import Plan
from muster.records.canonical import canonical, parse
from muster.records.policy import ReasonMap

FORMAT = 1

Attribution = LinearAttribution | TreeAttribution

PROBES = 64
"""Rows on which a packed form is held against the served model."""

NEAR = 1e-9
"""Log-odds by which both may differ: one adds up in another order."""

_ARRAYS = {"feature": np.int64, "threshold": np.float64, "missing_left": np.bool_, "left": np.int64}
_ARRAYS |= {"right": np.int64, "leaf": np.bool_, "value": np.float64}


@dataclass(frozen=True, slots=True)
class Header:
    """What an explanation is of: digests of the served artifact, the reason map, and the sample of the background."""

    served: str
    reasons: str
    sample: str
    people: int
    """How many approved people the background is made of."""


def pack(header: Header, plan: Plan, form: Form, reasons: ReasonMap, background: Floats) -> bytes:
    """Write an explanation.

    Parameters
    ----------
    background
        Rows of the matrix of approved people, shape (people, width).
    """
    players = Factors.of(reasons, [column.name for column in plan.columns]).players(plan)
    said: dict[str, Any] = {"format": FORMAT, **{name: getattr(header, name) for name in Header.__slots__}}
    if isinstance(form, Linear):
        means = LinearAttribution(form, players, background).means
        said["linear"] = {"weights": form.weights.tolist(), "intercept": form.intercept, "means": means.tolist()}
    elif isinstance(form, Trees):
        counted = TreeAttribution(form, players, background).counted
        said["trees"] = {
            "baseline": form.baseline,
            "each": [{name: getattr(tree, name).tolist() for name in _ARRAYS} for tree in form.trees],
            "counted": [[seen.tolist(), counts.tolist()] for seen, counts in counted],
        }
    else:
        msg = f"no exact reasons can be worked out of {type(form).__name__.lower()}: known are linear models and trees"
        raise ValueError(msg)
    return canonical(_plain(said))


def header_of(packed: bytes) -> Header:
    """Return what an explanation is of; raise ValueError where it is none."""
    return _opened(packed)[0]


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
        _, said = _opened(packed)
        self.factors = Factors.of(reasons, [column.name for column in plan.columns])
        self.words: Mapping[str, str] = {
            factor.id: factor.statement for factor in self.factors.each if factor.statement
        }
        players = self.factors.players(plan)
        try:
            found = _linear(said, players) if "linear" in said else _trees(said, players)
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
            Of the served model: one a row of a float64 matrix.
        width
            Columns of the matrix.
        """
        chance = np.random.default_rng(0)
        rows = chance.normal(0.0, 3.0, (PROBES, width))
        if isinstance(self.form, Trees):  # near the thresholds, so that rows come to different leaves
            inner = [(tree.feature[~tree.leaf], tree.threshold[~tree.leaf]) for tree in self.form.trees]
            for feature, threshold in inner:
                picked = chance.integers(0, PROBES, len(feature))
                rows[picked, feature] = threshold + chance.choice((-1e-3, 0.0, 1e-3), len(feature))
        return bool(np.allclose(self.form.margins(rows), margins(rows), rtol=0.0, atol=NEAR))


def _linear(said: dict[str, Any], players: Integers) -> tuple[Linear | Trees, Attribution]:
    found = said["linear"]
    form = Linear(np.array(found["weights"], np.float64), float(found["intercept"]))
    return form, LinearAttribution(form, players, np.array([found["means"]], np.float64))


def _trees(said: dict[str, Any], players: Integers) -> tuple[Linear | Trees, Attribution]:
    found = said["trees"]
    each = [Tree(*(np.array(tree[name], kind) for name, kind in _ARRAYS.items())) for tree in found["each"]]
    form = Trees(float(found["baseline"]), tuple(each))
    counted = [(np.array(seen, np.int64), np.array(counts, np.int64)) for seen, counts in found["counted"]]
    return form, TreeAttribution(form, players, counted=counted)


def _opened(packed: bytes) -> tuple[Header, dict[str, Any]]:
    said: Any = parse(packed)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        msg = f"not an explanation of format {FORMAT}: issue the orders again with this release of muster"
        raise ValueError(msg)
    try:
        return Header(**{name: said[name] for name in Header.__slots__}), said
    except KeyError as error:
        msg = f"the explanation does not say its {error.args[0]}: issue the orders again"
        raise ValueError(msg) from None


def _plain(said: Any) -> Any:
    """Write infinite thresholds, which canonical JSON has no word for, as the largest numbers."""
    if isinstance(said, dict):
        return {name: _plain(item) for name, item in said.items()}
    if isinstance(said, list):
        return [_plain(item) for item in said]
    return float(np.nan_to_num(said)) if isinstance(said, float) else said
