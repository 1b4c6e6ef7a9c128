from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene

from muster.lifecycle.desk.keeping import locked_until, retention_of
from muster.records.access.erasure import Retention


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def test_what_nobody_set_is_kept_for_ever_and_not_locked(scene: Scene) -> None:
    assert retention_of(scene.as_("admin"), "comments") is None
    assert locked_until(scene.as_("admin"), "comments") is None


def test_the_newest_time_counts_and_locks_what_is_kept_from_now_on(scene: Scene) -> None:
    context = scene.as_("admin")
    context.record(Retention("comments", 9, "old rule", 3), Retention("comments", 30, "new rule", 10))
    context.record(Retention("datasets", 5, "another"))
    assert retention_of(context, "comments") == Retention("comments", 30, "new rule", 10)
    assert locked_until(context, "comments") == scene.now + timedelta(days=10)
    assert locked_until(context, "datasets") is None
