import subprocess
import sys

from muster.lifecycle.catalogue import CATALOGUE, STAGES
from muster.lifecycle.desk.action import Effect

EVERYBODY = {"token issue", "token revoke", "person set", "session revoke"}
"""What people do to what is their own."""


def test_every_action_is_declared_in_a_stage_and_says_what_it_does() -> None:
    modules = {stage.__name__ for stage in STAGES}
    for name, asked in CATALOGUE.items():
        module = asked.function.__module__
        assert any(module == known or module.startswith(f"{known}.") for known in modules), name
        assert asked.name == name
        assert asked.summary.endswith("."), name
        assert len(name.split()) == 2 or name in {"whoami", "stop", "resume"}


def test_whatever_changes_something_asks_for_a_role() -> None:
    acting = [asked for asked in CATALOGUE.values() if asked.effect is Effect.ACTS]
    assert len(acting) > 15
    assert {asked.name for asked in acting if not asked.roles} <= EVERYBODY


def test_the_catalogue_is_light_so_that_help_is_instant() -> None:
    heavy = ("mlflow", "pandas", "sklearn", "pyarrow", "numpy", "cryptography", "sqlite3")
    code = f"import sys, muster.lifecycle.catalogue; print([m for m in {heavy!r} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
