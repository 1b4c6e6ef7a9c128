"""Third parties: a real distribution on the path, with metadata and modules, some of them broken on purpose."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from muster.checks.plugins import Plugins

GOOD = '''
    from muster.checks.declare import check
    from muster.columns.statistics.intervals import mean
    from muster.records.evidence import Figure, Measurement

    @check("acme.surprise", version=2, parameters=("scale",))
    def surprise(sample, parameters):
        """Measure how far scores are from 0.5.

        ``scale``: multiplies the figure (1).
        """
        far = abs(sample.scores - 0.5) * parameters.get("scale", 1)
        value, low, high = mean(far)
        return Measurement((Figure("surprise", value, sample.rows, low, high),), method="Mean distance from 0.5.")

    @check("acme.other_name", version=1)
    def misnamed(sample, parameters):
        """Have another name than its entry point."""

    NOT_A_CHECK = 7
'''
POINTS = {
    "acme.surprise": "acme_checks:surprise",
    "acme.misnamed": "acme_checks:misnamed",
    "acme.seven": "acme_checks:NOT_A_CHECK",
    "acme.absent": "acme_checks:nothing_here",
    "acme.exits": "acme_exits:check",
    "acme.claimed": "acme_checks:surprise",
    "performance.discrimination": "acme_checks:surprise",
}


def install(folder: Path, name: str, version: str, points: dict[str, str], modules: dict[str, str]) -> None:
    """Lay out a distribution as an installer leaves it: modules, and metadata with entry points."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    listed = "\n".join(f"{check} = {place}" for check, place in points.items())
    (info / "entry_points.txt").write_text(f"[muster.checks]\n{listed}\n")
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(dedent(text))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    modules = {"acme_checks": GOOD, "acme_exits": "raise SystemExit(3)\n"}
    install(tmp_path, "acme-checks", "1.2", POINTS, modules)
    install(tmp_path, "other-checks", "0.1", {"acme.claimed": "other_checks:check"}, {"other_checks": "check = 1\n"})
    return tmp_path


def run(site: Path, script: str) -> list[str]:
    """Run a script in a fresh process that has the distributions on its path."""
    code = f"import sys; sys.path.insert(0, {str(site)!r})\n{dedent(script)}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_an_installed_check_is_found_loaded_when_asked_and_measures(site: Path) -> None:
    script = """
        from muster.checks.evidence import evidence_of
        from muster.checks.kit import assert_lawful, credit_sample
        from muster.checks.registry import find
        find("performance.calibration")
        print("acme_checks" in sys.modules)
        found = find("acme.surprise")
        print("acme_checks" in sys.modules, found.origin, found.version)
        assert_lawful(found, {"scale": 2})
        made = evidence_of("sha256:00", "acme.surprise", {}, credit_sample())
        print(made.outcome.value, made.check_version, made.figures[0].n, made.method)
    """
    assert run(site, script) == [
        "False",
        "True acme-checks 1.2 2",
        "measured 2 1000 Mean distance from 0.5. Check of acme-checks 1.2.",
    ]


def test_a_broken_plugin_is_named_and_breaks_nothing_else(site: Path) -> None:
    script = """
        from muster.checks.evidence import evidence_of
        from muster.checks.kit import credit_sample
        from muster.checks.registry import find
        sample = credit_sample()
        for name in ("acme.misnamed", "acme.seven", "acme.absent", "acme.exits", "acme.claimed"):
            made = evidence_of("sha256:00", name, {}, sample)
            print(made.outcome.value, made.check_version, made.reason)
        ours = find("performance.discrimination")
        print(repr(ours.origin), ours.function.__module__)
        print(evidence_of("sha256:00", "performance.discrimination", {}, sample).outcome.value)
        try:
            find("acme.nobody")
        except KeyError as problem:
            print("acme.surprise" in str(problem), "there is no check" in str(problem))
    """
    broken = "not-measured 0 check 'acme.{}' is unknown because its plugin is broken: acme-checks 1.2 {}"
    said = run(site, script)
    assert said[0] == broken.format(
        "misnamed", "gives the check acme.other_name as acme.misnamed: both names must be the same"
    )
    assert said[1] == broken.format("seven", "gives int as acme.seven: declare a function with @check(...)")
    assert said[2].startswith(broken.format("absent", "does not load: AttributeError: "))
    assert said[3] == broken.format("exits", "does not load: SystemExit: 3")
    assert said[4].endswith(
        "acme-checks 1.2 and other-checks 0.1 both name a check acme.claimed: uninstall one of them"
    )
    assert said[5:] == ["'' muster.checks.performance.discrimination", "measured", "True True"]


def test_a_plugin_may_not_take_a_known_name_and_is_read_once_where_it_is_seen_twice() -> None:
    point = EntryPoint("performance.discrimination", "acme:check", "muster.checks")
    found = Plugins.found({"performance.discrimination"}, [point])
    assert found.find("performance.discrimination") == (
        "an unnamed distribution (acme:check) may not replace the check performance.discrimination: "
        "its author must give it another name"
    )
    assert found.find("acme.other") is None
    twice = Plugins.found((), [point, EntryPoint(point.name, point.value, point.group)])
    assert list(twice.offered) == ["performance.discrimination"]
    assert "does not load: ModuleNotFoundError" in str(twice.find(point.name))
    assert twice.find(point.name) == twice.find(point.name)
