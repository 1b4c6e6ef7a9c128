from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.walk import Walked

from muster.lifecycle.report.papers.write import Paper


@pytest.mark.parametrize("paper", list(Paper))
def test_a_walked_version_has_every_paper_and_nothing_is_written(walked: Walked, paper: Paper) -> None:
    before = walked.house.ledger.refresh()
    made = walked.do("bob", "model paper", version=walked.version[7:19], paper=paper.value)
    page = made.content.decode()
    assert made.name == f"{paper.value}-consumer-credit-{walked.version[7:19]}.html"
    assert set(re.findall('href="#([^"]+)"', page)) <= set(re.findall('id="([^"]+)"', page))
    assert "engineering input" in page.lower()
    assert walked.house.ledger.refresh() == before


def test_pdf_is_made_where_it_can_be_and_else_the_extra_is_named(walked: Walked) -> None:
    asked = {"version": walked.version, "form": "pdf"}
    sources: list[str] = []

    def make(source: str) -> bytes:
        sources.append(source)
        return b"%PDF-"

    walked.opened[:] = [replace(walked.house, typeset=make)]
    made = walked.do("bob", "model paper", **asked)
    assert (made.content, made.media_type, made.name[-4:]) == (b"%PDF-", "application/pdf", ".pdf")
    assert "consumer-credit" in sources[0]
    walked.opened[:] = [replace(walked.house, typeset=None)]
    with pytest.raises(LookupError, match="install the extra `report`"):
        walked.do("bob", "model paper", **asked)
