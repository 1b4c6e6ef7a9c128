"""The HTTP API: one route for every action and view, one gate in front of all of them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from muster.api.answers import failure
from muster.api.gate import Gate
from muster.api.routes import route_of
from muster.api.schema import VERSION, document
from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.context import House

MIB = 1024 * 1024


def create_app(house: House, largest_upload_mib: int = 512) -> Gate:
    """Build the application of a control plane.

    Parameters
    ----------
    house
        The ports, bound.
    largest_upload_mib
        Largest body of a request, in MiB; more is answered with 413.

    Returns
    -------
    Gate
        An ASGI application. ``GET /health`` answers everybody, all else only who brings a known bearer token.
    """
    app = FastAPI(title="muster", version=VERSION, openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    app.add_exception_handler(404, _unknown)
    app.add_exception_handler(405, _unknown)
    app.router.routes.append(Route("/health", _health))
    app.router.routes.append(Route("/openapi.json", _openapi))
    for asked in CATALOGUE.values():
        app.router.routes.append(route_of(asked, house))
    return Gate(app, house, largest_upload_mib * MIB)


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "up"})


async def _openapi(request: Request) -> Response:
    app: FastAPI = request.app
    if app.openapi_schema is None:
        app.openapi_schema = document()
    return JSONResponse(app.openapi_schema)


async def _unknown(request: Request, error: Any) -> Response:
    status = error.status_code
    said = "does not take" if status == 405 else "is not known here:"
    msg = f"{request.url.path} {said} {request.method}; /openapi.json lists what is"
    return failure(status, msg, error.headers)
