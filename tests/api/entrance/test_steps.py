from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import anyio
import pytest
from tests.entered import PASSWORD, csrf

from muster.api.entrance.admission import TERMINAL
from muster.api.entrance.door import Pass
from muster.api.entrance.steps import TooOften, code_shown, link_shown, offered, password_shown, session_for, throttled
from muster.lifecycle.entrance.seals import secret_digest
from muster.lifecycle.entrance.ways import Ways
from muster.records.access.credentials import SignInBy
from muster.records.people import Role

if TYPE_CHECKING:
    from tests.entered import Entered

HERE = "192.0.2.1"


def test_a_right_password_makes_a_pass(entered: Entered) -> None:
    entered.give_password("ana")
    assert anyio.run(password_shown, entered.door, HERE, "ana", PASSWORD) == Pass("ana", SignInBy.PASSWORD)


def test_every_refusal_is_written_down_also_that_nobody_looked(entered: Entered) -> None:
    entered.give_password("ana")
    for _ in range(3):
        with pytest.raises(PermissionError):
            anyio.run(password_shown, entered.door, HERE, "ana", "wrong")
    with pytest.raises(TooOften) as refusal:
        anyio.run(password_shown, entered.door, HERE, "ana", PASSWORD)
    assert 0 < refusal.value.wait <= 1
    reasons = [entry["reason"] for entry in entered.entries("action.refused")]
    assert len(reasons) == 4
    assert reasons[-1].startswith("not looked at")


def test_one_address_is_throttled_whatever_it_tries(entered: Entered) -> None:
    async def knock() -> None:
        for n in range(70):
            await throttled(entered.door, HERE, f"name{n}")

    with pytest.raises(TooOften):
        anyio.run(knock)
    anyio.run(throttled, entered.door, "192.0.2.2")


def test_a_link_or_a_code_makes_a_pass_once(entered: Entered) -> None:
    link = entered.link("ana")
    assert anyio.run(link_shown, entered.door, HERE, link, PASSWORD).actor == "ana"
    known = Pass("max", SignInBy.OIDC, (Role.OPERATOR,))
    code = entered.door.codes.leave(known)
    assert anyio.run(code_shown, entered.door, HERE, code) == known
    second = entered.link("ana")
    assert anyio.run(code_shown, entered.door, HERE, second) == Pass("ana", SignInBy.LINK)
    for used in (code, second):
        with pytest.raises(PermissionError):
            anyio.run(code_shown, entered.door, HERE, used)


def test_sessions_of_command_lines_are_told_apart(entered: Entered) -> None:
    async def both() -> tuple[str, str]:
        who = Pass("ana", SignInBy.PASSWORD)
        return await session_for(entered.door, who), await session_for(entered.door, who, terminal=True)

    cookie, token = anyio.run(both)
    assert token.startswith(TERMINAL)
    assert not cookie.startswith(TERMINAL)


def test_a_code_ends_with_the_session_that_it_was_made_in(entered: Entered) -> None:
    browser = entered.signed_in("ana")
    page = browser.get("/").text
    codes = [
        re.findall(r"--link ([\w-]+)<", browser.post("/command-line", data={"csrf": csrf(page)}).text)[0]
        for _ in range(2)
    ]
    (session,) = entered.house.directory.sessions("ana")
    entered.hands.passed = timedelta(minutes=4)
    token = anyio.run(lambda: _redeemed(entered, codes[0]))
    made = entered.house.directory.session(secret_digest(token))
    assert made is not None
    assert made.expires_at == session.expires_at, "or nobody would ever have to sign in again"
    entered.do("admin", "session revoke", id=session.id, reason="stolen")
    with pytest.raises(PermissionError, match="the session that this code was made in was ended"):
        anyio.run(lambda: _redeemed(entered, codes[1]))


async def _redeemed(entered: Entered, code: str) -> str:
    return await session_for(entered.door, await code_shown(entered.door, HERE, code), terminal=True)


def test_a_house_may_take_no_passwords(entered: Entered) -> None:
    entered.door.ways = Ways()
    with pytest.raises(PermissionError, match="takes no passwords"):
        offered(entered.door)
