from __future__ import annotations

import pytest

from muster.columns.packages.listed import Listed, valid
from muster.columns.packages.names import Status
from muster.records.language.packages import Ecosystem


def test_names_are_taken_in_the_form_in_which_their_index_compares_them() -> None:
    assert valid(Ecosystem.PYPI, "Zope.Interface_x") == "zope-interface-x"
    assert valid(Ecosystem.NPM, "@Angular/core") == "@angular/core"
    assert valid(Ecosystem.NPM, "lodash.merge") == "lodash.merge"


@pytest.mark.parametrize("written", ["", " ", "a b", "a/b", "<a>", "-", "é", "a\x00", "a" * 215, "../a"])
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no name of a package"):
        valid(Ecosystem.PYPI, written)


@pytest.mark.parametrize("written", ["", "@a", "@/b", "a b", "a/b", "@a/b/c", "a\u200b", "a\x1b"])
def test_what_is_no_name_of_npm_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no name of a package"):
        valid(Ecosystem.NPM, written)


def test_a_name_is_plain_until_something_is_known_of_it() -> None:
    assert Listed("numpy").plain
    assert not Listed("numpy", rank=3).plain
    assert not Listed("numpy", status=Status.REMOVED).plain
