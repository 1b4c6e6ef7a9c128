"""Inference: the Open Inference Protocol under ``/v2``, with its extensions, answered at the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version as version_of
from typing import Any

import msgspec

from muster.gateway.desk import UNAVAILABLE, UNKNOWN, Desk
from muster.gateway.http.asgi import Failed, Message, Receive, Reply
from muster.gateway.http.counts import OIP, Counts
from muster.gateway.http.limits import WHO
from muster.gateway.protocols.oip.catalogue import (
    describe_configuration,
    describe_counts,
    describe_index,
    describe_model,
    describe_server,
)
from muster.gateway.protocols.oip.outputs import write_answer
from muster.gateway.protocols.oip.tensors import SHARED, read_request
from muster.gateway.served import Served
from muster.gateway.traffic.chosen import answering, chosen, named
from muster.rules.language.clients import Client

VERSION = version_of("muster-ml")

SIGNED = (
    "what serves here is decided by signed orders, and no caller takes it away: change the deployment, or stop it,"
    " in the control plane"
)

_JSON = msgspec.json.Encoder().encode
_OTHERS = {
    "systemsharedmemory": SHARED,
    "cudasharedmemory": SHARED,
    "trace": "tracing is set where the gateway is started, not by callers",
    "logging": "logging is set where the gateway is started, not by callers",
}
"""Extensions that are not spoken, and why."""


class _IndexAsked(msgspec.Struct):
    ready: bool = False


@dataclass(slots=True)
class Inference:
    """Answers what lies under ``/v2``.

    Parameters
    ----------
    desk
        Where models are asked.
    look
        Looks at the outbox now; False where that was done too often. None: nobody follows one.
    """

    desk: Desk
    look: Callable[[], Awaitable[bool]] | None = None

    async def __call__(self, path: list[str], scope: Message, receive: Receive, heads: dict[bytes, bytes]) -> Reply:
        """Answer one request; ``path`` is what stands behind ``/v2``."""
        if path in (["health", "live"], ["health", "ready"]):
            return self._health(path[1])
        client = self.desk.client(scope)
        method = scope["method"]
        match path:
            case ["models", name, "infer"] if method == "POST":
                return await self._infer(name, "", client, receive, heads)
            case ["models", name, "versions", version, "infer"] if method == "POST":
                return await self._infer(name, version, client, receive, heads)
            case ["models", _, "infer"] | ["models", _, "versions", _, "infer"]:
                raise Failed(405, "infer takes POST", [(b"allow", b"POST")])
            case ["repository", *rest]:
                return await self._repository(rest, client, scope, receive, heads)
            case ["muster", *_]:
                raise Failed(404, "nothing is here")
            case [other, *_] if other in _OTHERS:
                raise Failed(501, _OTHERS[other])
            case ["models", _, other, *_] if other in _OTHERS:
                raise Failed(501, _OTHERS[other])
        if method not in ("GET", "HEAD"):
            raise Failed(405, "this takes GET", [(b"allow", b"GET, HEAD")])
        return self._describe(path, client)

    async def _infer(
        self,
        name: str,
        version: str,
        client: Client | None,
        receive: Receive,
        heads: dict[bytes, bytes],
    ) -> Reply:
        desk = self.desk
        told = heads.get(b"inference-header-content-length")
        json_bytes = None if told is None else _count(told)
        body = await desk.body(receive, heads)
        served = chosen(desk.table.traffic.get(name), desk.standing(name, "", client), version, desk.clock())
        columns = served.model.plan.columns
        return await desk.decide(
            served,
            body,
            lambda: read_request(body, desk.limits, columns, json_bytes),
            lambda decided, asked: write_answer(decided, asked.outputs),
            OIP,
            heads.get(WHO, b""),
        )

    def _health(self, which: str) -> Reply:
        if which == "live":
            return Reply(_JSON({"live": True}))
        return _readiness(ready=self.desk.ready())

    def _describe(self, path: list[str], client: Client | None) -> Reply:
        match path:
            case []:
                return Reply(_JSON(describe_server(VERSION)))
            case ["models", "stats"]:
                found = self.desk.all_standing(client)
                return Reply(_JSON({"model_stats": [told for name in found for told in self._stats(name, "", client)]}))
            case ["models", name, *rest] if rest[:1] != ["versions"]:
                return self._describe_model(name, "", rest, client)
            case ["models", name, "versions", version, *rest]:
                return self._describe_model(name, version, rest, client)
        raise Failed(404, "nothing is here")

    def _describe_model(self, name: str, version: str, path: list[str], client: Client | None) -> Reply:
        match path:
            case []:
                found, versions = self._version(name, version, client)
                return Reply(_JSON(describe_model(name, found, versions)))
            case ["ready"]:
                return self._model_readiness(name, version, client)
            case ["config"]:
                return Reply(_JSON(describe_configuration(name, *self._version(name, version, client))))
            case ["stats"]:
                return Reply(_JSON({"model_stats": self._stats(name, version, client)}))
        raise Failed(404, "nothing is here")

    def _model_readiness(self, name: str, version: str, client: Client | None) -> Reply:
        try:
            self._version(name, version, client)
        except Failed as failed:
            if failed.status != 503:
                raise
            return _readiness(ready=False, name=name)
        return _readiness(ready=True, name=name)

    def _stats(self, name: str, version: str, client: Client | None) -> list[dict[str, Any]]:
        found, versions = self._version(name, version, client)
        asked = (found.version,) if version else versions
        return [describe_counts(name, each, self.desk.counts.get((name, each), Counts())) for each in asked]

    def _version(self, name: str, version: str, client: Client | None) -> tuple[Served, tuple[str, ...]]:
        """Return a version that answers under a name, the champion where none is named; and all that answer there."""
        split, now = self.desk.table.traffic.get(name), self.desk.clock()
        champion = self.desk.standing(name, "", client)
        return named(split, champion, version, now), tuple(answering(split, champion, now))

    async def _repository(
        self, path: list[str], client: Client | None, scope: Message, receive: Receive, heads: dict[bytes, bytes]
    ) -> Reply:
        if scope["method"] != "POST":
            raise Failed(405, "the repository takes POST", [(b"allow", b"POST")])
        match path:
            case ["index"]:
                asked = _object(await self.desk.body(receive, heads), _IndexAsked)
                return self._index(client, ready=asked.ready)
            case ["models", name, "load"]:
                content = _object(await self.desk.body(receive, heads), dict[str, Any])
                return await self._load(name, client, content.get("parameters"))
            case ["models", name, "unload"]:
                if name not in self.desk.table.places:
                    raise Failed(404, UNKNOWN)
                raise Failed(403, SIGNED)
        raise Failed(404, "nothing is here; the repository has index, models/NAME/load and models/NAME/unload")

    def _index(self, client: Client | None, *, ready: bool) -> Reply:
        table, now = self.desk.table, self.desk.clock()
        found = [
            (name, version)
            for name, champion in self.desk.all_standing(client).items()
            for version in answering(table.traffic.get(name), champion, now)
        ]
        # To whom a model belongs that does not serve cannot be told, so that only an open gateway names it.
        refused = [] if ready or client is not None else [n for n, p in table.places.items() if p.standing(now) is None]
        return Reply(_JSON(describe_index(found, refused)))

    async def _load(self, name: str, client: Client | None, parameters: Any) -> Reply:
        """Look at the outbox now; what stands there and is proven serves from then on."""
        if parameters:
            raise Failed(400, "a model is loaded as its release says: no configuration and no files are taken with it")
        if self.look is None or not await self.look():
            raise Failed(429, "the outbox was looked at too often: wait for the next look")
        self.desk.standing(name, "", client)
        return Reply(b"{}")


def _object(body: bytes, kind: Any) -> Any:
    """Return what a body asks for; an empty one asks for nothing in particular."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Failed(400, "the body is not the JSON object that this takes") from None


def _count(told: bytes) -> int:
    if not told.isdigit() or len(told) > 12:
        raise Failed(400, "Inference-Header-Content-Length: a number of bytes")
    return int(told)


def _readiness(*, ready: bool, name: str = "") -> Reply:
    named = {"name": name} if name else {}
    if ready:
        return Reply(_JSON({**named, "ready": True}))
    return Reply(_JSON({**named, "ready": False, "error": UNAVAILABLE}), 503)
