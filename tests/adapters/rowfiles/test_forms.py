from __future__ import annotations

from pathlib import Path

import pytest

from muster.adapters.rowfiles.forms import Form, form_of


def test_a_name_tells_and_a_word_tells_more() -> None:
    assert form_of(Path("a.PARQUET")) is Form.PARQUET
    assert form_of(Path("a.feather")) is Form.ARROW
    assert form_of(Path("a.txt"), "csv") is Form.CSV
    for path, said in ((Path("a.txt"), ""), (Path("a.csv"), "excel")):
        with pytest.raises(ValueError, match="parquet, csv, arrow"):
            form_of(path, said)
