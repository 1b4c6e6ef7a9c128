"""Trees are read from the file that the compiler writes, and from no other."""

from __future__ import annotations

from tests.columns.row.test_trees import RULE, _leaf, chain

from muster.columns.compiler import compile_served, planned
from muster.columns.forms import Trees
from muster.columns.plan import Encoding
from muster.columns.row.ensemble import read_ensemble
from muster.records.data import Column, ColumnType


def test_only_whole_ensembles_are_read() -> None:
    form = Trees(0.5, (chain(4), _leaf(0.25)))
    encodings = (Encoding(Column("income", ColumnType.NUMBER)),)
    whole = compile_served(planned("v", "given", encodings, form, RULE), form)
    read = read_ensemble(whole)
    assert read is not None
    assert [tree.value[tree.leaf].tolist() for tree in read] == [[0.5], [0.0, 1.0, 2.0, 99.0], [0.25]]
    assert all(read_ensemble(whole[:end]) is None for end in range(0, len(whole) - 200, 97))
    assert read_ensemble(whole.replace(b"leaf_weights", b"leaf_weighty")) is None
    assert read_ensemble(whole.replace(b"margin", b"margen")) is None
