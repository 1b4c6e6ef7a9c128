"""What the API answers: results as JSON or as a file, errors as ``{"error": words}``, long work line by line."""

from __future__ import annotations

import json
import logging
import queue
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import JSONResponse, Response, StreamingResponse

from muster.lifecycle.desk.action import Download
from muster.ports.executor import Progress
from muster.wiring.remote.client import encode_result
from muster.wiring.remote.wire import INTERNAL, LINES, status_of, words_of

LOG = logging.getLogger("muster.api")

Work = Callable[[Progress], Any]
"""Does what was asked, telling of its progress, and returns the result."""


def failure(status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with an error."""
    return JSONResponse({"error": words}, status, headers)


def failed(error: Exception) -> Response:
    """Answer with what an error says."""
    return failure(*_told(error))


def finished(result: Any) -> Response:
    """Answer with a result: a download as a file, all else as JSON."""
    if isinstance(result, Download):
        # The quoted name is for old clients; the second form (RFC 6266) keeps every letter.
        plain = re.sub(r"[^A-Za-z0-9._-]", "_", result.name)
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(result.name, safe='')}"
        return Response(result.content, media_type=result.media_type, headers={"content-disposition": disposition})
    return Response(_json(encode_result(result)), media_type="application/json")


def line_by_line(work: Work) -> Response:
    """Answer with a line for each step of the work as it is done, and one for the result or the error at the end.

    The work goes on though the client hangs up: an action is done or not done, whoever is still listening.
    """
    return StreamingResponse(_lines(work), media_type=LINES)


def _lines(work: Work) -> Iterator[bytes]:
    told: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_work, args=(work, told.put), name="muster-action").start()
    while (line := told.get()) is not None:
        yield line + b"\n"


def _work(work: Work, tell: Callable[[bytes | None], None]) -> None:
    try:
        tell(_json({"result": encode_result(work(lambda words: tell(_json({"progress": words}))))}))
    except Exception as error:  # noqa: BLE001 - the answer has begun, so whatever happened must be its last line
        status, words = _told(error)
        tell(_json({"error": words, "status": status}))
    finally:
        tell(None)


def _json(value: Any) -> bytes:
    """Write JSON; a result that it cannot hold is a fault of ours, never of whoever asked."""
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()
    except (TypeError, ValueError) as error:
        msg = "a result cannot be written as JSON"
        raise RuntimeError(msg) from error


def _told(error: Exception) -> tuple[int, str]:
    """Return status and words; what nobody foresaw is told to the log, not to the caller."""
    status = status_of(error)
    if status == 500:
        LOG.error("unforeseen error", exc_info=error)
        return status, INTERNAL
    return status, words_of(error)
