"""The client of a control plane: the same calls and the same errors as in this process, over HTTP."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Action, Download, Upload
from muster.ports.executor import Progress
from muster.records.codec import encode, read_value
from muster.rules.address import loopback
from muster.settings import Settings
from muster.wiring.remote.wire import ARGUMENTS, LINES, error_of, method_of, path_of

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 10.0
"""How long a control plane may take to answer the telephone; how long it may work is its own affair."""


_TOKEN = re.compile(r"[\x21-\x7e]+")
"""What can stand in a header after ``Bearer`` (RFC 6750 asks for less)."""


class Desk(Protocol):
    """Where actions are asked for: in this process, or at a control plane."""

    def call(self, name: str, arguments: Mapping[str, Any], progress: Progress) -> Any:
        """Perform the action ``name``; arguments are JSON values by parameter name, uploads as Upload."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


def connect(settings: Settings) -> Desk:
    """Return the desk that the settings name: the control plane at ``url``, or else the home, in this process."""
    if settings.url:
        from muster.wiring.carried.tokens import kept_token

        return Client(settings.url, settings.token or kept_token(settings.url), authority=settings.tls_authority)
    from muster.wiring.control import Local, open_house

    return Local(open_house(settings), settings.actor)


@dataclass(frozen=True, slots=True)
class Client:
    """A control plane somewhere else.

    Parameters
    ----------
    url
        Where it answers, such as ``https://muster.bank.example``. Plain http only to this machine.
    token
        Bearer token, from ``muster actor add``.
    transport
        How requests travel, if not over sockets.
    authority
        Authorities to trust for https, in PEM, instead of those of the system.
    """

    url: str
    token: str = field(repr=False)
    transport: Any = None
    authority: Path | None = None

    def __post_init__(self) -> None:
        """Refuse an address to which a token must not go."""
        require_safe(self.url)
        if not self.token:
            msg = f"no token for {self.url}: sign in with `muster sign-in --url {self.url}`, or set MUSTER_TOKEN"
            raise ValueError(msg)
        if not _TOKEN.fullmatch(self.token):  # said here: what goes wrong later would repeat it
            msg = "the token has characters that no token has: set MUSTER_TOKEN to what `muster actor add` printed"
            raise ValueError(msg)

    def call(self, name: str, arguments: Mapping[str, Any], progress: Progress) -> Any:
        """Ask the control plane to perform an action.

        Raises
        ------
        PermissionError, LookupError, ValueError, OSError, Conflict, TaskFailed
            As the control plane said.
        ConnectionError
            If it cannot be reached, or broke off.
        """
        asked = CATALOGUE.get(name)
        if asked is None:
            msg = f"no action is called {name!r}; known are {', '.join(sorted(CATALOGUE))}"
            raise LookupError(msg)
        with self._answer(asked, arguments) as response:
            if response.status_code != 200:
                response.read()
                raise error_of(response.status_code, _words(response))
            if response.headers.get("content-type", "").startswith(LINES):
                return _follow(asked, response, progress)
            response.read()
            return _result(asked, response)

    def close(self) -> None:
        """Do nothing: every call has a connection of its own."""

    @contextlib.contextmanager
    def _answer(self, asked: Action, arguments: Mapping[str, Any]) -> Iterator[httpx2.Response]:
        import httpx2

        client = http_client(self.url, self.authority, self.transport)
        client.headers["authorization"] = f"Bearer {self.token}"
        try:
            with client, client.stream(method_of(asked), path_of(asked.name), **_request(asked, arguments)) as response:
                yield response
        except httpx2.ConnectError as error:
            msg = f"nobody answers at {self.url} ({error}): is the control plane running? `muster up` starts one"
            raise ConnectionError(msg) from None
        except httpx2.TransportError as error:
            msg = f"the control plane at {self.url} broke off ({error!r}): see its log, then ask again"
            raise ConnectionError(msg) from None


def require_safe(url: str) -> None:
    """Raise ValueError for an address to which no secret may be sent."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        msg = f"{url!r} is no address of a control plane: write it as https://HOST or http://127.0.0.1:PORT"
        raise ValueError(msg)
    if parts.scheme == "http" and not loopback(parts.hostname):
        msg = f"{url}: over plain http anybody on the way could read the token: use https"
        raise ValueError(msg)


def http_client(url: str, authority: Path | None = None, transport: Any = None) -> httpx2.Client:
    """Return what sends requests to a control plane; raise ValueError for an address to which no secret may go."""
    import ssl

    import httpx2

    require_safe(url)
    return httpx2.Client(
        base_url=url.rstrip("/"),
        timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
        trust_env=not loopback(urlsplit(url).hostname or ""),
        transport=transport,
        verify=ssl.create_default_context(cafile=str(authority)) if authority else True,
    )


def _request(asked: Action, arguments: Mapping[str, Any]) -> dict[str, Any]:
    if method_of(asked) == "GET":
        return {"params": {name: value for name, item in arguments.items() if (value := _query(item)) is not None}}
    files = {name: (item.name, item.content) for name, item in arguments.items() if isinstance(item, Upload)}
    values = {name: encode(item) for name, item in arguments.items() if name not in files}
    headers = {"accept": LINES}
    if not files:
        return {"json": values, "headers": headers}
    return {"data": {ARGUMENTS: json.dumps(values)}, "files": files, "headers": headers}


def _query(value: Any) -> Any:
    value = encode(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    return json.dumps(value) if isinstance(value, (list, dict)) else value


def _follow(asked: Action, response: httpx2.Response, progress: Progress) -> Any:
    for text in response.iter_lines():
        line = json.loads(text)
        if "progress" in line:
            progress(line["progress"])
        elif "error" in line:
            raise error_of(int(line["status"]), line["error"])
        elif "result" in line:
            return decode_result(asked, line["result"])
    msg = "the control plane broke off without a result: look at its log, and at the ledger, before asking again"
    raise ConnectionError(msg)


def _result(asked: Action, response: httpx2.Response) -> Any:
    if returned(asked) is Download:
        given = re.search(r'filename="([^"]*)"', response.headers.get("content-disposition", ""))
        return Download(given[1] if given else "download", response.content, response.headers["content-type"])
    return decode_result(asked, response.json())


def returned(asked: Action) -> Any:
    """Return the type of an action's result."""
    return typing.get_type_hints(asked.function).get("return", Any)


def encode_result(value: Any) -> Any:
    """Turn a result into JSON values; the bytes of a download as base64."""
    if isinstance(value, Download):
        return {"name": value.name, "content": base64.b64encode(value.content).decode(), "media_type": value.media_type}
    return encode(value)


def decode_result(asked: Action, value: Any) -> Any:
    """Turn JSON values into what the action returns."""
    hint = returned(asked)
    if hint is Download:
        return Download(value["name"], base64.b64decode(value["content"]), value["media_type"])
    return None if hint is type(None) else read_value(hint, value, asked.name)


def _words(response: httpx2.Response) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return str(response.json()["error"])
    return f"{response.url.host} answered {response.status_code} {response.reason_phrase}: is it a control plane?"
