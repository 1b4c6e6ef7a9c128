"""Chain: the guards in the order in which they judge; whatever goes wrong in one of them closes the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muster.guards.envelope import Envelope
from muster.guards.guard import Context, Event, Guard, Outcome, Ruling
from muster.guards.plausible import Plausible
from muster.guards.prohibited import Prohibited
from muster.guards.schema import Schema

GUARDS: tuple[type[Guard], ...] = (
    Prohibited,  # before the schema, so that the reason is the law and not a missing column
    Schema,
    Envelope,
    Plausible,
)
"""Every guard of tabular requests, first to last."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the chain says of one event: the rulings up to the first refusal."""

    rulings: tuple[Ruling, ...]

    @property
    def refusal(self) -> Ruling | None:
        """The ruling that refused, if one did."""
        last = self.rulings[-1] if self.rulings else None
        return last if last and last.outcome is Outcome.REFUSE else None


class Chain:
    """Opened guards of one deployment."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._guards = tuple(guards)

    @classmethod
    def open(cls, context: Context, guards: Sequence[type[Guard]] = GUARDS) -> Chain:
        """Open every guard; raise PermissionError naming the one that cannot decide."""
        if not guards:
            msg = "no guard stands before this deployment: nothing is served unguarded"
            raise PermissionError(msg)
        opened = []
        for kind in guards:
            guard = kind()
            try:
                guard.open(context)
            except Exception as error:
                msg = f"guard {guard.name}: {error}"
                raise PermissionError(msg) from error
            opened.append(guard)
        return cls(opened)

    def feed(self, event: Event) -> Verdict:
        """Let each guard judge, in order, until one refuses; a guard that fails has refused."""
        rulings = []
        for guard in self._guards:
            try:
                ruling = guard.feed(event)
            except Exception:  # noqa: BLE001 - whatever happened in it, a guard that cannot judge refuses
                ruling = Ruling(guard.name, Outcome.REFUSE, "the guard could not judge this request")
            if ruling is None:
                continue
            rulings.append(ruling)
            if ruling.outcome is Outcome.REFUSE:
                break
        if not rulings:
            rulings.append(Ruling("chain", Outcome.REFUSE, "no guard judges events of this sort"))
        return Verdict(tuple(rulings))

    def close(self) -> None:
        """Close every guard."""
        for guard in self._guards:
            guard.close()
