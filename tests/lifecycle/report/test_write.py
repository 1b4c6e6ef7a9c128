from __future__ import annotations

import pytest
from tests.lifecycle.page.reading import read
from tests.walk import Walked

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Effect


def test_a_walked_version_has_a_report_and_nothing_is_written(walked: Walked) -> None:
    before = walked.house.ledger.refresh()
    made = walked.do("bob", "model report", version=walked.version[7:19])
    values = {float(value) for value in read(made.content.decode()).all("value")}
    found = walked.do("bob", "model evidence", version=walked.version)

    assert CATALOGUE["model report"].effect is Effect.READS
    assert made.name == f"report-consumer-credit-{walked.version[7:19]}.html"
    assert made.media_type == "text/html; charset=utf-8"
    assert len(found) > 2
    assert {float(figure.value) for evidence in found for figure in evidence.figures} <= values
    assert b'stamp allowed">allowed' in made.content
    assert walked.house.ledger.refresh() == before


def test_a_version_that_nobody_knows_has_none(walked: Walked) -> None:
    with pytest.raises(LookupError, match="is not known here"):
        walked.do("bob", "model report", version="ffff")
