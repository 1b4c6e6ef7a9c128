from __future__ import annotations

from dataclasses import dataclass

from muster.api.entrance.attempts import ACCOUNT, ADDRESS, Attempts, Remembered, place_of
from muster.rules.entrance.throttle import LONGEST_DELAY


@dataclass
class Seconds:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_one_address_may_try_a_burst_and_then_waits() -> None:
    attempts = Attempts(0, Seconds())
    waits = [attempts.wait("192.0.2.1") for _ in range(int(ADDRESS.burst) + 1)]
    assert waits[:-1] == [0] * int(ADDRESS.burst)
    assert waits[-1] > 0
    assert attempts.wait("192.0.2.2") == 0


def test_who_fails_often_waits_longer_each_time_but_never_for_ever() -> None:
    clock = Seconds()
    attempts, waits = Attempts(0, clock), []
    for _ in range(20):
        attempts.failed("192.0.2.1", "ana")
        waits.append(attempts.wait("192.0.2.1", "ana"))
    assert waits[:2] == [0, 0]
    assert waits[2:] == sorted(waits[2:])
    assert max(waits) <= LONGEST_DELAY
    clock.now += LONGEST_DELAY
    assert attempts.wait("192.0.2.1", "ana") == 0


def test_a_stranger_who_fails_elsewhere_does_not_keep_a_person_out() -> None:
    clock = Seconds()
    attempts = Attempts(0, clock)
    attempts.succeeded("192.0.2.1", "ana")
    for n in range(200):  # from everywhere, for an hour
        attempts.wait(f"198.51.100.{n}", "ana")
        attempts.failed(f"198.51.100.{n}", "ana")
        clock.now += 18
        assert attempts.wait("192.0.2.1", "ana") == 0, "where she has signed in before, she comes in"


def test_strangers_from_everywhere_share_the_attempts_on_one_account() -> None:
    attempts = Attempts(0, Seconds())
    waits = [attempts.wait(f"198.51.100.{n}", "ana") for n in range(30)]
    assert sum(wait == 0 for wait in waits) == int(ACCOUNT.burst)


def test_coming_in_forgives_what_went_wrong() -> None:
    attempts = Attempts(0, Seconds())
    for _ in range(5):
        attempts.failed("192.0.2.1", "ana")
    assert attempts.wait("192.0.2.1", "ana") > 0
    attempts.succeeded("192.0.2.1", "ana")
    assert attempts.wait("192.0.2.1", "ana") == 0


def test_requests_of_one_identity_are_limited_by_the_setting() -> None:
    clock = Seconds()
    attempts = Attempts(60, clock)
    assert [attempts.request("ana") for _ in range(11)] == [0] * 10 + [1.0]
    assert attempts.request("max") == 0
    clock.now += 1
    assert attempts.request("ana") == 0
    assert not any(Attempts(0, clock).request("ana") for _ in range(10_000))


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    kept: Remembered[int] = Remembered(most=2)
    for n, name in enumerate("abcb"):
        kept.put(("address", name), n)
    assert [kept.get(("address", name)) for name in "abc"] == [None, 3, 2]


def test_of_ipv6_the_network_counts_for_one_person_has_all_of_it() -> None:
    assert place_of("2001:db8:1:2:3:4:5:6") == place_of("2001:db8:1:2::1") == "2001:db8:1:2::"
    assert place_of("2001:db8:1:3::1") != place_of("2001:db8:1:2::1")
    assert place_of("192.0.2.1") == "192.0.2.1"
    assert place_of("testclient") == "testclient"
