import hashlib
import re
from fnmatch import fnmatchcase

import pytest

from muster.adapters.assets import FOLDERS, asset, assets
from muster.adapters.wooldridge import packaged
from muster.adapters.yamlfiles.contracts import read_contract
from muster.adapters.yamlfiles.policies import read_library, read_policy
from muster.checks.data.contract import breaches
from muster.checks.registry import CHECKS
from muster.columns.tables import read_table
from muster.records.evidence import ATTESTED
from muster.records.policy import Control

LIBRARY = read_library(asset("controls/controls.yaml").decode(), "controls.yaml")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_shipped_file_is_found_by_its_name(folder: str) -> None:
    assert assets(folder)
    assert all(asset(f"{folder}/{name}") for name in assets(folder))


@pytest.mark.parametrize(
    "path", ["policies/none.yaml", "../pyproject.toml", "policies/../../cli/main.py", "policies", "", "secrets/x"]
)
def test_other_paths_are_refused_with_what_there_is(path: str) -> None:
    with pytest.raises(KeyError, match=r"there are .*policies/mortgage\.yaml"):
        asset(path)


def test_an_unknown_folder_is_refused() -> None:
    with pytest.raises(KeyError, match="there are clauses"):
        assets("secrets")


def test_the_shipped_data_is_what_its_notice_names() -> None:
    notice = asset("data/README.md").decode()
    assert hashlib.sha256(asset("data/taiwan_credit_default.parquet")).hexdigest() in notice
    assert all(word in notice for word in ("UCI", "CC BY 4.0", "I-Cheng Yeh", "2473-2480"))


@pytest.mark.parametrize("name", assets("policies"))
def test_every_shipped_policy_reads_and_names_known_controls(name: str) -> None:
    policy = read_policy(asset(f"policies/{name}").decode(), name, LIBRARY)
    assert policy.environment == "production"
    assert policy.separation_of_duties
    assert policy.parity is (policy.answers is None), "what is compiled is proven; what is hosted is guarded"


@pytest.mark.parametrize("name", assets("contracts"))
def test_every_shipped_contract_reads_and_names_sensitive_columns(name: str) -> None:
    assert read_contract(asset(f"contracts/{name}").decode(), name).sensitive


def test_prohibited_inputs_cover_the_sensitive_columns_of_the_contracts() -> None:
    for control, contract in (
        ("no-prohibited-inputs-credit", "taiwan-credit-default"),
        ("no-prohibited-inputs-mortgage", "boston-mortgage-decisions"),
    ):
        found = LIBRARY.control(control)
        assert found is not None
        sensitive = read_contract(asset(f"contracts/{contract}.yaml").decode(), contract).sensitive
        patterns = found.parameters["columns"]
        assert all(any(fnmatchcase(column, pattern) for pattern in patterns) for column in sensitive)
        assert not found.waivable


def test_the_library_is_put_together_from_its_parts_and_loses_nothing() -> None:
    parts = [asset(f"controls/{name}") for name in assets("controls")] + [
        asset(f"clauses/{name}") for name in assets("clauses")
    ]
    ids = re.findall(r"^  - id: (.*)$", "\n".join(part.decode() for part in parts), re.MULTILINE)
    held = (*LIBRARY.objectives, *LIBRARY.controls, *LIBRARY.regimes, *LIBRARY.clauses)
    assert sorted(ids) == sorted(each.id for each in held)
    assert "# Regulation B calls applicants" in asset("controls/controls.yaml").decode(), "comments are kept"


@pytest.mark.parametrize("control", LIBRARY.controls, ids=lambda control: control.id)
def test_every_control_names_a_check_and_parameters_that_it_knows(control: Control) -> None:
    family, _, questionnaire = control.check.partition(".")
    if family == ATTESTED:
        assert f"{questionnaire}.yaml" in assets("questionnaires")
        assert control.parameters == {}
        return
    check = CHECKS[control.check]
    known = {*check.required, *check.parameters}
    assert set(check.required) <= set(control.parameters) <= known


def test_the_shipped_data_keep_their_contracts() -> None:
    tables = {
        "taiwan-credit-default": read_table(asset("data/taiwan_credit_default.parquet"), "taiwan.parquet"),
        "boston-mortgage-decisions": packaged("loanapp"),
    }
    for name, table in tables.items():
        assert breaches(table, read_contract(asset(f"contracts/{name}.yaml").decode(), name)) == ()
