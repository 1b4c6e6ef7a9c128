from __future__ import annotations

from tests.columns.packages.lists import Imports, small

from muster.columns.packages.judging.modules import Modules
from muster.columns.packages.names import Claim, Lists
from muster.columns.packages.reference import Means, Reference
from muster.records.language.packages import Ecosystem


def distribution(module: str, lists: Lists | None = None) -> str:
    reference = Reference(Ecosystem.PYPI, Means.IMPORT, module, module, 0, len(module), 1)
    return Modules(lists or small()).distribution(reference)


def test_the_map_goes_before_the_customs() -> None:
    assert distribution("yaml") == "pyyaml"
    assert distribution("sklearn.svm.deep") == "scikit-learn"
    assert distribution("flask.json") == "flask"
    assert distribution("nowhere") == ""


def test_among_claims_that_nobody_ranks_the_name_of_the_module_is_preferred() -> None:
    claims = {"obscure_thing": [Claim("other"), Claim("obscure-thing")], "odd": [Claim("odd-one")]}
    lists = Lists(small().names, Imports(claims))
    assert distribution("obscure_thing", lists) == "obscure-thing"
    assert distribution("odd", lists) == "odd-one"


def test_a_module_that_is_asked_to_be_installed_has_a_right_name() -> None:
    assert Modules(small()).installed_as("PIL") == "pillow"
    assert Modules(small()).installed_as("nowhere") == ""
