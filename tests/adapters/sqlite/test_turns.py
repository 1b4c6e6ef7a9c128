import threading
import time
from typing import Any

import pytest

from muster.adapters.sqlite.turns import Job, Turns
from muster.ports.ledger import Conflict
from muster.records.entry import Basis


def job() -> Job:
    return Job((), (), None)


def test_those_who_wait_are_served_together_and_once() -> None:
    served: list[list[Job]] = []
    first_is_in, go_on = threading.Event(), threading.Event()

    def work(jobs: list[Job]) -> None:
        served.append(jobs)
        if len(served) == 1:
            first_is_in.set()
            go_on.wait()
        for each in jobs:
            each.done = True

    turns = Turns(work)
    threads = [threading.Thread(target=turns.take, args=(job(),)) for _ in range(9)]
    threads[0].start()
    first_is_in.wait()
    for thread in threads[1:]:
        thread.start()
    while len(turns._waiting) < 8:
        pass  # until all eight stand in line
    go_on.set()
    for thread in threads:
        thread.join()
    assert [len(jobs) for jobs in served] == [1, 8]


def test_a_failing_job_fails_alone() -> None:
    def work(jobs: list[Job]) -> None:
        jobs[0].fail(KeyError("mine"))

    with pytest.raises(KeyError, match="mine"):
        Turns(work).take(job())


def test_a_failing_turn_answers_everybody() -> None:
    def work(_jobs: list[Job]) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    turns = Turns(work)
    with pytest.raises(OSError, match="disk is full"):
        turns.take(job())
    with pytest.raises(OSError, match="disk is full"):
        turns.take(job())


def test_threads_that_come_at_the_same_time_share_a_commit_and_fail_alone(place: Any, entry: Any) -> None:
    place.fill(1)
    ledger = place.open()
    results: list[Any] = []

    def append(number: int) -> None:
        try:
            results.append(
                ledger.append([entry(number, "seat")], Basis(1, frozenset({"seat"})) if number < 3 else None)
            )
        except Conflict as error:
            results.append(error)

    threads = [threading.Thread(target=append, args=(number,)) for number in range(8)]
    with ledger._turns.turn:  # hold the turn until all of them stand in line
        for thread in threads:
            thread.start()
        while len(ledger._turns._waiting) < len(threads):
            time.sleep(0.001)
    for thread in threads:
        thread.join()
    refused = sum(isinstance(result, Conflict) for result in results)
    assert refused >= 2, "of the three who expect the seat to be free, one may have it"
    assert ledger.audit().entries == 1 + 8 - refused
    assert ledger.audit().checkpoints == 2, "one of the filling, one of all the others together"
