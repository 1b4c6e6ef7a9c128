"""People at the doors: two for a role that signs off, tokens that carry less, and accounts that answer to somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from muster.api.app import create_app
from muster.lifecycle.catalogue import CATALOGUE
from muster.wiring import shipped
from muster.wiring.remote.wire import method_of, path_of

if TYPE_CHECKING:
    from tests.conftest import Founded

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def ask(founded: Founded) -> Iterator[Ask]:
    """Ask over HTTP with a token, or with that of an actor of the house."""
    with TestClient(create_app(founded.open())) as client:

        def asked(who: str, name: str, /, **arguments: Any) -> tuple[int, Any]:
            method = method_of(CATALOGUE[name])
            carried = {"params" if method == "GET" else "json": arguments}
            headers = {"authorization": f"Bearer {founded.tokens.get(who, who)}"}
            answer = client.request(method, path_of(name), headers=headers, **carried)
            return answer.status_code, answer.json()

        yield asked


def alerts(founded: Founded) -> list[str]:
    ledger = founded.opened[0].ledger
    ledger.refresh()
    return [recorded.entry.body["what"] for recorded in ledger.read(kind="alert.raised")]


def test_a_sock_puppet_confirms_nothing_that_its_maker_proposed(ask: Ask, founded: Founded) -> None:
    _, puppet = ask("admin", "actor add", id="puppet", roles=["risk-analyst", "operator"])
    (proposal,) = puppet["proposals"]
    for token in (founded.tokens["admin"], puppet["token"]):
        status, said = ask(token, "role confirm", proposal=proposal)
        assert status == 403, said
    _, program = ask("admin", "actor add", id="program", roles=["operator"], responsible="puppet")
    assert ask(program["token"], "role confirm", proposal=proposal)[0] == 403
    assert ask(puppet["token"], "role grant", actor="puppet", role="risk-analyst")[0] == 403
    assert ask("admin", "role grant", actor="puppet", role="risk-analyst")[1]["error"].startswith(
        "the role risk-analyst"
    )
    assert alerts(founded) == ["second-person-missing"]
    assert ask("ana", "role confirm", proposal=proposal)[1]["state"] == "in force"
    by = {line["role"]: line["by"] for line in ask("max", "role list", actor="puppet")[1]}
    assert by == {"operator": ["admin"], "risk-analyst": ["admin", "ana"]}


def test_a_stolen_token_reads_what_it_may_until_it_is_revoked(ask: Ask, founded: Founded) -> None:
    _, made = ask("admin", "token issue", label="dashboard", days=7, read_only=True)
    assert ask(made["token"], "actor list")[0] == 200
    for name, asked in (
        ("actor add", {"id": "eve"}),
        ("token issue", {"label": "mine"}),
        ("person set", {"actor": "admin", "name": "Eve"}),
    ):
        status, said = ask(made["token"], name, **asked)
        assert (status, "may read only" in said["error"]) == (403, True)
    assert ask("admin", "token revoke", id=made["id"], reason="seen in a log")[0] == 200
    status, said = ask(made["token"], "actor list")
    assert (status, "was revoked" in said["error"]) == (401, True)
    assert alerts(founded) == ["revoked-token-used"]


def test_a_role_in_one_unit_ends_at_its_border(ask: Ask) -> None:
    case = shipped.value(dict, "stories/consumer-credit.yaml")
    for name, unit in (("loans", "retail"), ("cards", "cards")):
        assert ask("max", "use-case register", use_case={**case, "id": name, "business_unit": unit})[0] == 200
    assert ask("admin", "role withdraw", actor="max", role="ml-engineer", reason="moved")[0] == 200
    given = ask("admin", "role grant", actor="max", role="ml-engineer", business_units=["retail"])[1]
    assert given["where"] == "unit retail"
    assert ask("max", "use-case register", use_case={**case, "id": "loans", "business_unit": "retail"})[0] == 200
    for changed in ({"id": "cards", "business_unit": "cards"}, {"id": "cards", "business_unit": "retail"}):
        status, said = ask("max", "use-case register", use_case={**case, **changed})
        assert status == 403
        assert said["error"].endswith("counts in business unit retail only")


def test_a_program_goes_with_the_person_who_answers_for_it(ask: Ask, founded: Founded) -> None:
    _, program = ask("admin", "actor add", id="nightly", roles=["operator"], responsible="olga")
    assert ask(program["token"], "token issue", label="next")[0] == 200
    ledger = founded.opened[0].ledger
    ledger.refresh()
    assert [each.entry.actor for each in ledger.read(kind="token.issued")][-1] == "olga/nightly"
    assert ask("admin", "actor remove", id="olga", reason="left")[0] == 200
    for token in (founded.tokens["olga"], program["token"]):
        assert ask(token, "actor list")[0] == 401
