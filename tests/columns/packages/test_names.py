from __future__ import annotations

import pytest

from muster.columns.packages.names import normal
from muster.records.language.packages import Ecosystem


@pytest.mark.parametrize("written", ["Foo.Bar", "foo_bar", "FOO--bar", "foo-._bar"])
def test_python_names_are_compared_as_its_index_does(written: str) -> None:
    assert normal(Ecosystem.PYPI, written) == "foo-bar"


def test_other_names_keep_their_signs() -> None:
    assert normal(Ecosystem.NPM, "@Types/Node_x.js") == "@types/node_x.js"
