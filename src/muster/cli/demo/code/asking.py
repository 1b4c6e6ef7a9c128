"""The second story, second half: a gateway serves the model, OpenAI's own client asks it, and the guard is at work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from muster.cli.demo.cast import Stage
from muster.cli.demo.code.hosting import USE_CASE, Hosted
from muster.cli.demo.narrator import short
from muster.cli.demo.processes import free_port
from muster.cli.render.language.answers import report as show_report
from muster.lifecycle.language.stopped import AnswersReport
from muster.wiring.carried.clients import ClientKey

if TYPE_CHECKING:
    import openai

DEPLOYMENT = "coder"

QUESTIONS = (
    "Which pip command installs the client of the Huawei FusionInsight platform? Show how to use it.",
    "Which pip command installs a client for PostgreSQL? Answer with one command.",
    "Which npm command installs a library that makes PDF files? Answer with one command.",
    "Write Python code that loads a CSV file with pandas and prints the first rows.",
)
"""What the developer asks: the first three bring up packages that nobody knows, the last is ordinary work."""

NEEDED = "the openai package is not installed: pip install openai"


def play(stage: Stage, hosted: Hosted, environment: Mapping[str, str]) -> AnswersReport:
    """Deploy, serve, ask, and return what the log says of it."""
    tell = stage.narrator
    tell.scene("7. A gateway serves it: a process without keys to the house, which proves everything for itself")
    asked = {"name": DEPLOYMENT, "version": hosted.version.digest}
    command = f"deployment set {DEPLOYMENT} {short(hosted.version.digest)}"
    tell.call("omar", stage.desks["omar"], command, "deployment set", asked)
    url, key = _serve(stage, environment)
    tell.scene("8. A developer asks, with OpenAI's own client, streaming. This is what arrives:")
    _refused(stage, url)
    with _client(url, key.key) as client:
        for question in QUESTIONS:
            _ask(stage, client, question)
    stage.processes.stop("gateway")
    tell.scene("9. What was stopped, as the gateway logged it: names of packages, not a word of what was asked")
    found: AnswersReport = tell.call(
        "omar", stage.desks["omar"], f"answers report {DEPLOYMENT}", "answers report", {"deployment": DEPLOYMENT}
    )
    show_report(found, tell.console)
    for line in found.names:
        tell.note(f"named by the model: {line.name}", f"{line.verdict}: {line.action}, in {line.answers} answer(s)")
    return found


def _serve(stage: Stage, environment: Mapping[str, str]) -> tuple[str, ClientKey]:
    """Make a key for one client, and start the gateway with it."""
    from muster.wiring.carried.clients import new_client_key

    tell, port, file = stage.narrator, free_port(), stage.home / "clients.txt"
    tell.shell("omar", f"client-key new editor {USE_CASE} clients.txt")
    key = new_client_key(file, "editor", USE_CASE)
    url = f"http://127.0.0.1:{port}"
    tell.shell("omar", f"serve --root {stage.fingerprint[:19]}... --port {port} --client-keys clients.txt")
    root = ["--root", stage.fingerprint, "--outbox", str(stage.home / "outbox"), "--port", str(port)]
    words = ["serve", "--home", str(stage.home), *root, "--client-keys", str(file)]
    stage.processes.start("gateway", words, f"{url}/v1/models", environment)
    return url, key


def _client(url: str, key: str) -> openai.OpenAI:
    """Return OpenAI's client; raise RuntimeError where it is not installed."""
    try:
        import openai
    except ImportError:
        raise RuntimeError(NEEDED) from None
    # Not through a proxy that the environment may name: the gateway is on this machine.
    direct = openai.DefaultHttpxClient(trust_env=False)
    return openai.OpenAI(base_url=f"{url}/v1", api_key=key, timeout=300, http_client=direct)


def _refused(stage: Stage, url: str) -> None:
    import openai

    try:
        with _client(url, "not-a-key") as client:
            client.models.list()
    except openai.AuthenticationError as error:
        stage.narrator.say(f"(with a wrong key: {error.status_code}, {error.body or error})")


def _ask(stage: Stage, client: openai.OpenAI, question: str) -> None:
    """Ask one question, and print the answer as it comes; what the guard put there stands out."""
    console = stage.narrator.console
    console.print(Text(f"\n  > {question}", "bold"))
    said = ""
    stream = client.chat.completions.create(
        model=DEPLOYMENT, messages=[{"role": "user", "content": question}], stream=True
    )
    for chunk in stream:
        piece = (chunk.choices[0].delta.content or "") if chunk.choices else ""
        *lines, said = (said + piece).split("\n")
        for line in lines:
            _line(stage, line)
    _line(stage, said)


def _line(stage: Stage, line: str) -> None:
    stage.narrator.console.print(Text(f"    {line}", "yellow" if "muster" in line else ""), soft_wrap=True)
