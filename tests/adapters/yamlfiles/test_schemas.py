import pytest

from muster.adapters.assets import asset
from muster.adapters.yamlfiles.document import read_document
from muster.adapters.yamlfiles.schemas import FILES, schema


@pytest.mark.parametrize("kind", FILES)
def test_schemas_refuse_unknown_fields(kind: str) -> None:
    found = schema(kind)
    assert found["additionalProperties"] is False
    assert found["required"]
    assert found["description"]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("policy", "policies/mortgage.yaml"),
        ("library", "controls/controls.yaml"),
        ("contract", "contracts/taiwan-credit-default.yaml"),
        ("reasons", "reasons/mortgage.yaml"),
    ],
)
def test_shipped_files_use_only_fields_of_their_schema(kind: str, path: str) -> None:
    value = read_document(asset(path).decode(), path, kind).value
    found = schema(kind)
    assert set(found["required"]) <= set(value) <= set(found["properties"])


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="known are policy, library, contract, reasons"):
        schema("poem")
