from __future__ import annotations

import importlib.util

import pytest

from muster.adapters.typesetting.pdf import LIBRARY, typesetter


def test_without_the_extra_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert typesetter() is None


def test_the_same_source_is_the_same_pdf() -> None:
    pytest.importorskip(LIBRARY, reason="needs the extra `report` (typst)")
    make = typesetter()
    assert make is not None
    source = "#set document(title: [A], date: datetime(year: 2026, month: 1, day: 1))\n= A"
    assert make(source) == make(source)
    assert make(source).startswith(b"%PDF-")
