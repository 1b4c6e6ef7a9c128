from __future__ import annotations

from muster.api.entrance.journeys import MOST, Once


def test_what_is_left_is_taken_once() -> None:
    once: Once[str] = Once(60, lambda: 0.0)
    secret = once.leave("a")
    assert once.take("guessed") is None
    assert [once.take(secret), once.take(secret)] == ["a", None]


def test_it_is_gone_after_its_time() -> None:
    seconds = [0.0]
    once: Once[str] = Once(60, lambda: seconds[0])
    early, late = once.leave("a"), once.leave("b")
    seconds[0] = 59
    assert once.take(early) == "a"
    seconds[0] = 60
    assert once.take(late) is None


def test_no_more_is_kept_than_there_is_room_for() -> None:
    once: Once[int] = Once(60, lambda: 0.0)
    secrets = [once.leave(n) for n in range(MOST + 1)]
    assert once.take(secrets[0]) is None
    assert once.take(secrets[-1]) == MOST


def test_it_may_be_left_under_a_secret_that_others_chose() -> None:
    once: Once[str] = Once(60, lambda: 0.0)
    assert once.leave("a", "state") == "state"
    assert once.take("state") == "a"
