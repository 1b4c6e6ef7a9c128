"""A control plane over real HTTP, in a thread of the test: all of `muster up` but the process and its signals."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn
from tests.entered import quick

from muster.api.serving import config_of, site_of, take_port
from muster.lifecycle.entrance.ways import Ways
from muster.settings import Settings
from muster.wiring.carried.tls import tls_of
from muster.wiring.control import Local, close_house, open_house
from muster.wiring.entrance.ways import ways_of


@contextmanager
def plane(settings: Settings, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve a house; give its address. Password hashes are quick, all else is as the settings say."""
    taken = listener or take_port("127.0.0.1", 0)
    host, port = taken.getsockname()[:2]
    ways: Ways = replace(ways_of(settings), passwords=quick())
    tls = tls_of(settings)
    site = site_of(settings, host, port, tls=bool(tls))
    house = open_house(settings)
    server = uvicorn.Server(config_of(settings, house, ways, site, tls))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.005)
        yield site.origin
    finally:
        server.should_exit = True
        thread.join()
        close_house(house)
        taken.close()


def link_of(settings: Settings, actor: str) -> str:
    """Return the path of a new one-time link, made on the machine of the house."""
    house = open_house(settings)
    try:
        path: str = Local(house, "admin").call("actor link", {"id": actor}, lambda _: None).path
    finally:
        close_house(house)
    return path
