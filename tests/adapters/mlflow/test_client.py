import os
import subprocess
import sys
from pathlib import Path

import pytest

from muster.adapters.mlflow.client import connect, folder_of, public


def test_credentials_do_not_show() -> None:
    shown = public("cannot reach postgresql://ana:secret@db.example/x and http://bob:p%40ss@host/")
    assert shown == "cannot reach postgresql://db.example/x and http://host/"


def test_only_sqlite_stores_have_a_folder(tmp_path: Path) -> None:
    assert folder_of(f"sqlite:///{tmp_path / 'a b' / 'mlflow.db'}") == tmp_path / "a b"
    assert folder_of("http://localhost:5000") is None


def test_a_file_in_the_way_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "mlflow").write_text("in the way")
    with pytest.raises(OSError, match="mlflow"):
        connect(f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}")


def test_a_file_that_is_no_database_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"this is not a database, and never was" * 100)
    with pytest.raises(OSError, match=r"MLflow at sqlite:.*mlflow\.db: "):
        connect(f"sqlite:///{tmp_path / 'mlflow.db'}")


def test_importing_the_adapter_does_not_import_mlflow() -> None:
    heavy = "{'mlflow', 'pandas', 'sklearn'}"
    code = f"import sys, muster.adapters.mlflow.registry; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert done.stdout.strip() == "[]"
