"""Clients that teams have already, unchanged and with their defaults, at a gateway in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from tests.gateway.papers.written import COLUMNS
from tests.gateway.world import World
from tests.servers import kserved
from tests.stories.test_gateway import free_port, running
from tritonclient import http as triton

from muster.adapters.oip.client import OipModel
from muster.records.model import Endpoint
from muster.wiring.carried.clients import new_client_key

pytestmark = pytest.mark.enable_socket

FRAME = pd.DataFrame({"income": [30_000.0, 90_000.0], "months": [12, 24], "job": ["clerk", "smith"]})
KINDS = {"income": "FP64", "months": "INT64", "job": "BYTES"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, int]]:
    world = World(tmp_path_factory.mktemp("world"), present=True)
    world.order(world.release(), world.release("cards", bias=1.0))
    port = free_port()
    with running(world, port):
        yield world, port


@pytest.fixture(scope="module")
def scores(served: tuple[World, int]) -> list[float]:
    """What the simplest door says of the rows of ``FRAME``."""
    url = f"http://127.0.0.1:{served[1]}/predict/loans"
    answer = httpx2.post(url, json={"rows": FRAME.to_dict(orient="records")}, trust_env=False)
    assert answer.status_code == 200
    return [each["score"] for each in answer.json()["rows"]]


def tensors() -> list[triton.InferInput]:
    inputs = []
    for name, kind in KINDS.items():
        values = FRAME[name].to_numpy(object if kind == "BYTES" else None)
        inputs.append(triton.InferInput(name, list(values.shape), kind))
        inputs[-1].set_data_from_numpy(values)
    return inputs


def test_tritonclient_asks_all_that_it_can_ask(served: tuple[World, int], scores: list[float]) -> None:
    with triton.InferenceServerClient(f"127.0.0.1:{served[1]}") as client:
        assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
        assert client.is_server_live()
        assert client.is_server_ready()
        assert client.is_model_ready("loans")
        assert not client.is_model_ready("nobody")
        version = client.get_model_metadata("loans")["versions"][0]
        assert client.get_model_config("loans", version)["name"] == "loans"
        for coding in (None, "gzip", "deflate"):
            options = {"request_compression_algorithm": coding, "response_compression_algorithm": coding}
            result = client.infer("loans", tensors(), version, request_id="call-7", **options)
            assert result.as_numpy("score").tolist() == scores
            assert result.get_response()["id"] == "call-7"
        asked = client.async_infer("loans", tensors())
        assert asked.get_result().as_numpy("score").tolist() == scores
        stats = client.get_inference_statistics("loans")["model_stats"][0]
        assert stats["inference_stats"]["success"]["count"] >= 4
        assert len(client.get_inference_statistics()["model_stats"]) == 2
        assert {each["name"]: each["state"] for each in client.get_model_repository_index()} == {
            "loans": "READY", "cards": "READY",
        }  # fmt: skip
        client.load_model("loans")
        for refused in (
            lambda: client.unload_model("loans"),
            client.get_system_shared_memory_status,
            client.get_trace_settings,
            client.get_log_settings,
            lambda: client.infer("nobody", tensors()),
            lambda: client.infer("loans", tensors()[:2]),
        ):
            with pytest.raises(triton.InferenceServerException) as error:
                refused()
            assert "exception occurred in the client" not in str(error.value)


@pytest.mark.timeout(900)
def test_kserves_client_asks_in_json_and_in_binary(served: tuple[World, int], scores: list[float]) -> None:
    line = [kserved.interpreter(), kserved.SCRIPT, f"http://127.0.0.1:{served[1]}"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = {"id": "from-kserve", "score": scores}
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "live": True, "ready": True, "model": True, "json": told, "binary": told,
    }  # fmt: skip


def test_mlflows_client_asks_as_it_asks_its_own_server(served: tuple[World, int], scores: list[float]) -> None:
    with warnings.catch_warnings(action="ignore"):  # what it says of its own type hints is not ours
        from mlflow.pyfunc.scoring_server.client import ScoringServerClient
    client = ScoringServerClient("127.0.0.1", f"{served[1]}/loans")
    client.wait_server_ready(timeout=5)
    assert client.get_version()
    told = client.invoke(FRAME).get_predictions()
    assert told["score"].tolist() == scores
    assert set(told["decision"]) <= {"approve", "refuse"}
    with pytest.raises(Exception, match="unknown category") as error:
        client.invoke(FRAME.assign(job="Jane Doe"))
    assert "Jane" not in str(error.value)


def test_musters_own_client_reads_what_the_gateway_says_of_a_model(
    served: tuple[World, int], scores: list[float]
) -> None:
    model = OipModel(Endpoint(f"http://127.0.0.1:{served[1]}", "loans"), COLUMNS, 1)
    assert model.probabilities(pa.Table.from_pandas(FRAME, preserve_index=False)).tolist() == scores


def test_clients_with_a_key_are_answered_and_others_are_not(tmp_path: Path) -> None:
    world = World(tmp_path, present=True)
    world.order(world.release())
    keys = tmp_path / "clients.txt"
    key = new_client_key(keys, "ann", "loans").key
    port = free_port()
    with running(world, port, client_keys=keys), triton.InferenceServerClient(f"127.0.0.1:{port}") as client:
        assert client.is_server_ready()
        headers = {"Authorization": f"Bearer {key}"}
        assert client.infer("loans", tensors(), headers=headers).as_numpy("score").shape == (2,)
        with pytest.raises(triton.InferenceServerException, match="send the key") as error:
            client.infer("loans", tensors())
        assert error.value.status() == "401"
        assert np.isfinite(client.infer("loans", tensors(), headers=headers).as_numpy("score")).all()


def test_a_body_may_come_in_pieces(served: tuple[World, int], scores: list[float]) -> None:
    content = json.dumps({"rows": FRAME.to_dict(orient="records")}).encode()
    head = f"POST /predict/loans HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {len(content)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served[1]), timeout=10) as there:
        for piece in (head.encode(), content[:30], content[30:]):
            there.sendall(piece)
            time.sleep(0.05)
        answered = b"".join(iter(lambda: there.recv(65_536), b""))
    assert [each["score"] for each in json.loads(answered.partition(b"\r\n\r\n")[2])["rows"]] == scores
