from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.packageindex.listing import About, read_html, read_json

NAMES = st.lists(st.text(min_size=1, max_size=8), max_size=30)


def _pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@given(NAMES, st.integers(1, 50), st.booleans(), st.booleans())
def test_names_come_out_however_the_document_is_cut(names: list[str], size: int, ascii_only: bool, last: bool) -> None:
    meta = {"meta": {"_last-serial": 31, "api-version": "1.4"}}
    projects = {"projects": [{"_last-serial": 7, "name": name} for name in names]}
    document = json.dumps(projects | meta if last else meta | projects, ensure_ascii=ascii_only).encode()
    about = About()
    assert list(read_json(_pieces(document, size), "index", about)) == names
    assert about.serial == 31


def test_a_plain_list_of_names_is_read_too() -> None:
    assert list(read_json([b'\xef\xbb\xbf [ "left-pad", "@scope/it" ] \n'], "names.json")) == ["left-pad", "@scope/it"]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (b"", "it is cut off"),
        (b'{"projects": [{"name": "a"}, {"na', "not JSON"),
        (b'{"projects": [{"name": "a"}', "it is cut off"),
        (b'{"projects": [{"name": "a"}]', "it is cut off"),
        (b'{"projects": [{"name": "a"}]} {', "something stands behind the end"),
        (b'{"projects": [{"title": "a"}]}', "a project has no name"),
        (b'{"meta": {}}', "no list called projects"),
        (b'{"projects": {}}', "'{' stands where [ should"),
        (b"{3: 4}", "a key is 3"),
        (b'["a" "b"]', "stands where , or ] should"),
        (b'["\xff"]', "not UTF-8"),
        (b'["' + b"a" * 5_000_000, "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"x": ' + b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_listing_or_is_cut_off_is_refused(document: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=f"^index, character .*{re.escape(what)}.*get the list again"):
        list(read_json(_pieces(document, 70_000), "index"))


@given(st.integers(1, 60))
def test_pages_of_links_are_read_however_they_are_cut(size: int) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Simple</title></head><body><h1>Links</h1>"
        '<a href="/simple/a/">a</a><br><A data-x="1 > 0" HREF="b/">\n Zope.b \n</A>text'
        '<a href="c/">c&amp;\u00e9</a></body></html>'
    )
    assert list(read_html(_pieces(page.encode(), size), "index")) == ["a", "Zope.b", "c&\u00e9"]


def test_a_page_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="index: not UTF-8"):
        list(read_html([b"<a>\xff</a>"], "index"))
    with pytest.raises(ValueError, match="a tag of more than"):
        list(read_html([b"<a href='"] + [b"x" * 2**20] * 5, "index"))
    with pytest.raises(ValueError, match="a tag of more than"):
        list(read_html([b"<a>"] + [b"x" * 2**20] * 5, "index"))
