from tests.lifecycle.page.reading import read

from muster.lifecycle.page.document import document
from muster.lifecycle.page.markup import tag


def test_a_document_is_well_formed_and_loads_and_runs_nothing() -> None:
    text = document("A <title>", tag("main", "x < y")).decode()
    found = read(text)

    assert text.startswith("<!doctype html>\n<html lang=")
    assert "<title>A &lt;title&gt;</title>" in text
    assert "<main>x &lt; y</main>" in text
    assert not {"script", "link", "img", "iframe"} & set(found.tags)
    assert any("default-src 'none'" in value for value in found.all("content"))


def test_it_fits_paper_and_phones_and_names_no_other_place() -> None:
    text = document("t").decode()

    assert "@media print" in text
    assert "@media (max-width" in text
    assert "url(" not in text
    assert "http" not in text.replace("http-equiv", "")
