from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from tests.gateway.caller import Caller
from tests.gateway.papers.written import body

from muster.gateway.operations.lines import Teller
from muster.gateway.operations.requests import Requests


def test_each_request_is_a_line_without_a_value_in_it(caller: Caller) -> None:
    out = io.StringIO()
    teller = Teller("json", lambda: datetime(2026, 11, 23, tzinfo=UTC), out=out)
    caller.gateway.desk.watch = Requests(teller.event)
    caller.infer({**body(2, income=[31_415.0, 92_653.0]), "id": "call-7"})
    caller("POST", "/predict/loans", {"income": "31415 and more", "months": 1, "job": "clerk"})
    good, bad = map(json.loads, out.getvalue().splitlines())
    assert (good["what"], good["status"], good["request_id"], good["door"]) == ("request", 200, "call-7", "oip")
    assert (good["deployment"], good["version"][:7]) == ("loans", "sha256:")
    assert good["micros"] > 0
    assert bad["status"] in {400, 422}
    assert bad["request_id"] == ""
    assert "31415" not in out.getvalue()
    assert "clerk" not in out.getvalue()
