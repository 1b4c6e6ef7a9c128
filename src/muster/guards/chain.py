"""Chain: the guards in the order in which they judge; whatever goes wrong in one of them closes the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from muster.guards.decisions.abstain import Abstain
from muster.guards.decisions.business import Business
from muster.guards.decisions.consistent import Consistent
from muster.guards.envelope import Envelope
from muster.guards.guard import Context, Decisions, Event, Guard, Outcome, Rows, Ruling, Scores
from muster.guards.limits.rate import Rate
from muster.guards.limits.size import Size
from muster.guards.plain import Bounds, Narrows, Plain
from muster.guards.plausible import Plausible
from muster.guards.prohibited import Prohibited
from muster.guards.schema import Schema

KINDS: Mapping[str, type[Guard]] = {
    kind.name: kind
    for kind in (
        Size,  # what costs least, first
        Rate,
        Prohibited,  # before the schema, so that the reason is the law and not a missing column
        Schema,
        Envelope,
        Business,
        Plausible,
        Abstain,
        Consistent,
    )
}
"""Every guard of tabular requests, first to last."""

GUARDS: tuple[type[Guard], ...] = (Prohibited, Schema, Envelope, Plausible, Consistent)
"""Those that stand before every deployment."""


def chosen(names: Sequence[str]) -> tuple[type[Guard], ...]:
    """Return the guards of these names; raise PermissionError where one is not known."""
    if unknown := [name for name in names if name not in KINDS]:
        msg = f"guard {unknown[0]!r} is not known to this gateway: it cannot stand before the deployment"
        raise PermissionError(msg)
    return tuple(KINDS[name] for name in names)


@dataclass(slots=True)
class Verdict:
    """What the chain says of one event: the rulings up to the first refusal."""

    rulings: tuple[Ruling, ...]
    clear: bool = False
    """Whether every guard that judges such events allows this one, with nothing to add; nearly always so."""

    @property
    def refusal(self) -> Ruling | None:
        """The ruling that refused, if one did."""
        last = self.rulings[-1] if self.rulings else None
        return last if last and last.outcome is Outcome.REFUSE else None


class Chain:
    """Opened guards of one deployment."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._guards = tuple(guards)
        self._judging: Mapping[type[Event], tuple[Guard, ...]] = {
            kind: tuple(guard for guard in guards if guard.judges is kind) for kind in (Rows, Scores, Decisions)
        }
        judging = (guard for each in self._judging.values() for guard in each)
        self.clear = " ".join(f"{guard.name}={Outcome.ALLOW}" for guard in judging)
        """What is said of a request that is clear from the first event to the last."""

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

    @property
    def most(self) -> int | None:
        """How many rows the guards take at once; None: as many as come."""
        limits = [guard.most for guard in self._guards if isinstance(guard, (Size, Rate))]
        return min(limits, default=None)

    def plain(self, names: Sequence[str]) -> Plain | None:
        """Return what tells plain rows of these columns at once; None where the guards cannot say which are plain."""
        bounds = Bounds(tuple(names))
        # In this order: a guard of rows may narrow what the schema allows.
        ordered = sorted(self._guards, key=lambda guard: not isinstance(guard, Schema))
        if not all(isinstance(guard, Narrows) and guard.narrow(bounds) for guard in ordered):
            return None
        try:
            return Plain(bounds)
        except ValueError:
            return None

    def beside(self, name: str) -> Chain:
        """Return a chain of the same guards without one of them."""
        return Chain([guard for guard in self._guards if guard.name != name])

    def behind(self, guard: Guard) -> Chain:
        """Return a chain of the same guards with one before them."""
        return Chain([guard, *self._guards])

    def feed(self, event: Event) -> Verdict:
        """Let each guard judge, in order, until one refuses; a guard that fails has refused."""
        judging = self._judging[type(event)]
        rulings = []
        clear = True
        for guard in judging:
            try:
                ruling = guard.feed(event)
            except Exception:  # noqa: BLE001 - whatever happened in it, a guard that cannot judge refuses
                ruling = Ruling(guard.name, Outcome.REFUSE, "the guard could not judge this request")
            if ruling is None:
                clear = False
                continue
            rulings.append(ruling)
            if ruling.outcome is not Outcome.ALLOW:
                clear = False
                if ruling.outcome is Outcome.REFUSE:
                    break
        if not rulings:
            return Verdict((Ruling("chain", Outcome.REFUSE, "no guard judges events of this sort"),))
        return Verdict(tuple(rulings), clear)

    def close(self) -> None:
        """Close every guard."""
        for guard in self._guards:
            guard.close()
