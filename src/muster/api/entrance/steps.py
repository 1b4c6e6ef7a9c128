"""Steps of coming in that pages and command lines share: throttle, prove, write down, open a session."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool

from muster.api.entrance.admission import TERMINAL
from muster.api.entrance.door import Door, Pass
from muster.lifecycle.desk.people import known
from muster.lifecycle.entrance.by_password import by_password, password_by_link
from muster.lifecycle.entrance.links import link_used
from muster.lifecycle.entrance.sessions import end_all, open_session, require_open
from muster.ports.directory import Passwords
from muster.records.access.credentials import SignInBy


class TooOften(RuntimeError):  # noqa: N818 - a state, not a fault; answered with 429
    """Somebody tried too often; ``wait`` says for how many seconds nobody looks at it."""

    def __init__(self, wait: float) -> None:
        super().__init__("too often: wait, then try again")
        self.wait = wait


async def password_shown(door: Door, address: str, actor: str, password: str) -> Pass:
    """Take a name and a password.

    Raises
    ------
    TooOften
        If this address, or strangers on this account, tried too often.
    PermissionError
        If name or password is wrong; it is written down.
    """
    passwords = offered(door)
    await throttled(door, address, actor)
    try:
        await door.slowly(lambda: by_password(door.house, passwords, actor, password))
    except PermissionError as error:
        door.attempts.failed(address, actor)
        await refused(door, error, actor, address)
        raise
    door.attempts.succeeded(address, actor)
    return Pass(actor, SignInBy.PASSWORD)


async def link_shown(door: Door, address: str, link: str, password: str) -> Pass:
    """Take a one-time link and a new password; all sessions that its holder had before end."""
    passwords = offered(door)
    await throttled(door, address)
    try:
        actor = await door.slowly(lambda: password_by_link(door.house, passwords, link, password))
    except PermissionError as error:
        await refused(door, error, address=address)
        raise
    await run_in_threadpool(end_all, door.house, actor, "a new password was set")
    return Pass(actor, SignInBy.LINK)


async def code_shown(door: Door, address: str, code: str) -> Pass:
    """Take a code for the command line, or a one-time link without setting a password."""
    await throttled(door, address)
    try:
        if (left := door.codes.take(code)) is not None:
            await run_in_threadpool(require_open, door.house, left.session)
            return left
        return Pass(await run_in_threadpool(link_used, door.house, code), SignInBy.LINK)
    except PermissionError as error:
        await refused(door, error, address=address)
        raise


async def session_for(door: Door, who: Pass, *, terminal: bool = False) -> str:
    """Open a session; return the value to carry."""
    prefix = TERMINAL if terminal else ""
    return await run_in_threadpool(
        lambda: open_session(door.house, door.ways, who.actor, who.by, roles=who.roles, prefix=prefix, until=who.until)
    )


async def throttled(door: Door, address: str, actor: str = "") -> None:
    """Raise TooOften where somebody must wait; that, too, is written down."""
    if wait := door.attempts.wait(address, actor):
        await refused(door, PermissionError("not looked at: too many attempts before it"), actor, address)
        raise TooOften(wait)


async def refused(door: Door, error: PermissionError, actor: str = "", address: str = "") -> None:
    """Write down that somebody was refused; under a name only if an actor bears it: others may have typed anything."""

    def note() -> None:
        """Ask the ledger on a thread that may wait."""
        named = actor if known(door.house.ledger).living(actor) else ""
        door.refusals.note(error, named, address)

    await run_in_threadpool(note)


def offered(door: Door) -> Passwords:
    """Return what looks at passwords; raise PermissionError where this house takes none."""
    if door.ways.passwords is None:
        msg = "this house takes no passwords: sign in at the identity provider, or use a token"
        raise PermissionError(msg)
    return door.ways.passwords
