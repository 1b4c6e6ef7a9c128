"""The checks of traffic, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.traffic.beside_champion import beside_champion

TRAFFIC = (beside_champion,)
