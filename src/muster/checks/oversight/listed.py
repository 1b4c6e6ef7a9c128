"""The checks of oversight, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.oversight.override_rate import override_rate

OVERSIGHT = (override_rate,)
