"""Predict: the simplest way to ask: an object with a value a column, answered with an object; ``/predict/NAME``."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Any

import msgspec

from muster.gateway.decided import Decided
from muster.gateway.desk import INLINE_BYTES, Desk
from muster.gateway.http.asgi import Failed, Message, Receive, Reply
from muster.gateway.http.limits import LONGEST_ID, WHO
from muster.gateway.lone import Told
from muster.gateway.protocols.contract import Asked, Contract
from muster.gateway.protocols.decisions import about, many_records, records_of
from muster.gateway.protocols.openapi import document
from muster.gateway.served import Served

_ENCODE = msgspec.json.Encoder().encode

_MOST_CONTRACTS = 256


@dataclass(slots=True)
class Predict:
    """Answers ``/predict/NAME``, and writes the page that describes it."""

    desk: Desk
    _contracts: dict[str, Contract] = field(default_factory=dict)

    async def __call__(self, name: str, scope: Message, receive: Receive, heads: dict[bytes, bytes]) -> Reply:
        """Answer one request."""
        desk = self.desk
        client = desk.client(scope)
        if scope["method"] != "POST":
            raise Failed(405, "predict takes POST", [(b"allow", b"POST")])
        request_id = request_id_of(heads)
        body = await desk.body(receive, heads)
        now = desk.clock()
        served = desk.standing(name, "", client, now)
        contract = self._contract(served)
        untraced = desk.watch is None or desk.watch.traced(served) is served
        if served.lone is not None and untraced and len(body) <= INLINE_BYTES:
            when = now, perf_counter_ns()
            values = contract.one(body)
            if values is not None and (told := desk.decide_alone(served, values, request_id, when)) is not None:
                return Reply(_ENCODE(_favourable(served, told) if told[4] else _record(served.lone.decided(told))))
        return await desk.decide(
            served,
            body,
            lambda: contract.read(body, request_id, desk.limits.rows),
            write_decisions,
            who=heads.get(WHO, b""),
        )

    def page(self, scope: Message) -> Reply:
        """Return the OpenAPI page of what this client may ask now."""
        client = self.desk.client(scope)
        if scope["method"] not in ("GET", "HEAD"):
            raise Failed(405, "this takes GET", [(b"allow", b"GET, HEAD")])
        served = self.desk.all_standing(client)
        columns = {name: each.model.plan.columns for name, each in served.items()}
        return Reply(_ENCODE(document(columns, self.desk.limits, keys=self.desk.clients is not None)))

    def _contract(self, served: Served) -> Contract:
        # An artifact's digest stands for its inputs; what no longer serves is dropped with the rest now and then.
        found = self._contracts.get(served.decisions.served)
        if found is None:
            if len(self._contracts) >= _MOST_CONTRACTS:
                self._contracts.clear()
            found = self._contracts[served.decisions.served] = Contract(served.model.plan.columns)
        return found


def write_decisions(decided: Decided, asked: Asked) -> Reply:
    """Write what was decided, as it was asked: one row as one object."""
    return Reply(_ENCODE(about(decided) | {"rows": many_records(decided)} if asked.several else _record(decided)))


class _Favourable(msgspec.Struct, gc=False):
    """The answer to one row that was decided favourably, the most usual; as ``about`` and ``records_of`` have it."""

    deployment: str
    model_version: str
    request_id: str
    guards: str
    decision_id: str
    score: float
    decision: str
    favourable: bool
    flags: Any


def _favourable(served: Served, told: Told) -> _Favourable:
    """Return what is said of a row that was decided favourably by itself."""
    decision_id, request_id, _, score, favourable, decision, flags, guards, *_ = told
    about = served.decisions
    return _Favourable(
        about.deployment, about.version, request_id, guards, decision_id, score, decision, favourable, flags
    )


def _record(decided: Decided) -> dict[str, Any]:
    """Return what is said of the only row."""
    return about(decided) | records_of(decided)[0]


def request_id_of(heads: dict[bytes, bytes]) -> str:
    """Return what ``X-Request-Id`` names a request; empty where it does not."""
    given = heads.get(b"x-request-id", b"")
    if not given:
        return ""
    try:
        text = given.decode("ascii")
    except UnicodeDecodeError:
        text = ""
    if not text.isprintable() or not 0 < len(text) <= LONGEST_ID:
        raise Failed(400, f"X-Request-Id: 1 to {LONGEST_ID} printable characters")
    return text
