import threading

import pytest

from muster.adapters.sqlite.turns import Job, Turns


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
