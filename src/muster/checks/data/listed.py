"""The data checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.data.columns import columns
from muster.checks.data.duplicates import duplicates
from muster.checks.data.labels import labels
from muster.checks.data.leakage.overlap import overlap
from muster.checks.data.leakage.target import target_leakage
from muster.checks.data.leakage.time_order import time_order
from muster.checks.data.missingness import missingness
from muster.checks.data.outliers import outliers
from muster.checks.data.representativeness import representativeness
from muster.checks.data.values import values

DATA = (
    target_leakage,
    overlap,
    time_order,
    labels,
    representativeness,
    columns,
    values,
    duplicates,
    missingness,
    outliers,
)
