"""The files that operators start from name only what exists, and start a gateway with as little leave as it needs."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from muster.gateway.operations.families import EDGES, FAMILIES, Kind, Sample
from muster.settings import read_settings
from muster.wiring.gateway import write_metrics

OPS = Path("src/muster/assets/ops")


def told() -> set[str]:
    endings = {Kind.COUNTER: ["_total"], Kind.GAUGE: [""], Kind.HISTOGRAM: ["_bucket", "_sum", "_count"]}
    return {f"muster_{name}{ending}" for name, family in FAMILIES.items() for ending in endings[family.kind]}


def asked(expression: str) -> set[str]:
    return set(re.findall(r"muster_\w+", expression))


def test_alert_rules_ask_for_figures_that_are_told() -> None:
    (group,) = yaml.safe_load((OPS / "alerts.yaml").read_text())["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(set(names)) == len(names) >= 8
    for rule in group["rules"]:
        assert asked(rule["expr"])
        assert asked(rule["expr"]) <= told(), rule["alert"]
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"]["summary"].endswith(".") or rule["annotations"]["summary"].endswith("?")


def test_the_dashboard_asks_for_figures_that_are_told() -> None:
    panels = json.loads((OPS / "dashboard.json").read_text())["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    assert all(asked(expression) and asked(expression) <= told() for expression in expressions)
    assert len({panel["id"] for panel in panels}) == len(panels)


def unit(name: str) -> configparser.RawConfigParser:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[method-assign, assignment]
    read.read(OPS / name)
    return read


def test_the_service_may_do_little_and_sets_what_exists() -> None:
    service = unit("muster-gateway.service")["Service"]
    for name, value in {
        "Type": "notify",
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "Restart": "on-failure",
        "KillMode": "mixed",
    }.items():
        assert service[name] == value
    lines = re.findall(r"^Environment=(.*)$", (OPS / "muster-gateway.service").read_text(), re.MULTILINE)
    given = dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))
    settings = read_settings({}, {**given, "MUSTER_ROOT": "sha256:0"})
    assert (settings.workers, settings.metrics_port, settings.log_format) == (2, 8501, "json")
    assert unit("muster-gateway.socket")["Socket"]["FileDescriptorName"] == "gateway"


promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (package prometheus) is not here")


@promtool
def test_prometheus_takes_the_alert_rules_and_each_fires_when_it_should(tmp_path: Path) -> None:
    shutil.copy(OPS / "alerts.yaml", tmp_path / "rules.yaml")
    shutil.copy(Path(__file__).with_name("alerts.yaml"), tmp_path / "cases.yaml")
    rules, cases = ((tmp_path / name).read_text() for name in ("rules.yaml", "cases.yaml"))
    for name in re.findall(r"- alert: (\w+)", rules):  # once where it is quiet, once where it fires
        assert re.search(rf"alertname: {name}, exp_alerts: \[\]", cases), name
        assert re.search(rf"alertname: {name}\n +exp_alerts:", cases), name
    for line in (["check", "rules", "rules.yaml"], ["test", "rules", "cases.yaml"]):
        judged = subprocess.run(["promtool", *line], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert judged.returncode == 0, judged.stdout + judged.stderr
        assert "SUCCESS" in judged.stdout


@promtool
def test_prometheus_takes_a_page_with_every_figure() -> None:
    samples = [
        Sample(family.name, ("x",) * len(family.labels), 1.0, (1,) * (len(EDGES) + 1) if "seconds" in name else ())
        for name, family in FAMILIES.items()
    ]
    page, _ = write_metrics(FAMILIES, EDGES, samples, "")
    judged = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, check=False)
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, b"", b"")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in ("muster-gateway.service", "muster-gateway.socket"):
        text = (OPS / name).read_text().replace("/opt/muster/bin/muster", shutil.which("true") or "/bin/true")
        (tmp_path / name).write_text(text)
    line = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "muster-gateway.service")]
    verified = subprocess.run(line, capture_output=True, text=True, check=False)
    ours = [line for line in verified.stderr.splitlines() if "muster-gateway" in line]
    assert ours == []
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(tmp_path / "muster-gateway.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"exposure level for .*: ([0-9.]+)", scored.stdout)
    if found is None:
        pytest.skip(f"this systemd does not score units offline: {scored.stderr}")
    assert float(found[1]) < 2.5


def test_the_container_is_built_by_hashes_and_runs_as_nobody_in_particular() -> None:
    text = re.sub(r"\\\n", " ", (OPS / "Containerfile").read_text())
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    words = [word for word, _ in lines]
    known = {"ARG", "FROM", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT"}
    assert set(words) <= known
    assert words[0] == "ARG"
    assert [rest.split()[0] for word, rest in lines if word == "FROM"] == ["${BASE}", "${BASE}"]
    installs = [part for word, rest in lines if word == "RUN" for part in rest.split("&&") if "pip install" in part]
    assert all("--require-hashes --no-deps" in part or "--no-deps --no-index" in part for part in installs)
    assert len(installs) == 2
    assert not re.search(r"index-url|find-links|trusted-host|://", text.partition("HEALTHCHECK")[0])
    (lock,) = [rest.partition("=")[2] for word, rest in lines if word == "ARG" and rest.startswith("LOCK")]
    assert Path(lock).is_file()
    (user,) = [rest for word, rest in lines if word == "USER"]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert words.index("USER") < words.index("ENTRYPOINT")
    (health,) = [rest for word, rest in lines if word == "HEALTHCHECK"]
    assert "/healthz" in health
    (environment,) = [rest for word, rest in lines if word == "ENV"]
    given = dict(pair.split("=", 1) for pair in shlex.split(environment) if pair.startswith("MUSTER_"))
    assert read_settings({}, given).gateway_host == "0.0.0.0"  # noqa: S104 - inside of a container


def entries(lock: str) -> dict[str, set[str]]:
    """Return what a lock names, each with its version and hashes."""
    found = re.split(r"\n(?=\S)", Path(lock).read_text().strip())
    return {entry.split()[0]: set(re.findall(r"--hash=\S+", entry)) for entry in found}


def test_the_lock_of_containers_is_part_of_the_lock_and_has_all_that_a_gateway_loads() -> None:
    whole, part = entries("requirements.lock"), entries("requirements-gateway.lock")
    assert {name: whole.get(name) for name in part} == part
    assert len(part) < len(whole) / 3
    code = (
        "import sys; from muster.gateway.fence import raise_fence; raise_fence(); import uvloop, httptools;"
        "import muster.cli.main, muster.gateway.process, muster.gateway.batch.process;"
        "import muster.gateway.operations.workers.supervising;"
        f"import {', '.join(LOADED)};"
        "from importlib.metadata import packages_distributions; known = packages_distributions();"
        "print(*{one for name in sys.modules for one in known.get(name, ())})"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    names = {name.partition("==")[0].replace("_", "-") for name in part}
    # Of these, only what stands for namespaces is loaded, and what an editable installation brings.
    beside = {"muster-ml", "setuptools", "google-auth", "cloudpickle", "brotli"}
    assert {name.lower().replace("_", "-") for name in said} - beside <= names


LOADED = [
    "muster.adapters.arrowlog.whole",
    "muster.adapters.arrowlog.writer",
    "muster.adapters.blobs",
    "muster.adapters.graphs.within",
    "muster.adapters.logkey",
    "muster.adapters.onnx",
    "muster.adapters.rowfiles.reading",
    "muster.adapters.rowfiles.writing",
    "muster.adapters.sandbox.original",
    "muster.adapters.signatures",
    "muster.adapters.telemetry.metrics",
    "muster.adapters.telemetry.tracing",
    "muster.adapters.telling.notifier",
    "muster.adapters.upstream",
    "muster.adapters.vault.frames",
    "muster.guards.output.opening",
    "muster.wiring.carried.clients",
    "muster.wiring.packages.lists",
]
"""What a gateway binds, some of it only once it is needed."""
