"""Stops: which deployments people stopped and nobody resumed yet; orders leave them out, whoever issues them."""

from __future__ import annotations

from muster.lifecycle.desk.context import Context
from muster.records.entry import Recorded
from muster.records.traffic.stop import Resumed, Stopped


def stopped_in(context: Context, group: str) -> dict[str, tuple[Recorded, Stopped]]:
    """Return the deployments of a gateway group that are stopped, by name, with the entry that says so."""
    found: dict[str, tuple[Recorded, Stopped]] = {}
    said: list[tuple[Recorded, Stopped | Resumed]] = [*context.history(Stopped), *context.history(Resumed)]
    for recorded, known in sorted(said, key=lambda each: each[0].seq):
        if known.group != group:
            continue
        if isinstance(known, Stopped):
            found.setdefault(known.name, (recorded, known))
        else:
            found.pop(known.name, None)
    return found


def require_running(context: Context, group: str, name: str) -> None:
    """Raise PermissionError where people stopped a deployment: nothing but resuming it lets it answer again."""
    if name in (stops := stopped_in(context, group)):
        recorded, stop = stops[name]
        msg = (
            f"deployment {name!r} was stopped by {recorded.entry.actor} ({stop.reason}): somebody else may resume it "
            f"with `muster resume {name}`"
        )
        raise PermissionError(msg)
