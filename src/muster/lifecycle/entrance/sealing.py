"""Sealing: what somebody signs in with is changed in the directory, and its seal in the ledger: both, or neither."""

from __future__ import annotations

import threading
from collections.abc import Callable

from muster.lifecycle.desk.context import Context, House, Identity
from muster.lifecycle.entrance.seals import person_seal
from muster.ports.directory import Person
from muster.records.access.credentials import Credential, SignInBy
from muster.records.entry import Basis

_TURN = threading.Lock()
"""One change at a time: of two that cross, one would put back in the directory what the ledger no longer seals."""


def keep_sealed(
    house: House,
    actor: str,
    by: SignInBy,
    change: Callable[[Person], Person],
    *also: Credential,
    expect: Basis | None = None,
) -> Person:
    """Change what the directory holds of a person; where the ledger refuses the seal, the directory is as before.

    Parameters
    ----------
    by
        The way in that changes.
    change
        Given what is held, returns what shall be.
    also
        Records that are written with the seal, or not at all.
    expect
        What must not have changed; the ledger raises Conflict otherwise.
    """
    with _TURN:
        before = house.directory.person(actor) or Person(actor)
        after = change(before)
        house.directory.keep(after)
        try:
            sealed = Credential(actor, by, person_seal(after, by))
            Context(house, Identity(actor, frozenset()), lambda _: None).record(sealed, *also, expect=expect)
        except BaseException:
            house.directory.keep(before)
            raise
    return after
