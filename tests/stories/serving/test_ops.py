"""The files that operators start from name only what exists, and start a gateway with as little leave as it needs."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from muster.gateway.operations.families import FAMILIES, Kind
from muster.settings import read_settings

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
    assert all("--require-hashes" in part or "--no-index" in part for part in installs)
    assert len(installs) == 2
    (user,) = [rest for word, rest in lines if word == "USER"]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert words.index("USER") < words.index("ENTRYPOINT")
    (health,) = [rest for word, rest in lines if word == "HEALTHCHECK"]
    assert "/healthz" in health
    (environment,) = [rest for word, rest in lines if word == "ENV"]
    given = dict(pair.split("=", 1) for pair in shlex.split(environment) if pair.startswith("MUSTER_"))
    assert read_settings({}, given).gateway_host == "0.0.0.0"  # noqa: S104 - inside of a container
