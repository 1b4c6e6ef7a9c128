from __future__ import annotations

import threading

from muster.adapters.telling.courier import WAITING, Courier


def test_things_arrive_in_order_although_the_place_was_away_for_a_while() -> None:
    taken: list[int] = []
    done = threading.Event()
    failures = iter([True, True, False])

    def deliver(thing: int) -> None:
        if next(failures, False):
            msg = "away"
            raise OSError(msg)
        taken.append(thing)
        if thing == 3:
            done.set()

    courier = Courier("place", deliver, print, pauses=(0.001, 0.001))
    assert all(courier.send(thing) for thing in (1, 2, 3))
    assert done.wait(10)
    assert taken == [1, 2, 3]
    courier.close(1.0)


def test_what_cannot_be_brought_is_said_and_the_next_is_tried() -> None:
    said: list[str] = []
    done = threading.Event()

    def deliver(thing: str) -> None:
        if thing == "bad":
            msg = "nobody wants it"
            raise OSError(msg)
        done.set()

    courier = Courier("place", deliver, said.append, pauses=(0.001,))
    courier.send("bad")
    courier.send("good")
    assert done.wait(10)
    assert said == ["place: given up: nobody wants it"]
    courier.close(1.0)


def test_sending_never_waits_and_the_end_says_what_was_left() -> None:
    hold, said = threading.Event(), []
    courier: Courier[int] = Courier("place", lambda _: bool(hold.wait(10)) and None, said.append)
    assert [courier.send(n) for n in range(WAITING + 2)].count(False) >= 1
    courier.close(0.0)
    assert "not brought before the end" in said[0]
    hold.set()


def test_a_courier_that_was_never_used_ends_at_once() -> None:
    Courier("place", print, print).close(0.0)
