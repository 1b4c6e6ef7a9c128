"""Act one, continued: the released model is served, attacked, used, watched, and defended with a dossier."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from muster.cli.demo.age import USE_CASE, Released, open_demands
from muster.cli.demo.cast import Stage
from muster.cli.demo.narrator import short
from muster.cli.demo.processes import free_port, run
from muster.lifecycle.desk.action import Upload
from muster.lifecycle.monitor import Window
from muster.records.evidence import Evidence
from muster.records.release import Orders

if TYPE_CHECKING:
    import pyarrow as pa

DEPLOYMENT = "credit"
ROWS_A_REQUEST = 500
ATTRIBUTES = ("AGE", "SEX")
"""Joined after the decision, from the bank's own records: the model never sees them."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Decisions that the gateway gave, in the order of the applications."""

    decision_ids: tuple[str, ...]
    approved: int


def play(stage: Stage, released: Released) -> Path:
    """Deploy, serve, attack, watch; return where the dossier was written."""
    tell = stage.narrator
    tell.scene("6. A gateway serves it: a process without keys, which proves everything for itself")
    orders: Orders = tell.call(
        "omar",
        stage.desks["omar"],
        f"deployment set {DEPLOYMENT} {short(released.version.digest)}",
        "deployment set",
        {"name": DEPLOYMENT, "version": released.version.digest},
    )
    tell.say(
        f"orders {orders.number} for gateway group {orders.group}, good until {orders.expires_at:%Y-%m-%d %H:%M} UTC"
    )
    _flip_a_byte(stage, orders.deployments[0].served)
    traffic, table = _send(stage, released)
    _watch(stage, released, traffic, table)
    return _defend(stage, released)


def _serve_words(stage: Stage, outbox: Path, port: int, *more: str) -> list[str]:
    root = ["--root", stage.fingerprint, "--outbox", str(outbox), "--port", str(port)]
    return ["serve", "--home", str(stage.home), *root, *more]


def _flip_a_byte(stage: Stage, served: str) -> None:
    """Change one byte of a copy of the served artifact, and let a gateway look at the copy."""
    tell = stage.narrator
    copy = stage.home / "attacked-outbox"
    shutil.copytree(stage.home / "outbox", copy)
    victim = next(path for path in copy.rglob("*") if path.is_file() and _digest(path) == served)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.chmod(0o644)
    victim.write_bytes(content)
    tell.say("An attacker changes one bit of the model's file, in a copy of what the gateway reads:")
    tell.shell("omar", "serve --explain --outbox attacked-outbox --root sha256:...")
    code, output = run(_serve_words(stage, copy, 0, "--explain"))
    tell.say(*(line for line in output.splitlines() if line.strip()))
    tell.note("one bit of the served file flipped", "refused by the gateway" if code else "SERVED: this must not be")
    shutil.rmtree(copy)


