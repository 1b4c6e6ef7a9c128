"""The limit: the gateway's own HTTP stack with nothing behind it; it takes the whole body and answers as many bytes.

Run as ``python echo.py PORT SIZE``: the size of what the gateway answers to one row.
"""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

from muster.gateway.http.patience import PatientProtocol

PORT, SIZE = map(int, sys.argv[1:])
ANSWER = b" " * SIZE
HEAD = [(b"content-type", b"application/json"), (b"content-length", b"%d" % SIZE)]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEAD})
    await send({"type": "http.response.body", "body": ANSWER})


uvicorn.run(
    app,
    port=PORT,
    loop="uvloop",
    http=PatientProtocol,
    ws="none",
    lifespan="on",
    log_level="warning",
    access_log=False,
    server_header=False,
    proxy_headers=False,
)
