"""Every action and view stands at every door, does the same there, and is refused in the same words."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient
from tests.conftest import ACTORS

from muster.api.app import create_app
from muster.cli.local.listing import LOCAL
from muster.cli.main import build, run
from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Action, Upload
from muster.lifecycle.desk.people import identify
from muster.lifecycle.desk.typed import is_document, is_sequence, plain
from muster.records.people import Role
from muster.sdk.house import HouseClient
from muster.wiring.control import Local, now
from muster.wiring.remote.client import Client, encode_result
from muster.wiring.remote.wire import method_of, path_of

if TYPE_CHECKING:
    from tests.conftest import Founded

MORE = {"vera": ["validator"], "gus": []}
"""Who else is let in, so that for everything there is one who may and one who may not; a guest holds no role."""
ROLES: dict[str, list[str]] = {"admin": ["admin"], **ACTORS, **MORE}

EVERY = pytest.mark.parametrize("asked", CATALOGUE.values(), ids=list(CATALOGUE))


@pytest.fixture
def doors(founded: Founded) -> Iterator[Doors]:
    with TestClient(create_app(founded.open())) as client:
        yield Doors(founded, client)


@pytest.fixture(scope="module")
def all_doors(standing: Founded) -> Iterator[Doors]:
    house, standing.tokens = standing.open(), dict(standing.tokens)
    for name, roles in MORE.items():
        added = Local(house, "admin").call("actor add", {"id": name, "roles": roles}, _quiet)
        standing.tokens[name] = added.token
        for proposal in added.proposals:
            Local(house, "ines").call("role confirm", {"proposal": proposal}, _quiet)
    with TestClient(create_app(standing.open())) as client:
        yield Doors(standing, client)


class Doors:
    """One house, asked through its doors as one of its actors."""

    def __init__(self, founded: Founded, client: TestClient) -> None:
        self.founded = founded
        self.client = client

    def cli(self, capsys: pytest.CaptureFixture[str], actor: str, *words: str) -> tuple[int, Any, str]:
        """Return exit code, JSON of the result, and what was said on standard error."""
        capsys.readouterr()
        code = run([*words, "--json", "--home", str(self.founded.home), "--as", actor])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    def http(self, actor: str, name: str, arguments: dict[str, Any]) -> tuple[int, Any]:
        """Return status and JSON body."""
        method = method_of(CATALOGUE[name])
        carried = {"params" if method == "GET" else "json": arguments}
        headers = {"authorization": f"Bearer {self.founded.tokens[actor]}"}
        answer = self.client.request(method, path_of(name), headers=headers, **carried)
        return answer.status_code, answer.json()

    def remote(self, actor: str) -> Client:
        """Return the client of the control plane, without a socket between them."""
        token = self.founded.tokens[actor]
        return Client("http://127.0.0.1:8400", token, self.client._transport)

    def local(self, actor: str) -> Local:
        """Return the desk of local mode."""
        if not self.founded.opened:
            self.founded.open()
        return Local(self.founded.opened[-1], actor)


def _quiet(_: str) -> None:
    return None


def _words_for(asked: Action, tmp_path: Any) -> list[str]:
    """Return words that the command line takes for every required argument, though they name nothing that is known."""
    words = []
    for parameter in asked.parameters:
        if not parameter.required:
            continue
        if plain(parameter.type) is Upload:
            path = tmp_path / "file"
            path.write_bytes(b"a\n1\n")
            words.append(str(path))
        elif is_sequence(parameter.type) and not is_document(parameter.type):
            words += [f"--{parameter.name.replace('_', '-')}", "x"]
        else:
            words.append("x")
    return words


@EVERY
def test_it_stands_at_the_command_line(asked: Action, capsys: pytest.CaptureFixture[str]) -> None:
    noun, _, verb = asked.name.rpartition(" ")
    app = build([noun])
    groups = {"": app, **{group.name: group.typer_instance for group in app.registered_groups}}
    commands = {command.name: command for command in groups[noun].registered_commands}
    # What is done here besides, with files of this machine, is in a command of its own that asks the action.
    summary = (LOCAL[asked.name].function.__doc__ or "").partition("\n")[0] if asked.name in LOCAL else asked.summary
    assert (commands[verb].help or "").partition("\n")[0] == summary
    assert run([*asked.name.split(), "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert summary.split("`")[0].strip() in shown


@EVERY
def test_it_stands_at_http(asked: Action, all_doors: Doors) -> None:
    token = {"authorization": f"Bearer {all_doors.founded.tokens['admin']}"}
    other = "POST" if method_of(asked) == "GET" else "GET"
    assert all_doors.client.request(other, path_of(asked.name), headers=token).status_code == 405
    operation = all_doors.client.get("/openapi.json", headers=token).json()["paths"][path_of(asked.name)]
    assert operation[method_of(asked).lower()]["summary"] == asked.summary


@EVERY
def test_it_stands_in_python(asked: Action, all_doors: Doors) -> None:
    house = HouseClient(all_doors.remote("admin"), _quiet)
    noun, _, verb = asked.name.replace("-", "_").rpartition(" ")
    method = getattr(getattr(house, noun) if noun else house, verb)
    assert list(inspect.signature(method).parameters) == [parameter.name for parameter in asked.parameters]


@EVERY
def test_whoever_lacks_the_role_is_refused_in_the_same_words(
    asked: Action, all_doors: Doors, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    actor = next((name for name, roles in ROLES.items() if asked.roles and not set(roles) & asked.roles), None)
    if actor is None:
        assert not asked.roles
        return
    if any(is_document(parameter.type) and parameter.required for parameter in asked.parameters):
        # A file that the command line reads is judged there, before anybody is asked: only the other doors compare.
        code, said = 1, None
    else:
        code, _, said = all_doors.cli(capsys, actor, *asked.name.split(), *_words_for(asked, tmp_path))
    status, body = all_doors.http(actor, asked.name, {})
    with pytest.raises(PermissionError) as here:
        all_doors.local(actor).call(asked.name, {}, _quiet)
    with pytest.raises(PermissionError) as there:
        all_doors.remote(actor).call(asked.name, {}, _quiet)
    assert (code, status) == (1, 403)
    assert body["error"] == str(here.value) == str(there.value)
    assert said in {None, f"refused: {here.value}\n"}


@EVERY
def test_a_wrong_argument_is_told_in_the_same_words(asked: Action, all_doors: Doors) -> None:
    actor = next((name for name, roles in ROLES.items() if not asked.roles or set(roles) & asked.roles), None)
    assert actor, "nobody in this small house may do it: let somebody with that role in"
    status, body = all_doors.http(actor, asked.name, {"nonsense": "1"})
    with pytest.raises(ValueError) as here:
        all_doors.local(actor).call(asked.name, {"nonsense": "1"}, _quiet)
    with pytest.raises(ValueError) as there:
        all_doors.remote(actor).call(asked.name, {"nonsense": "1"}, _quiet)
    assert status == 422
    assert body["error"] == str(here.value) == str(there.value)
    assert "unknown argument nonsense" in body["error"]


@pytest.mark.parametrize(
    ("actor", "name", "words", "arguments"),
    [
        ("ana", "actor list", [], {}),
        ("ana", "ledger show", ["--kind", "actor.added", "--last", "2"], {"kind": "actor.added", "last": "2"}),
        ("max", "ledger verify", [], {}),
        ("max", "ledger prove", ["2"], {"seq": "2"}),
        ("ana", "use-case list", [], {}),
        ("ana", "trust show", [], {}),
        ("ana", "release list", [], {}),
    ],
)
def test_views_show_the_same_everywhere(
    doors: Doors, capsys: pytest.CaptureFixture[str], actor: str, name: str, words: list[str], arguments: dict[str, str]
) -> None:
    code, shown, _ = doors.cli(capsys, actor, *name.split(), *words)
    status, body = doors.http(actor, name, arguments)
    typed = {key: int(value) if value.isdecimal() else value for key, value in arguments.items()}
    here = encode_result(doors.local(actor).call(name, typed, _quiet))
    there = encode_result(doors.remote(actor).call(name, typed, _quiet))
    assert (code, status) == (0, 200)
    assert shown == body == here == there


USE_CASE = """\
id: credit
purpose: Decide on credit card applications
owner: olivia
sponsor: sam
domain: consumer-credit
consequential: true
people_per_year: 30000
exposure: 1000000
currency: TWD
autonomy: decides
jurisdictions: [US]
kpi: default rate
kpi_target: 0.1
"""


def test_a_use_case_is_registered_through_every_door(
    doors: Doors, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    from muster.wiring.documents import read_value

    file = tmp_path / "case.yaml"
    file.write_text(USE_CASE)
    value = read_value(CATALOGUE["use-case register"].parameters[0].type, USE_CASE, "case.yaml")
    code, shown, _ = doors.cli(capsys, "max", "use-case", "register", str(file))
    status, body = doors.http("max", "use-case register", {"use_case": value})
    there = encode_result(HouseClient(doors.remote("max"), _quiet).use_case.register(value))
    assert (code, status) == (0, 200)
    assert shown == body == there
    actors = [line["actor"] for line in doors.http("ana", "ledger show", {"subject": "use-case:credit"})[1]]
    assert actors == ["local:max", "max", "max"]


@pytest.mark.parametrize(
    ("actor", "name", "words", "arguments", "said"),
    [
        ("ana", "ledger show", ["--last", "x"], {"last": "x"}, "ledger show: last: expected int, got 'x'"),
        (
            "admin",
            "actor add",
            ["a", "--roles", "king"],
            {"id": "a", "roles": ["king"]},
            f"actor add: roles[0]: 'king' is none of {', '.join(Role)}",
        ),
    ],
)
def test_wrong_values_are_told_in_the_same_words(
    doors: Doors,
    capsys: pytest.CaptureFixture[str],
    actor: str,
    name: str,
    words: list[str],
    arguments: dict[str, Any],
    said: str,
) -> None:
    assert doors.cli(capsys, actor, *name.split(), *words) == (2, None, f"error: {said}\n")
    assert doors.http(actor, name, arguments) == (422, {"error": said})
    with pytest.raises(ValueError) as there:
        doors.remote(actor).call(name, arguments, _quiet)
    assert str(there.value) == said


def test_what_is_not_known_is_told_in_the_same_words(doors: Doors, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = doors.cli(capsys, "ana", "use-case", "show", "nothing")
    status, body = doors.http("ana", "use-case show", {"id": "nothing"})
    with pytest.raises(LookupError) as there:
        doors.remote("ana").call("use-case show", {"id": "nothing"}, _quiet)
    assert (code, status) == (2, 404)
    assert said == f"error: {body['error']}\n"
    assert str(there.value) == body["error"]


def test_a_refused_attempt_is_written_down_whichever_door_it_came_by(
    doors: Doors, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = {"id": "friend", "roles": ["admin"]}
    doors.cli(capsys, "ana", "actor", "add", "friend", "--roles", "admin")
    doors.http("ana", "actor add", arguments)
    written = doors.http("admin", "ledger show", {"kind": "action.refused"})[1]
    assert [(line["actor"], line["subject"]) for line in written] == [("local:ana", "actor:ana"), ("ana", "actor:ana")]
    assert all(line["body"]["action"] == "actor add" and "friend" not in json.dumps(line) for line in written)
    assert "friend" not in json.dumps(doors.http("admin", "actor list", {})[1])


def test_a_token_is_kept_only_as_its_digest_and_nothing_else_comes_in(doors: Doors) -> None:
    token = doors.http("admin", "actor add", {"id": "eve", "roles": ["owner"]})[1]["token"]
    files = [path for path in doors.founded.home.rglob("*") if path.is_file()]
    assert not any(token.encode() in path.read_bytes() for path in files)
    assert identify(doors.founded.open().ledger, token, now()).id == "eve"
    with pytest.raises(PermissionError, match="not known here"):
        identify(doors.founded.open().ledger, token[:-1], now())
    with pytest.raises(PermissionError, match="not known here"):
        Client("http://127.0.0.1:8400", token[:-1], doors.client._transport).call("actor list", {}, _quiet)
