from __future__ import annotations

import json
import logging

import pytest
from starlette.responses import StreamingResponse

from muster.api.answers import failed, finished, line_by_line
from muster.lifecycle.desk.action import Download
from muster.ports.executor import Progress
from muster.wiring.remote.wire import INTERNAL


async def _lines(answer: object) -> list[dict[str, object]]:
    assert isinstance(answer, StreamingResponse)
    return [json.loads(line) async for line in answer.body_iterator]


@pytest.mark.parametrize(
    ("error", "status"),
    [(PermissionError("no"), 403), (KeyError("no"), 404), (ValueError("no"), 422), (OSError(28, "full"), 507)],
)
def test_errors_have_a_status_and_words(error: Exception, status: int) -> None:
    answer = failed(error)
    assert answer.status_code == status
    assert set(json.loads(answer.body)) == {"error"}


def test_what_nobody_foresaw_is_told_to_the_log_only(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = failed(ZeroDivisionError("secret"))
    assert json.loads(answer.body) == {"error": INTERNAL}
    assert "secret" in caplog.text


def test_a_download_is_a_file_with_a_safe_name() -> None:
    answer = finished(Download('a"b/\u00fc.zip', b"x", "application/zip"))
    assert answer.body == b"x"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"a_b__.zip\"; filename*=UTF-8''a%22b%2F%C3%BC.zip"
    )


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_long_work_is_told_line_by_line() -> None:
    def work(progress: Progress) -> int:
        progress("half")
        return 7

    assert await _lines(line_by_line(work)) == [{"progress": "half"}, {"result": 7}]


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_the_last_line_tells_of_an_error() -> None:
    def work(_: Progress) -> int:
        msg = "no"
        raise PermissionError(msg)

    assert await _lines(line_by_line(work)) == [{"error": "no", "status": 403}]


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_result_that_json_cannot_hold_is_an_error_too() -> None:
    lines = await _lines(line_by_line(lambda _: object()))
    assert lines == [{"error": INTERNAL, "status": 500}]
