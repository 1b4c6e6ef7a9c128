from __future__ import annotations

from dataclasses import replace

import pytest
from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.onnx import OnnxPredictor
from muster.adapters.signatures import verify
from muster.gateway.admission.loading import SHORTEST_CUT, Loader
from muster.rules.admission import Admission, admit


def admitted(world: World) -> tuple[Admission, bytes]:
    deployment = world.release()
    content = world.outbox.get(deployment.package)
    return admit(content, deployment, world.root, verify, world.now), content


def test_what_is_loaded_are_the_bytes_that_were_hashed(world: World, log: ArrowLog) -> None:
    buffers = []

    def read(buffer: bytes) -> OnnxPredictor:
        buffers.append(buffer)
        return OnnxPredictor.load(buffer)

    admission, content = admitted(world)
    loader = Loader(world.outbox, read, log, verify)
    served = loader.load(admission, content, world.root)
    assert buffers == [world.outbox.get(admission.release.served)]
    assert served.version == admission.release.question.version
    assert loader.load(admission, content, world.root) is served


def test_what_is_forgotten_is_loaded_afresh(world: World, log: ArrowLog) -> None:
    admission, content = admitted(world)
    loader = Loader(world.outbox, OnnxPredictor.load, log, verify)
    served = loader.load(admission, content, world.root)
    loader.forget([served, None])
    assert loader.load(admission, content, world.root) is served
    loader.forget([])
    assert loader.load(admission, content, world.root) is not served


def test_an_artifact_that_is_absent_is_an_error(world: World, log: ArrowLog) -> None:
    admission, content = admitted(world)
    text = admission.release.served.removeprefix("sha256:")
    (world.folder / "outbox" / "sha256" / text[:2] / text).unlink()
    with pytest.raises(KeyError, match=text):
        Loader(world.outbox, OnnxPredictor.load, log, verify).load(admission, content, world.root)


def test_the_log_of_a_deployment_is_closed_as_often_as_orders_ask_for_and_no_longer_once_they_do_not(
    world: World, log: ArrowLog
) -> None:
    asked: list[dict[str, float]] = []
    log.hasten = lambda seconds: asked.append(dict(seconds))  # type: ignore[method-assign]
    one = world.release()
    for seconds in (20.0, 0.5, 0.0):
        world.order(replace(one, cut_seconds=seconds))
        assert world.admissions(log).refresh().serving(world.now)
    assert asked == [{"loans": 20.0}, {"loans": SHORTEST_CUT}, {}]
