"""Invocations: MLflow's scoring protocol in all its forms, without its silent casts; ``/invocations``.

Source: ``mlflow.pyfunc.scoring_server`` of MLflow 3.17. What that server cuts, converts, drops or ignores is refused
here, and an error never repeats a row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version as version_of
from typing import Any, Final
from urllib.parse import parse_qs

import msgspec

from muster.gateway.decided import Decided
from muster.gateway.desk import UNAVAILABLE, Desk
from muster.gateway.http.asgi import Failed, Message, Receive, Reply
from muster.gateway.http.counts import INVOCATIONS
from muster.gateway.http.limits import WHO, Limits
from muster.gateway.protocols.decisions import many_records
from muster.gateway.protocols.predict import request_id_of
from muster.gateway.protocols.tables import read_csv, read_parquet
from muster.gateway.protocols.values import column_values, require_few, typed
from muster.guards.guard import Rows
from muster.records.data import Column, ColumnType
from muster.rules.language.clients import Client

CODES: Final = {
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "RESOURCE_DOES_NOT_EXIST",
    429: "REQUEST_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    503: "TEMPORARILY_UNAVAILABLE",
}
"""MLflow's words for a status; any other is a bad request."""

FORMS: Final = ("dataframe_split", "dataframe_records", "instances", "inputs")

_ENCODE = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read."""

    rows: Rows
    id: str


@dataclass(slots=True)
class Invocations:
    """Answers what MLflow's scoring server answers."""

    desk: Desk

    async def __call__(
        self, name: str, what: str, scope: Message, receive: Receive, heads: dict[bytes, bytes]
    ) -> Reply:
        """Answer one request for ``invocations``, ``ping``, ``health`` or ``version``; ``name`` may be empty."""
        method = scope["method"]
        if what == "invocations":
            client = self.desk.client(scope)
            if method != "POST":
                raise Failed(405, "invocations takes POST", [(b"allow", b"POST")])
            return await self._invoke(name, client, scope, receive, heads)
        if method not in ("GET", "HEAD"):
            raise Failed(405, "this takes GET", [(b"allow", b"GET, HEAD")])
        if what == "version":
            return Reply(version_of("muster-ml").encode())
        return Reply(b"\n") if self.desk.ready(name) else Reply(_ENCODE({"error": UNAVAILABLE}), 503)

    async def _invoke(
        self, name: str, client: Client | None, scope: Message, receive: Receive, heads: dict[bytes, bytes]
    ) -> Reply:
        read = _reader(heads.get(b"content-type", b"application/json"))
        request_id = request_id_of(heads)
        body = await self.desk.body(receive, heads)
        served = self.desk.standing(name or self._chosen(scope, client), "", client)
        columns, limits = served.model.plan.columns, self.desk.limits
        try:
            return await self.desk.decide(
                served,
                body,
                lambda: Asked(read(body, columns, limits), request_id),
                _write,
                INVOCATIONS,
                heads.get(WHO, b""),
            )
        except Failed as failed:  # MLflow's clients know of no other status for rows that are wrong
            raise Failed(400 if failed.status == 422 else failed.status, str(failed), failed.headers) from None

    def _chosen(self, scope: Message, client: Client | None) -> str:
        """Return the deployment that is asked where the path names none."""
        named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("deployment", [])
        if named:
            return str(named[0])
        found = self.desk.all_standing(client)
        if len(found) > 1:
            raise Failed(400, "several models answer here: ask /NAME/invocations, or /invocations?deployment=NAME")
        if not found:
            raise Failed(503, UNAVAILABLE)
        return next(iter(found))


def _write(decided: Decided, asked: Asked) -> Reply:
    del asked
    records = many_records(decided)
    for record in records:
        record.model_version = record.model_version or decided.version
        record.guards = decided.guards
        if not decided.logged:
            record.logged = False
    return Reply(_ENCODE({"predictions": records}))


def _reader(content_type: bytes) -> Callable[[bytes, Sequence[Column], Limits], Rows]:
    """Return what reads bodies of a content type; raise Failed where nothing does."""
    kind, *parameters = [part.strip().lower() for part in content_type.split(b";")]
    if any(parameter not in (b"", b"charset=utf-8", b'charset="utf-8"') for parameter in parameters):
        raise Failed(415, "Content-Type: of parameters only charset is known, and only UTF-8")
    known = {b"application/json": _read_json, b"text/csv": _read_csv, b"application/vnd.apache.parquet": _read_parquet}
    if kind not in known:
        raise Failed(415, f"Content-Type must be one of {', '.join(name.decode() for name in known)}")
    return known[kind]


