"""Ways: by what people may come into a house, and for how long they may stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from muster.ports.directory import Passwords, Provider
from muster.records.people import Role


@dataclass(frozen=True, slots=True)
class Ways:
    """What a house offers to whoever wants to come in; nothing bound: tokens alone."""

    passwords: Passwords | None = None
    provider: Provider | None = None
    groups: Mapping[str, Role] = field(default_factory=dict)
    """Roles that groups at the provider bring."""
    join: bool = False
    """Whether somebody whom the provider knows and this house does not becomes an actor, without roles."""
    idle: timedelta = timedelta(minutes=30)
    """A session ends when it was not used for so long."""
    life: timedelta = timedelta(hours=12)
    """A session ends after so long, used or not."""
