"""The HTTP API: one route for every action and view, one gate in front of all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from muster.api.answers import failure
from muster.api.entrance.admission import wants_page
from muster.api.entrance.door import Door, open_door
from muster.api.entrance.home import home_routes
from muster.api.entrance.pages import problem_page
from muster.api.entrance.provider import provider_routes
from muster.api.entrance.routes import routes
from muster.api.gate import HEALTH, Gate
from muster.api.routes import route_of
from muster.api.schema import VERSION, document
from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.context import House

MIB = 1024 * 1024

SETTLED_SECONDS = 15.0
"""How often it is looked whether refused attempts were only counted and must be told."""


def create_app(house: House, largest_upload_mib: int = 512, door: Door | None = None) -> Gate:
    """Build the application of a control plane.

    Parameters
    ----------
    house
        The ports, bound.
    largest_upload_mib
        Largest body of a request, in MiB; more is answered with 413.
    door
        By what ways people come in; by default with tokens only.

    Returns
    -------
    Gate
        An ASGI application. ``GET /health`` and the sign-in pages answer everybody, all else only who has come in.
    """
    way_in = door or open_door(house)
    app = FastAPI(
        title="muster",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lambda _: _settling(way_in),
    )
    app.router.redirect_slashes = False
    app.add_exception_handler(404, _unknown)
    app.add_exception_handler(405, _unknown)
    app.router.routes.append(Route(HEALTH, _health))
    app.router.routes.append(Route("/openapi.json", _openapi))
    app.router.routes += [*routes(way_in), *provider_routes(way_in), *home_routes(way_in)]
    for asked in CATALOGUE.values():
        app.router.routes.append(route_of(asked, house))
    return Gate(app, way_in, largest_upload_mib * MIB)


@contextlib.asynccontextmanager
async def _settling(door: Door) -> AsyncIterator[None]:
    """Write down counted refusals as time passes, and at the end."""

    async def settle() -> None:
        while True:
            await asyncio.sleep(SETTLED_SECONDS)
            await run_in_threadpool(door.refusals.settle, now=door.house.clock())

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(settle())
        yield
        task.cancel()
    await run_in_threadpool(door.refusals.settle)


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "up"})


async def _openapi(request: Request) -> Response:
    app: FastAPI = request.app
    if app.openapi_schema is None:
        app.openapi_schema = document()
    return JSONResponse(app.openapi_schema)


async def _unknown(request: Request, error: Any) -> Response:
    status = error.status_code
    path = request.url.path
    if wants_page(request):
        words = f"nothing is to be read at {path}: go back to the first page. What programs may ask is in /openapi.json"
        return HTMLResponse(problem_page("There is no such page", words, href="/", link="Back"), status, error.headers)
    said = "does not take" if status == 405 else "is not known here:"
    msg = f"{path} {said} {request.method}; /openapi.json lists what is"
    return failure(status, msg, error.headers)
