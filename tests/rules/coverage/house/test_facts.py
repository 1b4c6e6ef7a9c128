from tests.rules.coverage.scene import known

from muster.rules.coverage.house.facts import FACTS


def test_every_fact_is_worked_out_and_says_why_whatever_is_known() -> None:
    for name, fact in FACTS.items():
        assert fact(known()).why, name
        assert fact(known([])).why, name


def test_of_an_empty_ledger_hardly_anything_is_shown() -> None:
    held = {name for name, fact in FACTS.items() if fact(known([])).holds}
    assert held <= {"waivers-sound", "inputs-guarded", "data-named"}, "no fact may be a plain yes"