def _digest(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def _send(stage: Stage, released: Released) -> tuple[Traffic, pa.Table]:
    """Start the gateway on the true outbox, and send it the held-out applications."""
    from muster.columns.tables import from_parquet

    tell, port = stage.narrator, free_port()
    url = f"http://127.0.0.1:{port}"
    tell.shell("omar", f"serve --root {stage.fingerprint[:19]}... --port {port}")
    words = _serve_words(stage, stage.home / "outbox", port)
    stage.processes.start("gateway", words, f"{url}/v2/models/{DEPLOYMENT}/ready")
    asked = {"dataset": released.parts.held_out}
    held_out = stage.desks["mia"].call("dataset download", asked, tell.progress)
    table = from_parquet(held_out.content)
    tell.say(f"{table.num_rows:,} held-out applications are sent over the Open Inference Protocol:")
    tell.say(f"  POST {url}/v2/models/{DEPLOYMENT}/infer")
    traffic = _ask(url, table, released)
    share = traffic.approved / table.num_rows
    tell.say(f"{traffic.approved:,} approved ({share:.1%}); each decision has an id, and a line in the log")
    tell.note("served", f"{table.num_rows:,} applications, {share:.1%} approved")
    stage.processes.stop("gateway")
    return traffic, table


def _ask(url: str, table: pa.Table, released: Released) -> Traffic:
    inputs = released.version.manifest.inputs
    label = released.version.manifest.decision.favourable_label
    types = {"number": "FP64", "integer": "INT64", "category": "BYTES"}
    ids: list[str] = []
    approved = 0
    with httpx2.Client(base_url=url, timeout=30, trust_env=False) as client:
        for start in range(0, table.num_rows, ROWS_A_REQUEST):
            rows = table.slice(start, ROWS_A_REQUEST)
            tensors = [
                {
                    "name": column.name,
                    "shape": [rows.num_rows],
                    "datatype": types[column.type.value],
                    "data": rows.column(column.name).to_pylist(),
                }
                for column in inputs
            ]
            answer = client.post(f"/v2/models/{DEPLOYMENT}/infer", json={"id": f"batch-{start}", "inputs": tensors})
            answer.raise_for_status()
            outputs = {output["name"]: output["data"] for output in answer.json()["outputs"]}
            ids += outputs["decision_id"]
            approved += outputs["decision"].count(label)
    return Traffic(tuple(ids), approved)


def _watch(stage: Stage, released: Released, traffic: Traffic, table: pa.Table) -> None:
    """Join the outcomes that came later, and ask the gate whether the release still stands."""
    import pyarrow as pa

    from muster.columns.tables import to_parquet

    tell = stage.narrator
    target = released.version.manifest.recipe.target
    tell.scene("7. A month later the outcomes are known: does it still stand?")
    known = table.select([target, *ATTRIBUTES]).append_column("decision_id", pa.array(traffic.decision_ids))
    asked = {
        "deployment": DEPLOYMENT,
        "version": released.version.digest,
        "outcomes": Upload("outcomes.parquet", to_parquet(known)),
    }
    command = f"monitor window {DEPLOYMENT} {short(released.version.digest)} outcomes.parquet"
    window: Window = tell.call("omar", stage.desks["omar"], command, "monitor window", asked)
    tell.table(
        f"{window.decisions:,} decisions of the inference log, joined with what happened",
        ("figure", "group", "value", "95 % interval", "n"),
        [row for evidence in window.evidence for row in _rows(evidence)],
    )
    still = (
        "it still stands" if not open_demands(window.decision) else f"open: {', '.join(open_demands(window.decision))}"
    )
    tell.say(f"The same gate, asked with the evidence of the window: {window.decision.verdict.value}; {still}.")
    tell.note("watched", f"{window.decisions:,} decisions with outcomes; {still}")


SHOWN = ("auc", "favourable_rate", "impact_ratio", "psi")


def _rows(evidence: Evidence) -> list[tuple[str, ...]]:
    """Return the figures worth a line: of the columns' drift only the largest."""
    about = [figure for figure in evidence.figures if figure.name in SHOWN]
    if about and about[0].name == "psi":
        about = sorted(about, key=lambda figure: -figure.value)[:3]
    return [
        (
            figure.name,
            figure.group,
            f"{figure.value:.3f}",
            "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}",
            f"{figure.n:,}",
        )
        for figure in about
    ]


def _defend(stage: Stage, released: Released) -> Path:
    """Write the dossier, and verify it offline."""
    tell = stage.narrator
    tell.scene("8. A regulator asks why this model was allowed to decide")
    path = stage.home / "dossier.zip"
    asked = {"version": released.version.digest, "use_case": USE_CASE, "environment": "production"}
    command = f"dossier write {short(released.version.digest)} --output dossier.zip"
    made = tell.call("ana", stage.desks["ana"], command, "dossier write", asked)
    path.write_bytes(made.content)
    with zipfile.ZipFile(path) as dossier:
        path.with_suffix(".html").write_bytes(dossier.read("dossier.html"))
    tell.shell("auditor", f"dossier verify dossier.zip --root {stage.fingerprint[:19]}...   # offline, Python alone")
    code, output = run(["dossier", "verify", str(path), "--root", stage.fingerprint])
    # What the ledger says was shown above; what is proven, and what is not, is new.
    proven, _, rest = output.partition("WHAT THE LEDGER SAYS")
    told = (proven + "NOT PROVEN" + rest.partition("NOT PROVEN")[2]) if code == 0 else output
    tell.say(*(line for line in told.splitlines() if line.strip()))
    tell.note("dossier", f"{len(made.content):,} bytes; {'verified offline' if code == 0 else 'NOT VERIFIED'}")
    return path
