"""The log is read as far as gateways have signed it; where none can, it is read as it lies, and that is said."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.dossier.scene import Scene
from tests.rules.scene import key

from muster.lifecycle.desk.models.logged import logged
from muster.ports.log import Sealing, Stream
from muster.records.trust import Duty, KeyGrant


class Read:
    """A log that remembers how it was read."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Stream, Sealing | None]] = []

    def batches(
        self,
        deployment: str,
        stream: Stream = Stream.DECISIONS,
        sealing: Sealing | None = None,
        seen: set[bytes] | None = None,
    ) -> Iterator[Any]:
        assert seen == set()
        self.asked.append((deployment, stream, sealing))
        yield "rows"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def test_a_log_that_nobody_signs_is_read_as_it_lies_and_that_is_said(scene: Scene) -> None:
    scene.house, told = replace(scene.house, log=(log := Read())), []
    context = replace(scene.as_("olga"), progress=told.append)
    assert list(logged(context, "coder", Stream.ANSWERS)) == ["rows"]
    assert log.asked == [("coder", Stream.ANSWERS, None)]
    assert "not signed" in told[0]


def test_where_gateways_have_keys_only_what_they_sealed_is_believed(scene: Scene) -> None:
    granted = KeyGrant(Duty.GATEWAY_LOG, key("gateway-log").key, "gateway-1")
    scene.publish(replace(scene.root, version=2, grants=(*scene.root.grants, granted)))
    scene.house, told = replace(scene.house, log=(log := Read())), []
    assert list(logged(replace(scene.as_("olga"), progress=told.append), "loans")) == ["rows"]
    ((_, stream, sealing),) = log.asked
    assert stream is Stream.DECISIONS
    assert sealing is not None
    assert sealing.signers == (granted,)
    assert "sealed" in told[0]
