"""The list: classes under their own names, makers that are named one by one, and nothing by another way."""

from __future__ import annotations

import inspect

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils import Bunch, all_estimators

from muster.adapters.pickled.allowed import CLASSES, MAKERS, SELECTORS, _latin, allowed, class_names, empty

KNOWN = allowed()


def test_every_class_stands_under_its_own_name_and_where_it_is_defined() -> None:
    for (module, name), found in KNOWN.names.items():
        if inspect.isclass(found) and module != "__builtin__":
            assert (found.__module__, found.__qualname__) == (module, name)


def test_only_the_makers_are_functions_and_some_that_no_file_can_call() -> None:
    makers = {(module, name) for listed in (MAKERS, SELECTORS) for module in listed for name in listed[module].split()}
    ours = {(module, name) for (module, name), found in KNOWN.names.items() if not inspect.isclass(found)}
    replaced = {(module, name) for module, name in ours if "muster." in type(KNOWN.names[module, name]).__module__}
    guarded = {key for key in ours if getattr(KNOWN.names[key], "__module__", "").startswith("muster.")}
    assert ours == makers | replaced | guarded
    assert not {id(KNOWN.names[key]) for key in makers if key[0] in SELECTORS} & KNOWN.called


def test_no_name_has_a_dot_in_it() -> None:
    assert not [name for _, name in KNOWN.names if "." in name]


def test_every_estimator_of_the_library_is_known_but_none_may_be_called() -> None:
    estimators = [kind for _, kind in all_estimators() if not kind.__module__.startswith("sklearn.utils")]
    assert len(estimators) > 150
    for kind in estimators:
        assert KNOWN.names[kind.__module__, kind.__qualname__] is kind
        assert id(kind) not in KNOWN.called
    assert id(KNOWN.names["xgboost.core", "Booster"]) not in KNOWN.called


@pytest.mark.parametrize("module", ["sklearn.tree._tree", "sklearn._loss.loss", "builtins", "numpy.random._pickle"])
def test_what_is_listed_is_there(module: str) -> None:
    for name in {**CLASSES, **MAKERS}[module].split():
        assert (module, name) in KNOWN.names


def test_only_one_codec_is_asked() -> None:
    assert _latin("\xff") == b"\xff"
    with pytest.raises(ValueError, match="codec 'rot13'"):
        _latin("x", "rot13")


def test_classes_are_named_as_skops_names_them() -> None:
    names = class_names()
    assert "sklearn.tree._tree.Tree" in names
    assert not {"copyreg._reconstructor", "numpy.ndarray"} & names


def test_objects_are_made_in_the_way_of_the_languages_own_classes_only() -> None:
    assert empty(Bunch, dict, {"a": 1}) == Bunch(a=1)
    assert type(empty(LogisticRegression, object, None)) is LogisticRegression
    for made, parent in ((LogisticRegression, LogisticRegression), (Bunch, list), (LogisticRegression(), object)):
        with pytest.raises(ValueError, match="none of the language's own"):
            empty(made, parent, None)
