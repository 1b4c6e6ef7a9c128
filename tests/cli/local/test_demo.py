import pytest
from tests.cli.demo.conftest import Played, played

__all__ = ["played"]

pytestmark = pytest.mark.timeout(600)


def test_the_demo_ends_with_what_happened_and_where_to_look(played: Played) -> None:
    assert played.code == 0, played.output[-2000:] + played.errors
    assert played.errors == ""
    end = played.between("What happened", "\0")
    for what in ("first model", "model from the search", "release", "served", "watched", "dossier", "mortgage"):
        assert what in end
    assert "this must not be" not in end
    assert "NOT VERIFIED" not in end
    assert "./run muster ledger show" in end


def test_the_files_that_it_names_are_there(played: Played) -> None:
    for name in ("ledger.sqlite", "outbox", "log", "mlflow", "dossier.zip"):
        assert (played.home / name).exists()
