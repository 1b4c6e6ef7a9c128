from __future__ import annotations

from pathlib import Path

from tests.gateway.world import World

from muster.adapters.arrowlog.writer import ArrowLog
from muster.gateway.admission.resting import EVERY_S
from muster.records.access.alert import Severity


def place_of(world: World, digest: str) -> Path:
    text = digest.removeprefix("sha256:")
    return world.folder / "outbox" / "sha256" / text[:2] / text


def test_bytes_that_are_exchanged_at_rest_are_told_of_and_what_was_proven_goes_on(world: World, log: ArrowLog) -> None:
    deployment, other = world.release(), world.release("other", bias=2.0)
    world.order(deployment, other)
    admissions = world.admissions(log)
    admissions.refresh()
    file = place_of(world, deployment.served)
    good = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert not any("any more" in step for step in admissions.refresh().steps)  # not before it is time to look

    world.later(seconds=EVERY_S)
    for _ in range(2):
        table = admissions.refresh()
        assert table.serving(world.now) == ("loans", "other")
        (warning,) = [step for step in table.steps if "any more" in step]
        assert warning.startswith("WARNING: loans serves what was proven")
    alert = world.heard.alerts[-1]
    assert (alert.what, alert.severity, alert.about) == (
        "artifact-exchanged",
        Severity.CRITICAL,
        "gateway:default/gateway/loans",
    )
    world.outbox = world.outbox.__class__(world.folder / "outbox")
    restarted = world.admissions(log).refresh()
    assert restarted.serving(world.now) == ("other",)

    file.write_bytes(good)
    world.later(seconds=EVERY_S)
    assert not any("any more" in step for step in admissions.refresh().steps)


def test_a_package_that_is_gone_is_told_of(world: World, log: ArrowLog) -> None:
    deployment = world.release()
    world.order(deployment)
    admissions = world.admissions(log)
    admissions.refresh()
    place_of(world, deployment.package).unlink()
    world.later(seconds=EVERY_S)
    assert admissions.refresh().serving(world.now) == ("loans",)
    assert (world.heard.alerts[-1].what, world.heard.alerts[-1].severity) == ("package-exchanged", Severity.WARNING)