def _read_csv(body: bytes, columns: Sequence[Column], limits: Limits) -> Rows:
    listed, size = read_csv(body, columns, limits.rows)
    return typed(listed, size, columns, "the table")


def _read_parquet(body: bytes, columns: Sequence[Column], limits: Limits) -> Rows:
    listed, size = read_parquet(body, limits.rows, limits.columns)
    return typed(listed, size, columns, "the table", whole=True)


def _read_json(body: bytes, columns: Sequence[Column], limits: Limits) -> Rows:
    require_few(body, limits.rows)
    content = _decoded(body)
    forms = [form for form in FORMS if isinstance(content, dict) and form in content]
    if len(forms) != 1:
        msg = f"the body must be a JSON object with exactly one of {', '.join(FORMS)}"
        raise ValueError(msg)
    if content.get("params"):
        msg = "params: this model takes none; MLflow's own server would pass over them in silence"
        raise ValueError(msg)
    if content.keys() - {forms[0], "params"}:
        msg = f"beside {forms[0]}, nothing else is taken"
        raise ValueError(msg)
    given = content[forms[0]]
    listed = _split(given) if forms[0] == "dataframe_split" else _listed(given, columns, forms[0])
    size = _size(listed, forms[0], limits.rows)
    if isinstance(listed, dict):
        return typed(listed, size, columns, forms[0], whole=True)
    named = column_values(listed, columns, forms[0])
    return typed(named.columns, size, columns, forms[0], whole=True)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError):
        with suppress(ValueError, RecursionError):
            return _with_nan(body)
    msg = "the body is not JSON, or it is nested too deeply"
    raise ValueError(msg)


def _with_nan(body: bytes) -> Any:
    """Read JSON in which NaN stands for what is missing: pandas and MLflow's client write it so, though it is none."""
    content = json.loads(body.decode("utf-8-sig"), parse_constant=_missing)
    if b"\\u" in body:  # half of a surrogate pair is no text, and nothing could write it to the log: that is an error
        json.dumps(content, ensure_ascii=False).encode()
    return content


def _missing(constant: str) -> None:
    if constant != "NaN":
        raise ValueError


def _split(given: Any) -> dict[str, list[Any]]:
    """Return the columns of ``dataframe_split``; its index says nothing of the rows."""
    fitting = isinstance(given, dict) and given.keys() <= {"columns", "data", "index"}
    names, data = (given.get("columns"), given.get("data")) if fitting else (None, None)
    if not (isinstance(names, list) and all(isinstance(n, str) for n in names) and len(set(names)) == len(names)):
        msg = "dataframe_split: an object with columns (names, each once), data (rows) and, if need be, index"
        raise ValueError(msg)
    return _transposed(data, names, "dataframe_split: data")


def _transposed(rows: Any, names: Sequence[str], place: str) -> dict[str, list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        msg = f"{place} must be a list of rows, each a list of values"
        raise ValueError(msg)
    if (odd := next((at for at, row in enumerate(rows) if len(row) != len(names)), None)) is not None:
        msg = f"{place}: row {odd} has {len(rows[odd])} values, there are {len(names)} columns"
        raise ValueError(msg)
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)) if rows else {name: [] for name in names}


def _listed(given: Any, columns: Sequence[Column], form: str) -> Any:
    """Return columns by name, or a list of records."""
    if form == "inputs" and isinstance(given, dict):
        if not any(isinstance(values, (list, dict)) for values in given.values()):
            return {name: [value] for name, value in given.items()}  # one row
        if all(isinstance(values, list) for values in given.values()):
            return given
        msg = "inputs: give each column as a list of as many values"
        raise ValueError(msg)
    if not isinstance(given, list):
        msg = f"{form}: a list of objects, each with a value a column"
        raise ValueError(msg)
    if form != "dataframe_records" and given and isinstance(given[0], list):
        if any(column.type is ColumnType.CATEGORY for column in columns):
            msg = f"{form}: rows without names are taken only where all of the model's inputs are numbers"
            raise ValueError(msg)
        return _transposed(given, [column.name for column in columns], form)
    return given


def _size(listed: Mapping[str, list[Any]] | list[Any], form: str, most: int) -> int:
    sizes = set(map(len, listed.values())) if isinstance(listed, Mapping) else {len(listed)}
    if len(sizes) != 1 or sizes == {0}:
        msg = f"{form}: there must be at least one row, and as many values in every column"
        raise ValueError(msg)
    (size,) = sizes
    if size > most:
        msg = f"{size} rows in one request, {most} is the most: send several requests"
        raise OverflowError(msg)
    return size
