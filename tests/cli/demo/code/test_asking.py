from tests.cli.demo.code.conftest import Told

from muster.cli.demo.code.asking import QUESTIONS


def test_what_was_invented_does_not_reach_the_client_and_the_rest_does(told: Told) -> None:
    _, _, arrived = told.output.partition("This is what arrives:")
    arrived = arrived.partition("9. What was stopped")[0]
    assert "pip install lang-python" not in arrived
    assert "lang-python is not a package" in arrived
    assert "Run this:" in arrived
    assert "import pandas as pd" in arrived
    assert "with a wrong key: 401" in arrived
    for question in QUESTIONS:
        assert question in arrived


def test_the_log_tells_what_was_stopped_by_name(told: Told) -> None:
    asked = sum("install" in question for question in QUESTIONS)
    assert (told.report.answers, told.report.stopped) == (len(QUESTIONS), asked)
    (name,) = told.report.names
    assert (name.name, name.verdict, name.action, name.answers) == ("pypi:lang-python", "nonexistent", "block", asked)
    assert "pypi:lang-python" in told.output.partition("9. What was stopped")[2]
