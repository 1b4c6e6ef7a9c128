"""Routes: from a request to ``perform`` and back."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from muster.api.answers import failed, failure, finished, line_by_line
from muster.api.gate import TooLarge, TooSlow
from muster.lifecycle.desk.action import Action, Upload
from muster.lifecycle.desk.context import Context, House
from muster.lifecycle.desk.perform import perform
from muster.lifecycle.desk.typed import value_of
from muster.ports.executor import Progress
from muster.records.canonical import parse
from muster.wiring.remote.wire import ARGUMENTS, LINES, method_of, path_of, words_of

LARGEST_ARGUMENTS = 16 * 1024 * 1024
"""Bytes of JSON; what is larger is a file. Read into Python it takes ten times as much memory."""


def route_of(asked: Action, house: House) -> Route:
    """Return the route of an action. Handlers run in the thread pool; roles and arguments are judged by ``perform``."""

    async def endpoint(request: Request) -> Response:
        """Read the request, perform the action, answer."""
        try:
            arguments = await read_request(asked, request)
        except TooLarge as error:
            return failure(413, str(error))
        except TooSlow as error:
            return failure(408, str(error), {"connection": "close"})
        except ValueError as error:
            return failure(422, words_of(error))
        except ClientDisconnect:
            return Response(status_code=499)

        def work(progress: Progress) -> Any:
            """Perform the action as whoever the token says."""
            return perform(asked.name, Context(house, request.state.identity, progress), arguments)

        if LINES in request.headers.get("accept", ""):
            return line_by_line(work)
        try:
            return finished(await run_in_threadpool(work, lambda _: None))
        except Exception as error:  # noqa: BLE001 - every error has an answer
            return failed(error)

    return Route(path_of(asked.name), endpoint, methods=[method_of(asked)], name=asked.name)


async def read_request(asked: Action, request: Request) -> dict[str, Any]:
    """Return the arguments that a request carries; raise ValueError where it cannot be read."""
    if request.method in {"GET", "HEAD"}:
        return _from_query(asked, request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _from_parts(asked, request)
    body = await _body(asked, request)
    if body and kind != "application/json":
        msg = f"{asked.name}: send application/json, or multipart/form-data with files, not {kind or 'no type'}"
        raise ValueError(msg)
    return _object(asked, body)


async def _body(asked: Action, request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_ARGUMENTS:
            msg = f"{asked.name}: the arguments are larger than {LARGEST_ARGUMENTS // 2**20} MiB; send files as files"
            raise TooLarge(msg)
    return bytes(body)


def _from_query(asked: Action, request: Request) -> dict[str, Any]:
    hints = {parameter.name: parameter.type for parameter in asked.parameters}
    given = request.query_params
    return {name: value_of(hints.get(name, str), given.getlist(name)) for name in given}


async def _from_parts(asked: Action, request: Request) -> dict[str, Any]:
    try:
        async with request.form(max_files=20, max_fields=20, max_part_size=LARGEST_ARGUMENTS) as form:
            arguments: dict[str, Any] = {}
            for name, part in form.multi_items():
                arguments.update(await _from_part(asked, name, part))
            return arguments
    except HTTPException as error:
        msg = f"{asked.name}: the multipart body cannot be read: {error.detail}"
        raise ValueError(msg) from None


async def _from_part(asked: Action, name: str, part: UploadFile | str) -> dict[str, Any]:
    if isinstance(part, UploadFile):
        return {name: Upload(part.filename or name, await part.read())}
    if name == ARGUMENTS:
        return _object(asked, part.encode())
    msg = f"{asked.name}: part {name!r} is no file; put values into the part {ARGUMENTS!r}, as JSON"
    raise ValueError(msg)


def _object(asked: Action, body: bytes) -> dict[str, Any]:
    try:
        values = parse(body or b"{}")
    except ValueError as error:
        msg = f"{asked.name}: the arguments are not JSON: {error}"
        raise ValueError(msg) from None
    if not isinstance(values, dict):
        msg = f"{asked.name}: the arguments must be a JSON object, with a field for each"
        raise ValueError(msg)
    return values
