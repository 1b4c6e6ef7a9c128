from __future__ import annotations

import pytest
from tests.walk import Walked

from muster.lifecycle.desk.posture.stops import require_running, stopped_in
from muster.records.traffic.stop import Resumed, Stopped


def test_what_was_stopped_stays_so_until_it_is_resumed(walked: Walked) -> None:
    context = walked.context("omar")
    assert stopped_in(context, "default") == {}
    context.record(Stopped("default", "credit", "first"), Stopped("other", "loans", "elsewhere"))
    context.record(Stopped("default", "credit", "second"))
    ((name, (recorded, stop)),) = stopped_in(context, "default").items()
    assert (name, recorded.entry.actor, stop.reason) == ("credit", "local:omar", "first")
    with pytest.raises(PermissionError, match="was stopped by local:omar .first."):
        require_running(context, "default", "credit")
    require_running(context, "default", "loans")
    context.record(Resumed("default", "credit", "mended"))
    assert stopped_in(context, "default") == {}
    assert list(stopped_in(context, "other")) == ["loans"]
    context.record(Stopped("default", "credit", "third"))
    assert list(stopped_in(context, "default")) == ["credit"]
