from __future__ import annotations

from dataclasses import replace

from tests.gateway.papers.written import body
from tests.gateway.traffic.scene import challenger, opened, person
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.ports.log import Stream
from muster.records.release import Buckets
from muster.rules.traffic.sharing import bucket_of, salt_of


def test_rows_of_several_people_meet_each_their_own_version(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    jobs = ["clerk", "smith", "weaver"]
    lanes = {job: bucket_of(salt_of("loans"), job.encode()) for job in jobs}
    chosen = min(lanes, key=lambda job: lanes[job])
    people = (Buckets(lanes[chosen], lanes[chosen] + 1),)
    caller = opened(world, log, replace(one, routing="job"), challenger(other, people))
    alone = {job: caller.infer(body(job=[job]))[1] for job in jobs}
    scores = {job: answer["outputs"][0]["data"][0] for job, answer in alone.items()}
    assert {job for job in jobs if alone[job]["model_version"] == other.version} == {chosen}
    status, answer = caller.infer(body(4, job=[*jobs, chosen]))
    assert status == 200
    assert answer["outputs"][0]["data"] == [scores[job] for job in (*jobs, chosen)]
    assert set(answer["model_version"].split(",")) == {one.version, other.version}
    rows = [{"income": 30_000.0, "months": 12, "job": job} for job in jobs]
    _, predicted = caller("POST", "/predict/loans", {"rows": rows})
    told = {row["decision_id"]: row["model_version"] for row in predicted["rows"]}
    assert [v == other.version for v in told.values()] == [job == chosen for job in jobs]
    log.flush()
    logged = {row["decision_id"]: row["version"] for row in world.logged()}
    assert {each: logged[each] for each in told} == told


def test_many_rows_of_many_people_are_answered_in_their_order(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    jobs = [("clerk", "smith", "weaver")[row % 3] for row in range(300)]
    lanes = {job: bucket_of(salt_of("loans"), job.encode()) for job in set(jobs)}
    chosen = min(lanes, key=lambda job: lanes[job])
    caller = opened(world, log, replace(one, routing="job"), challenger(other, (Buckets(0, lanes[chosen] + 1),)))
    alone = {job: caller.infer(body(job=[job]))[1]["outputs"][0]["data"][0] for job in lanes}
    status, answer = caller.infer(body(300, job=jobs))
    assert status == 200
    told = {output["name"]: output["data"] for output in answer["outputs"]}
    assert told["score"] == [alone[job] for job in jobs]
    assert told["decision"] == ["approve" if score < 0.5 else "refuse" for score in told["score"]]
    assert len(set(told["decision_id"])) == 300
    rows = [{"income": 30_000.0, "months": 12, "job": job} for job in jobs]
    status, predicted = caller("POST", "/predict/loans", {"rows": rows})
    assert status == 200
    assert [row["model_version"] == other.version for row in predicted["rows"]] == [job == chosen for job in jobs]


def test_what_one_version_refuses_is_decided_by_none_and_logged_as_no_decision(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, replace(one, routing="months"), challenger(other))
    low, high = (int(person(lane)) for lane in (range(5_000), range(5_000, 10_000)))
    for months in ([low, high], [high, low]):
        status, said = caller.infer(body(2, months=months, job=["clerk", "wizard"]))
        assert (status, "job" in said["error"]) == (422, True)
    log.flush()
    assert world.logged() == []
    assert [row["rows"] for row in world.logged(stream=Stream.REFUSALS)] == [1, 1]


def test_each_version_is_counted_by_the_rows_that_it_decided(world: World, log: ArrowLog) -> None:
    one, other = world.release(), world.release(bias=1.0)
    caller = opened(world, log, replace(one, routing="months"), challenger(other))
    low, high = (int(person(lane)) for lane in (range(5_000), range(5_000, 10_000)))
    assert caller.infer(body(3, months=[low, high, low]))[0] == 200
    counts = {version: (told.rows, told.answered) for (_, version), told in caller.gateway.desk.counts.items()}
    assert counts == {one.version: (1, 1), other.version: (2, 1)}
