"""A house that people come into: quick password hashes, a clock that tests move, remembered alerts, browsers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from muster.adapters.passwords import Argon2
from muster.api.app import create_app
from muster.api.entrance.door import Door, open_door
from muster.api.entrance.site import Site
from muster.lifecycle.desk.context import House
from muster.lifecycle.entrance.by_password import set_password
from muster.lifecycle.entrance.ways import Ways
from muster.records.access.alert import Alert
from muster.wiring.control import Local, close_house, open_house

if TYPE_CHECKING:
    from tests.conftest import Founded

PASSWORD = "three green herons wait"
ORIGIN = "http://testserver"
PAGE = {"accept": "text/html"}
OURS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@dataclass
class Heard:
    """A notifier that remembers."""

    alerts: list[Alert] = field(default_factory=list)

    def notify(self, alert: Alert) -> None:
        self.alerts.append(alert)


@dataclass
class Hands:
    """A clock, both of the house and of what counts seconds, that a test moves on.

    Seconds pass only then: attempts are forgiven while a busy machine is slow, and the count would be another.
    """

    passed: timedelta = timedelta()
    begun: float = field(default_factory=time.time)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed  # noqa: TID251 - the real clock, moved by the test

    def seconds(self) -> float:
        return self.begun + self.passed.total_seconds()


@dataclass
class Entered:
    """A house, its door, and who is there."""

    house: House
    door: Door
    hands: Hands
    heard: Heard
    tokens: dict[str, str]

    def do(self, actor: str, action: str, /, **arguments: Any) -> Any:
        return Local(self.house, actor).call(action, arguments, lambda _: None)

    def link(self, actor: str, hours: int = 1) -> str:
        """Return the secret of a new one-time link."""
        path: str = self.do("admin", "actor link", id=actor, hours=hours).path
        return path.partition("link=")[2]

    def give_password(self, actor: str, password: str = PASSWORD) -> None:
        assert self.door.ways.passwords is not None
        set_password(self.house, self.door.ways.passwords, actor, password)

    def browser(self) -> TestClient:
        """Return a browser that says where its forms come from and follows nothing by itself."""
        app = create_app(self.house, 1, self.door)
        return TestClient(app, ORIGIN, headers={**PAGE, **OURS}, follow_redirects=False)

    def signed_in(self, actor: str) -> TestClient:
        """Return a browser in which somebody has signed in by password."""
        self.give_password(actor)
        browser = self.browser()
        token = csrf(browser.get("/sign-in").text)
        answer = browser.post("/sign-in", data={"csrf": token, "actor": actor, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser

    def entries(self, kind: str) -> list[dict[str, Any]]:
        self.house.ledger.refresh()
        return [dict(recorded.entry.body) for recorded in self.house.ledger.read(kind=kind)]

    def alerts(self) -> list[str]:
        return [alert.what for alert in self.heard.alerts]


def quick() -> Argon2:
    """Return real hashes that are made in no time."""
    return Argon2(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def csrf(page: str) -> str:
    """Return the token of the first form of a page."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


@pytest.fixture
def entered(founded: Founded) -> Iterator[Entered]:
    """A house with its door open to passwords."""
    hands, heard = Hands(), Heard()
    house = replace(open_house(founded.settings, clock=hands), notify=heard)
    door = open_door(house, Ways(passwords=quick()), Site(ORIGIN), clock=hands.seconds)
    yield Entered(house, door, hands, heard, founded.tokens)
    close_house(house)
