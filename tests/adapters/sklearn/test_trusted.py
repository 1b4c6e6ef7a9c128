"""The list of trusted types is exact: all that the learners write, and nothing more."""

from __future__ import annotations

import io
import json
import zipfile

import pyarrow as pa

from muster.adapters.sklearn import store
from muster.adapters.sklearn.fit import fit
from muster.adapters.sklearn.trusted import LOADERS, TYPES
from muster.records.data import Column
from muster.records.model import Recipe


def test_the_list_holds_what_the_learners_write_and_nothing_more(table: pa.Table, columns: tuple[Column, ...]) -> None:
    types, loaders = set(), set()
    for learner in ("logistic-regression", "gradient-boosting"):
        model = fit(table, Recipe(learner, ("age", "job", "income", "home"), "default", 1, {}), columns)
        schema = json.loads(zipfile.ZipFile(io.BytesIO(store.dump(model))).read("schema.json"))
        for node in store._nodes(schema):
            if "__loader__" in node:
                types.add(f"{node['__module__']}.{node['__class__']}")
                loaders.add(node["__loader__"])
    assert types == TYPES
    assert loaders == LOADERS
