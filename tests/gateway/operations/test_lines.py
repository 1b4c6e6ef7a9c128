from __future__ import annotations

import errno
import io
import json
from datetime import UTC, datetime

from muster.gateway.http.telling import Line
from muster.gateway.operations.lines import Teller

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def told(form: str, *lines: str, worker: int = 0) -> str:
    out = io.StringIO()
    teller = Teller(form, lambda: NOW, worker, out)
    for line in lines:
        teller(line)
    return out.getvalue()


def test_text_is_for_people_and_begins_no_line_of_its_own() -> None:
    assert told("text", "unknown field x\ngateway: credit: admitted\x1b[2J") == (
        "gateway: unknown field x gateway: credit: admitted [2J\n"
    )
    assert told("text", "x", worker=2) == "gateway/2: x\n"


def test_json_is_one_object_a_line_with_a_level() -> None:
    lines = told(
        "json", "all is well", "WARNING: soon\nnot", "loans: REFUSED: no", "ALERT x (critical), y: z", worker=3
    )
    found = [json.loads(line) for line in lines.splitlines()]
    assert [each["level"] for each in found] == ["info", "warning", "error", "error"]
    assert found[0] == {
        "at": "2026-11-23T12:00:00.000000Z",
        "level": "info",
        "what": "line",
        "worker": 3,
        "line": "all is well",
    }
    assert found[1]["line"] == "WARNING: soon not"


def test_a_line_may_know_what_it_is_about() -> None:
    line = Line("loans: admitted", "info", "admission", deployment="loans")
    assert line == "loans: admitted"
    (found,) = map(json.loads, told("json", line).splitlines())
    assert (found["what"], found["deployment"]) == ("admission", "loans")


class Full(io.StringIO):
    """Takes nothing while it is full."""

    full = True

    def flush(self) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "no space left")


def test_where_no_line_can_be_written_nobody_fails_and_it_is_said_afterwards() -> None:
    out = Full()
    tell = Teller("text", lambda: NOW, out=out)
    tell("one")
    tell("two")
    out.full = False
    tell("three")
    last, said = out.getvalue().splitlines()[-2:]
    assert last == "gateway: three"
    assert said.startswith("gateway: WARNING: 2 lines before this one met a disk or a reader that took nothing")
    out.close()
    tell("four")  # nor where it is closed
