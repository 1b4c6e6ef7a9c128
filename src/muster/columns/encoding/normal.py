"""Normal: the inverse of the normal distribution, bit for bit as ``scipy.special.ndtri`` gives it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROOT: Final = 2.50662827463100050242
"""Square root of two pi."""
_TAIL: Final = 0.13533528323661269189
"""exp(-2): what is nearer to an end is a tail."""
_FAR: Final = 8.0

# Rational approximations of S. L. Moshier's Cephes library (1984-2000), which scipy runs: highest power first.
_CENTRE: Final = (
    (-59.9633501014107895267, 98.0010754185999661536, -56.6762857469070293439, 13.9312609387279679503,
     -1.23916583867381258016),
    (1.0, 1.95448858338141759834, 4.67627912898881538453, 86.3602421390890590575, -225.462687854119370527,
     200.260212380060660359, -82.0372256168333339912, 15.9056225126211695515, -1.18331621121330003142),
)  # fmt: skip
_NEAR_TAIL: Final = (
    (4.05544892305962419923, 31.5251094599893866154, 57.1628192246421288162, 44.0805073893200834700,
     14.6849561928858024014, 2.18663306850790267539, -0.140256079171354495875, -0.0350424626827848203418,
     -8.57456785154685413611e-4),
    (1.0, 15.7799883256466749731, 45.3907635128879210584, 41.3172038254672030440, 15.0425385692907503408,
     2.50464946208309415979, -0.142182922854787788574, -0.0380806407691578277194, -9.33259480895457427372e-4),
)  # fmt: skip
_FAR_TAIL: Final = (
    (3.23774891776946035970, 6.91522889068984211695, 3.93881025292474443415, 1.33303460815807542389,
     0.201485389549179081538, 0.0123716634817820021358, 3.01581553508235416007e-4, 2.65806974686737550832e-6,
     6.23974539184983293730e-9),
    (1.0, 6.02427039364742014255, 3.67983563856160859403, 1.37702099489081330271, 0.216236993594496635890,
     0.0134204006088543189037, 3.28014464682127739104e-4, 2.89247864745380683936e-6, 6.79019408009981274425e-9),
)  # fmt: skip


def inverse_normal(chances: Floats) -> Floats:
    """Return for each chance the number below which a normal variable stays with it; NaN stays NaN.

    Parameters
    ----------
    chances
        Between 0 and 1, which become infinite.
    """
    if len(chances) == 1:
        return np.array([_alone(float(chances[0]))])
    made = np.where(chances == 0.0, -np.inf, np.where(chances == 1.0, np.inf, np.nan))
    open_ = (chances > 0.0) & (chances < 1.0)
    inside = chances[open_]
    upper = inside > 1.0 - _TAIL
    low = np.where(upper, 1.0 - inside, inside)
    centre, found = low > _TAIL, np.empty(len(low))
    found[centre] = _central(low[centre] - 0.5)
    tail = _tail(low[~centre])
    found[~centre] = np.where(upper[~centre], tail, -tail)
    made[open_] = found
    return np.asarray(made, np.float64)


def _alone(chance: float) -> float:
    """Return the same of one chance, by plain floats: that takes a tenth of the time of arrays."""
    if not 0.0 < chance < 1.0:
        return -math.inf if chance == 0.0 else math.inf if chance == 1.0 else math.nan
    upper = chance > 1.0 - _TAIL
    low = 1.0 - chance if upper else chance
    if low > _TAIL:
        apart = low - 0.5
        square = apart * apart
        return (apart + apart * (square * _powers(square, _CENTRE[0]) / _powers(square, _CENTRE[1]))) * _ROOT
    far = math.sqrt(-2.0 * math.log(low))
    share, (up, down) = 1.0 / far, _NEAR_TAIL if far < _FAR else _FAR_TAIL
    tail = far - math.log(far) / far - share * _powers(share, up) / _powers(share, down)
    return tail if upper else -tail


def _powers(value: float, powers: tuple[float, ...]) -> float:
    made = powers[0]
    for factor in powers[1:]:
        made = made * value + factor
    return made


def _central(apart: Floats) -> Floats:
    square = apart * apart
    return (apart + apart * (square * _horner(square, _CENTRE[0]) / _horner(square, _CENTRE[1]))) * _ROOT


def _tail(low: Floats) -> Floats:
    far = np.sqrt(-2.0 * _log(low))
    begun, share = far - _log(far) / far, 1.0 / far
    near, beyond = (share * _horner(share, up) / _horner(share, down) for up, down in (_NEAR_TAIL, _FAR_TAIL))
    return begun - np.where(far < _FAR, near, beyond)


def _log(values: Floats) -> Floats:
    """Return logarithms of the C library, as scipy takes them; numpy's own differ in last bits."""
    return np.fromiter(map(math.log, values.tolist()), np.float64, len(values))


def _horner(values: Floats, powers: tuple[float, ...]) -> Floats:
    made = np.full(len(values), powers[0])
    for factor in powers[1:]:
        made = made * values + factor
    return made
