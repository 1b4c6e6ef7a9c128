"""Model files: the same model gives the same bytes, and nothing is built from a file that names a stranger."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
import skops.io
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeClassifier

from muster.adapters.sklearn import store
from muster.adapters.sklearn.fit import fit, inputs
from muster.adapters.sklearn.predict import scores
from muster.records.data import Column
from muster.records.model import Recipe


def _rewritten(raw: bytes, change: Callable[[dict[str, Any]], None], arrays: bytes | None = None) -> bytes:
    """The same file with another schema, or with other bytes for its arrays."""
    source, made = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    schema = json.loads(source.read("schema.json"))
    change(schema)
    with zipfile.ZipFile(made, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, json.dumps(schema) if name == "schema.json" else arrays or source.read(name))
    return made.getvalue()


def test_a_model_comes_back_and_training_it_again_gives_the_same_bytes(
    table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]
) -> None:
    model, taken = fit(table, recipe, columns), inputs(table, recipe, columns)
    raw = store.dump(model)
    assert store.dump(fit(table, recipe, columns)) == raw
    assert scores(store.load(raw), table, taken).tobytes() == scores(model, table, taken).tobytes()


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (FunctionTransformer(print), "builtins.print"),
        (functools.partial(print, "x"), "functools.partial"),
        (DecisionTreeClassifier(), "sklearn.tree._classes.DecisionTreeClassifier"),
    ],
)
def test_a_type_that_is_not_on_our_list_is_refused_by_name(model: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        store.load(skops.io.dumps(model))
    with pytest.raises(ValueError, match=named):
        store.dump(model)


def test_a_trusted_name_read_by_another_loader_is_refused(
    table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]
) -> None:
    raw = store.dump(fit(table, recipe, columns))
    with pytest.raises(ValueError, match="read by MethodNode"):
        store.load(_rewritten(raw, lambda schema: schema.update(__loader__="MethodNode")))
    with pytest.raises(ValueError, match="read by None"):
        store.load(_rewritten(raw, lambda schema: schema.pop("__loader__") and None))


def test_a_damaged_file_is_refused(table: pa.Table, recipe: Recipe, columns: tuple[Column, ...]) -> None:
    raw = store.dump(fit(table, recipe, columns))
    with pytest.raises(ValueError, match="damaged"):
        store.load(_rewritten(raw, lambda _: None, arrays=b"not an array"))
    for other in (b"", b"\x80\x05cos\nsystem\n", raw[: len(raw) // 2]):
        with pytest.raises(ValueError, match="not a skops model file"):
            store.load(other)


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", b" " * 10_000)
    monkeypatch.setattr(store, "_LARGEST", 9_999)
    with pytest.raises(ValueError, match="unpacks to more"):
        store.load(made.getvalue())


def test_types_of_models_from_elsewhere_are_taken_where_they_are_named() -> None:
    forest = RandomForestClassifier(2, random_state=0).fit([[0.0], [1.0]], [0, 1])
    raw = skops.io.dumps(forest)
    with pytest.raises(ValueError, match="RandomForestClassifier"):
        store.load(raw)
    named = ("sklearn.ensemble._forest.RandomForestClassifier", "sklearn.tree._tree.Tree", "numpy.int64")
    classes = (*named, "sklearn.tree._classes.DecisionTreeClassifier")
    assert store.load(raw, classes).predict([[1.0]]).tolist() == forest.predict([[1.0]]).tolist()
    with pytest.raises(ValueError, match="holds sklearn.tree._tree.Tree"):
        store.load(raw, [name for name in classes if "_tree.Tree" not in name])
