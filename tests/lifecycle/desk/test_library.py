from importlib.metadata import EntryPoint

import pytest
from tests.walk import Walked

from muster.checks import registry
from muster.checks.plugins import Plugins
from muster.checks.registry import CHECKS
from muster.lifecycle.desk.library import CheckLine, CheckPage


@pytest.fixture
def one_broken_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("acme.surprise", "no_such_module_of_acme:surprise", "muster.checks")
    monkeypatch.setattr(registry, "plugins", lambda: Plugins.found(CHECKS, [point]))


def test_every_check_is_listed_with_what_it_measures(walked: Walked) -> None:
    lines: tuple[CheckLine, ...] = walked.do("mia", "check list")
    listed = {line.name: line for line in lines}
    assert set(CHECKS) <= set(listed)
    assert listed["data.labels"].summary == CHECKS["data.labels"].summary
    assert listed["data.overlap"].summary.endswith("is among the training rows too: overlap_share.")
    assert (listed["data.labels"].version, listed["data.labels"].origin) == (1, "muster")
    robust = walked.do("mia", "check list", family="robustness")
    assert {line.name.partition(".")[0] for line in robust} == {"robustness"}


@pytest.mark.usefixtures("one_broken_plugin")
def test_a_broken_plugin_is_listed_with_its_reason(walked: Walked) -> None:
    (line,) = walked.do("mia", "check list", family="acme")
    assert (line.name, line.version) == ("acme.surprise", None)
    assert line.summary.startswith("broken: an unnamed distribution")
    assert "ModuleNotFoundError" in line.summary
    with pytest.raises(LookupError, match="unknown because its plugin is broken"):
        walked.do("mia", "check show", name="acme.surprise")


def test_a_check_is_shown_with_the_meaning_of_its_parameters(walked: Walked) -> None:
    page: CheckPage = walked.do("mia", "check show", name="data.representativeness")
    parameters = {parameter.name: parameter for parameter in page.parameters}
    assert list(parameters) == ["attribute", "bands", "shares"]
    assert parameters["attribute"].required
    assert not parameters["shares"].required
    assert parameters["attribute"].meaning == "column of groups or regions"
    first, rest = page.documentation.split("\n\n")
    assert first.endswith("share_difference and representation_ratio.")
    assert rest.startswith("attribute: column of groups or regions; bands: lower limits of numeric groups; shares:")
    with pytest.raises(LookupError, match=r"there is no check 'data\.luck'; the checks are performance"):
        walked.do("mia", "check show", name="data.luck")


def test_every_parameter_of_data_and_robustness_checks_is_explained(walked: Walked) -> None:
    for name in CHECKS:
        if name.startswith(("data.", "robustness.")):
            for parameter in walked.do("mia", "check show", name=name).parameters:
                assert len(parameter.meaning) > 5, parameter
