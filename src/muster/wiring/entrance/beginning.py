"""Beginning: where there is no house yet, the first start makes one, and a link for its first owner."""

from __future__ import annotations

import dataclasses

from muster.lifecycle.entrance.links import NewLink
from muster.settings import FILE, Settings, read_settings
from muster.wiring.control import Local, open_house
from muster.wiring.founding import create_house

ORIGIN = "muster.local/house"
"""Name of a ledger that nobody named."""

FIRST = "admin"
"""Id of the first actor where nobody said another."""


def begin(settings: Settings) -> tuple[Settings, NewLink | None]:
    """Found a house if there is none; return the settings to go on with, and the first owner's one-time link.

    Raises
    ------
    FileExistsError
        If the home holds something else.
    """
    if (settings.home / FILE).is_file():
        return settings, None
    create_house(settings.home, settings.origin or ORIGIN, settings.actor or FIRST)
    written = read_settings({"home": settings.home}, {})
    desk = Local(open_house(written), settings.actor or FIRST)
    try:
        # Founding makes a token; nobody was shown this one, so it must not stay good.
        for token in desk.call("token list", {}, _silent):
            desk.call("token revoke", {"id": token.id, "reason": "the first owner comes in by a link"}, _silent)
        link: NewLink = desk.call("actor link", {"id": settings.actor or FIRST}, _silent)
    finally:
        desk.close()
    return dataclasses.replace(settings, origin=written.origin, root=written.root), link


def _silent(_: str) -> None:
    """Tell nobody of progress."""
