import io
import zipfile
from pathlib import Path

import pytest
import yaml

from muster.adapters.mlflow.layout import DISTRIBUTIONS, descriptor, requirements, types_in, write_model

SCHEMA = '{"__module__": "sklearn.x", "__class__": "A", "content": [{"__module__": "os", "__class__": "system"}]}'


def archive(schema: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        target.writestr("schema.json", schema)
    return content.getvalue()


def test_types_are_read_as_names_only() -> None:
    assert types_in(archive(SCHEMA)) == {"sklearn.x.A", "os.system"}


@pytest.mark.parametrize("content", [b"", b"\x80\x04N.", archive("{"), archive("[1]")[:-30]], ids=range(4))
def test_what_is_no_skops_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a skops file"):
        types_in(content)


def test_only_vouched_types_are_declared() -> None:
    found = descriptor(
        {"model.skops": archive(SCHEMA)},
        run="r",
        model_id="m-1",
        location="file:///x",
        trusted={"sklearn.x.A", "sklearn.x.B"},
        at=1_795_392_000_250,
    )
    assert found["flavors"]["sklearn"]["skops_trusted_types"] == ["sklearn.x.A"]
    assert found["utc_time_created"] == "2026-11-23 00:00:00.250000"


def test_requirements_are_exact() -> None:
    assert [line.split("==")[0] for line in requirements()] == list(DISTRIBUTIONS)
    assert all(line.split("==")[1] for line in requirements())


def test_the_files_are_written_as_they_are(tmp_path: Path) -> None:
    write_model(tmp_path, {"model.skops": b"bytes"}, {"run_id": "r"}, ["numpy==2"])
    assert (tmp_path / "model.skops").read_bytes() == b"bytes"
    assert yaml.safe_load((tmp_path / "MLmodel").read_text()) == {"run_id": "r"}
    assert (tmp_path / "requirements.txt").read_text() == "numpy==2\n"
