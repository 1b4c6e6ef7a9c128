"""Steps: what is done to one column of numbers on its way into a matrix, as data; each in the library's own order.

A step is a word and some numbers, so that a plan holds no code. Every word here does what scikit-learn does with the
same numbers, operation by operation, because another order moves the last bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from muster.columns.encoding.normal import inverse_normal

Floats = NDArray[np.float64]
Prepared = Callable[[Floats], Floats]

_TINY, _LARGEST_EXPONENT = 1e-19, 709.78  # where scipy takes another formula
_END: Final = 1e-7
"""How near to an end scikit-learn's quantile transformer clips."""
_ENDS: Final = inverse_normal(np.array([_END - np.spacing(1), 1 - (_END - np.spacing(1))]))
"""Between which numbers it clips then."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word, one of ``STEPS``, and its numbers; None stands for NaN, which JSON does not have."""

    op: str
    numbers: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One column of the matrix: where it is, and the steps that lead there from the input column.

    A number starts as itself, with NaN for null. A category starts as its rank among the encoding's categories;
    null has the rank after the last of them, an unknown category the one after that.
    """

    at: int
    steps: tuple[Step, ...] = ()


def run(step: Step, values: Floats) -> Floats:
    """Return what a step makes of values.

    Raises
    ------
    ValueError
        With the row in ``args[1]`` where a value is refused, as the library that fitted the model refuses it.
    """
    return STEPS[step.op](values, _numbers(step))


def prepared(step: Step) -> Prepared:
    """Return what does the same as :func:`run` with a step, its numbers read once."""
    done, numbers = STEPS[step.op], _numbers(step)
    return lambda values: done(values, numbers)


def require_known(steps: Sequence[Step]) -> None:
    """Raise ValueError where a word is none of ours."""
    if strange := sorted({step.op for step in steps} - STEPS.keys()):
        msg = f"the plan has steps {', '.join(strange)}, which this release of muster does not know: upgrade it"
        raise ValueError(msg)


def packed(values: Sequence[float]) -> tuple[float | None, ...]:
    """Return numbers as a step holds them."""
    return tuple(None if np.isnan(value) else float(value) for value in values)


def _numbers(step: Step) -> Floats:
    return np.array(step.numbers, np.float64)  # None becomes NaN


def _refuse(wrong: NDArray[np.bool_], what: str) -> None:
    if wrong.any():
        raise ValueError(what, int(wrong.argmax()))


def _finite(values: Floats, before: Floats) -> Floats:
    _refuse(np.isinf(values) & ~np.isinf(before), "a number too large for the model's scale")
    return values


def _arithmetic(done: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats], Floats]:
    def checked(values: Floats, numbers: Floats) -> Floats:
        with np.errstate(over="ignore"):
            return _finite(done(values, numbers[0]), values)

    return checked


def _plain(done: Callable[[Floats], Floats]) -> Callable[[Floats, Floats], Floats]:
    def checked(values: Floats, _: Floats) -> Floats:
        with np.errstate(all="ignore"):
            return _finite(done(values), values)

    return checked


def _present(values: Floats, _: Floats) -> Floats:
    _refuse(np.isnan(values), "no value, and the model cannot read that")
    return values


def _single(values: Floats, _: Floats) -> Floats:
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float32).astype(np.float64)
    _refuse(np.isinf(rounded), "a number too large for the model's single precision")
    return rounded


def _replace(values: Floats, numbers: Floats) -> Floats:
    return np.where(values == numbers[0], numbers[1], values)


def _pick(values: Floats, numbers: Floats) -> Floats:
    """Numbers: what all others become, what NaN becomes, then pairs of a value and what it becomes."""
    keys, to = numbers[2::2], numbers[3::2]
    found = np.where(np.isnan(values), numbers[1], numbers[0])
    if len(keys):
        order = np.argsort(keys, kind="stable")
        at = np.minimum(np.searchsorted(keys[order], values), len(keys) - 1)
        hit = keys[order][at] == values
        found[hit] = to[order][at][hit]
    return np.asarray(found, np.float64)


def _among(values: Floats, numbers: Floats) -> Floats:
    _refuse(~(np.isnan(values) | np.isin(values, numbers)), "a value that the model was not trained on")
    return values


def _above(values: Floats, numbers: Floats) -> Floats:
    return np.asarray(values > numbers[0], np.float64)


def _bin(values: Floats, numbers: Floats) -> Floats:
    return np.searchsorted(numbers, values, side="right").astype(np.float64)


def _clip(values: Floats, numbers: Floats) -> Floats:
    return np.clip(values, numbers[0], numbers[1])


def _quantile(values: Floats, numbers: Floats) -> Floats:
    """Numbers: quantiles, then as many references; the mean of both directions, as ``QuantileTransformer`` takes it."""
    quantiles = numbers[: len(numbers) // 2]
    made = _between(values, numbers)
    made[values == quantiles[-1]] = 1.0
    made[values == quantiles[0]] = 0.0
    return made


def _near_quantile(values: Floats, numbers: Floats) -> Floats:
    """Return the same for a normal distribution, whose ends take in what is near to them."""
    quantiles = numbers[: len(numbers) // 2]
    made = _between(values, numbers)
    made[values + _END > quantiles[-1]] = 1.0
    made[values - _END < quantiles[0]] = 0.0
    return made


def _between(values: Floats, numbers: Floats) -> Floats:
    quantiles, references = np.split(numbers, 2)
    made, known = values.copy(), ~np.isnan(values)
    inside = values[known]
    up = np.interp(inside, quantiles, references)
    made[known] = 0.5 * (up - np.interp(-inside, -quantiles[::-1], -references[::-1]))
    return made


def _normal(values: Floats, _: Floats) -> Floats:
    return np.clip(inverse_normal(values), *_ENDS)


def _yeo_johnson(values: Floats, numbers: Floats) -> Floats:
    """Numbers: lambda. As scipy.stats does it, which scikit-learn asks (Yeo and Johnson 2000)."""
    (power,) = numbers
    eps, above = np.finfo(np.float64).eps, values >= 0
    made = np.zeros_like(values)
    with np.errstate(over="ignore"):
        up, down = np.log1p(values[above]), np.log1p(-values[~above])
        made[above] = up if abs(power) < eps else np.expm1(power * up) / power
        made[~above] = -np.expm1((2 - power) * down) / (2 - power) if abs(power - 2) > eps else -down
    return _finite(made, values)


def _box_cox(values: Floats, numbers: Floats) -> Floats:
    """Numbers: lambda. As scipy.special does it: with the logarithm of the C library (Box and Cox 1964)."""
    power = float(numbers[0])
    _refuse(values <= 0, "a number that is not above zero, which the model cannot transform")

    def one(value: float) -> float:
        if math.isnan(value) or abs(power) < _TINY:
            return math.log(value)
        scaled = power * math.log(value)
        if scaled < _LARGEST_EXPONENT:
            return math.expm1(scaled) / power
        exponent = scaled - math.log(abs(power))
        grown = math.exp(exponent) if exponent < _LARGEST_EXPONENT else math.inf
        return math.copysign(1.0, power) * grown - 1 / power

    return _finite(np.fromiter(map(one, values.tolist()), np.float64, len(values)), values)


STEPS: Final[Mapping[str, Callable[[Floats, Floats], Floats]]] = {
    "add": _arithmetic(np.add),
    "subtract": _arithmetic(np.subtract),
    "multiply": _arithmetic(np.multiply),
    "divide": _arithmetic(np.divide),
    "fill": lambda values, numbers: np.where(np.isnan(values), numbers[0], values),
    "missing": lambda values, _: np.isnan(values).astype(np.float64),
    "equal": lambda values, numbers: (values == numbers[0]).astype(np.float64),
    "above": _above,
    "bin": _bin,
    "clip": _clip,
    "replace": _replace,
    "pick": _pick,
    "quantile": _quantile,
    "near-quantile": _near_quantile,
    "normal": _normal,
    "yeo-johnson": _yeo_johnson,
    "box-cox": _box_cox,
    "present": _present,
    "among": _among,
    "single": _single,
    "absolute": _plain(np.abs),
    "exp": _plain(np.exp),
    "expm1": _plain(np.expm1),
    "log": _plain(np.log),
    "log10": _plain(np.log10),
    "log1p": _plain(np.log1p),
    "log2": _plain(np.log2),
    "sign": _plain(np.sign),
    "floor": _plain(np.floor),
    "ceil": _plain(np.ceil),
    "rint": _plain(np.rint),
    "truncate": _plain(np.trunc),
    "negative": _plain(np.negative),
    "reciprocal": _plain(np.reciprocal),
    "sqrt": _plain(np.sqrt),
    "cbrt": _plain(np.cbrt),
    "square": _plain(np.square),
    "sin": _plain(np.sin),
    "cos": _plain(np.cos),
    "tanh": _plain(np.tanh),
    "arcsinh": _plain(np.arcsinh),
}
"""Every step by its word."""

LOGARITHMS: Final = frozenset({"log", "log10", "log1p", "log2", "sqrt"})
"""Steps that make NaN of some numbers."""

NULLS: Final = frozenset({"fill", "missing", "present", "pick"})
"""Steps after which nothing is NaN; ``pick`` where all that it gives is a number."""
