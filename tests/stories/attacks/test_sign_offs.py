"""Sign-offs that would be fakes: each ends in words that a person understands, a record, and no other effect."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.adopting import adopt
from tests.lifecycle.govern.people import by_token, lend, let_in, sign, submit_loan
from tests.stories.attacker import Attacker
from tests.stories.attacker import refused as gateway_refuses
from tests.walk import RULE, USE_CASE, Walked, recipe

from muster.lifecycle.desk.tracking import register_tracked
from muster.records.canonical import canonical, parse
from muster.records.codec import encode
from muster.records.decision import SignedApproval, Waiver
from muster.records.model import ModelVersion, Run
from muster.records.people import Role
from muster.records.policy import Requirement, SignOff
from muster.records.purpose import UseCase
from muster.wiring import shipped
from muster.wiring.signing import sign_statement


def refused(walked: Walked, said: str, attempt: Callable[[], object]) -> None:
    """Attempt something: it is refused in these words, written down once, and nothing else happens."""
    before = walked.house.ledger.refresh()
    blobs = sorted(path.name for path in (walked.home / "store").rglob("*") if path.is_file())
    with pytest.raises(PermissionError, match=said):
        attempt()
    written = list(walked.house.ledger.read(start=walked.house.ledger.refresh() and before))
    kinds = [each.entry.kind for each in written]
    assert kinds in (["action.refused"], ["action.refused", "alert.raised"]), "and an alert, where it smells of attack"
    assert walked.refusals()[-1] == written[0].entry.body["reason"]
    assert sorted(path.name for path in (walked.home / "store").rglob("*") if path.is_file()) == blobs


def verdict(walked: Walked, **asked: Any) -> str:
    return str(walked.do("mia", "gate ask", version=walked.version, **asked).verdict)


def again(walked: Walked, **changed: Any) -> None:
    """Adopt the policy anew, so that nobody has signed yet."""
    adopt(walked, statement="Newer.", **changed)


def test_an_author_signs_off_their_own_model(walked: Walked) -> None:
    walked.do("admin", "role propose", actor="mia", role="risk-analyst", reason="busy")
    walked.do("ines", "role confirm", proposal="mia:risk-analyst:1")
    walked.enrol("mia")
    again(walked)
    refused(walked, "mia is an author of this version and may not sign it off", lambda: walked.sign("mia"))
    assert walked.alerts()[-1] == "author-signs-off"
    assert verdict(walked) == "wait"


def test_whoever_brought_the_data_signs_off_the_model(walked: Walked) -> None:
    """Another trained it, and so is its author; but the data came from who would sign."""
    (line,) = [
        line for line in walked.do("ana", "ledger show", kind="dataset.snapshotted", last=99) if not line.body["parent"]
    ]
    bob = walked.context("bob")
    kept = next(walked.house.ledger.read(start=line.seq))
    walked.house.ledger.append(
        [type(kept.entry)(**{**{n: getattr(kept.entry, n) for n in kept.entry.__slots__}, "actor": bob.identity.actor})]
    )
    again(walked)
    refused(
        walked,
        r"bob had a hand in this version \(brought its data\) and may not sign it off",
        lambda: walked.sign("bob"),
    )
    assert walked.sign("ana").verdict == "allow"


def test_two_roles_of_one_person_fill_one_seat(walked: Walked) -> None:
    let_in(walked, "eve", Role.RISK_ANALYST, Role.VALIDATOR)
    again(walked, sign_offs=(SignOff(Role.RISK_ANALYST), SignOff(Role.VALIDATOR)))
    assert sign(walked, "eve", role="validator").verdict == "wait"
    assert sign(walked, "eve").verdict == "wait"
    refused(walked, "1 sign-off of a", lambda: walked.do("mia", "release sign", version=walked.version))
    assert walked.sign("ana").verdict == "allow"


def test_a_service_account_signs_for_its_owner(walked: Walked) -> None:
    walked.add("nightly", "operator", responsible="bob")
    again(walked)
    envelope = walked.signed("bob")
    said = "'approval submit' needs the role"
    refused(walked, said, lambda: by_token(walked, "nightly", "approval submit", envelope=envelope))
    refused(
        walked,
        "needs the role",
        lambda: by_token(walked, "nightly", "approval give", version=walked.version, role="risk-analyst"),
    )
    assert verdict(walked) == "wait"


def test_a_delegation_is_used_after_its_end(walked: Walked) -> None:
    let_in(walked, "dave", Role.OWNER)
    lend(walked, "ana", "dave", days=1)
    again(walked)
    envelope = walked.signed("dave")
    walked.clock.offset = walked.do("omar", "delegation list")[0].until - walked.clock()
    said = "dave signed when the role risk-analyst that ana lent had expired"
    refused(walked, said, lambda: walked.do("dave", "approval submit", envelope=envelope))
    assert verdict(walked) == "wait"


def test_a_role_is_lent_to_an_author(walked: Walked) -> None:
    walked.do("admin", "role propose", actor="mia", role="owner", reason="busy")
    walked.do("ines", "role confirm", proposal="mia:owner:1")
    walked.enrol("mia")
    refused(walked, "nobody is lent a role to sign their own work", lambda: lend(walked, "ana", "mia"))


def test_a_delegation_is_replayed_for_another_use_case(walked: Walked) -> None:
    """Ana lends her role for cards; who got it tries it on consumer credit."""
    let_in(walked, "dave", Role.OWNER)
    other = {**shipped.value(UseCase, "stories/consumer-credit.yaml"), "id": "cards"}
    walked.do("mia", "use-case register", use_case=other)
    request = walked.do("ana", "delegation request", role="risk-analyst", to="dave", use_case="cards", days=7)
    said = "lends the role for use case 'cards', the entry names 'consumer-credit'"
    refused(walked, said, lambda: submit_loan(walked, "ana", request, USE_CASE))
    submit_loan(walked, "ana", request, "cards")
    again(walked)
    (loan,) = walked.do("omar", "delegation list")
    drafted = parse(
        base64.b64decode(walked.do("ana", "approval request", version=walked.version, role="risk-analyst").statement)
    )
    drafted["predicate"] |= {"approver": "dave", "delegation": loan.entry}
    envelope = sign_statement(canonical(drafted), walked.key("dave"))
    said = "dave signed in a role that nobody lent them for use case 'consumer-credit'"
    refused(walked, said, lambda: walked.do("dave", "approval submit", envelope=envelope))


@pytest.mark.parametrize("_", range(3))
def test_a_withdrawal_races_a_release(walked: Walked, _: int) -> None:
    """Both at once, truly: whoever comes second decides on what the first has left, and no release stands."""
    start, said = threading.Barrier(2), []

    def at_once(actor: str, action: str, **asked: Any) -> None:
        start.wait()
        try:
            walked.do(actor, action, version=walked.version, **asked)
        except PermissionError as error:
            said.append(str(error))

    others = [
        threading.Thread(target=at_once, args=("ana", "approval withdraw"), kwargs={"reason": "wrong"}),
        threading.Thread(target=at_once, args=("mia", "release sign")),
    ]
    for each in others:
        each.start()
    for each in others:
        each.join()
    kinds = [line.kind for line in walked.do("ana", "ledger show", last=3)]
    assert "approval.withdrawn" in kinds
    assert said == [] or "ana withdrew the sign-off" in said[0]
    assert {release.state for release in walked.do("omar", "release list")} == {"lapsed"}
    assert verdict(walked) == "wait"


@pytest.mark.parametrize("changed", [{"scope": "serve"}, {"use_case": "cards"}])
def test_a_release_is_replayed_into_another_scope_or_use_case(walked: Walked, changed: dict[str, str]) -> None:
    """A shadow is signed off and released; with the stolen orders key, orders say that it serves, or serves others."""
    sign(walked, "ana", scope="shadow")
    shadow = walked.do("mia", "release sign", version=walked.version, scope="shadow")
    attacker, before = Attacker(walked), walked.house.ledger.refresh()
    (true,) = attacker.orders().deployments
    walked.do("omar", "deployment set", name="shade", version=walked.version, scope="shadow")
    attacker.forge_orders(replace(true, package=shadow.package, **changed))
    said = gateway_refuses(walked.gateway().refresh(), walked)
    assert "the release answers another question" in said
    kinds = [each.entry.kind for each in walked.house.ledger.read(start=before)]
    assert "release.signed" not in kinds


def test_evidence_of_another_version_under_a_sign_off(walked: Walked) -> None:
    """What was measured on another version is named in a statement as if it had been seen of this one."""
    sibling = walked.sibling()
    again(walked)
    about = {"version": sibling, "sample": walked.parts["held-out"]}
    walked.do("mia", "model assess", **about)
    foreign = [
        line.digest for line in walked.do("ana", "ledger show", subject=f"version:{sibling}", kind="evidence.recorded")
    ]
    request = walked.do("bob", "approval request", version=walked.version, role="risk-analyst")
    said = parse(base64.b64decode(request.statement))
    said["predicate"]["evidence"] = sorted(foreign)
    envelope = sign_statement(canonical(said), walked.key("bob"))
    refused(
        walked, "bob signed evidence that is not here", lambda: walked.do("bob", "approval submit", envelope=envelope)
    )
    walked.context("bob").record(SignedApproval(walked.version, envelope))
    assert verdict(walked) == "wait", "nor if it gets into the ledger by another way"


def test_the_platform_signs_where_only_own_keys_count(walked: Walked) -> None:
    let_in(walked, "eve", Role.RISK_ANALYST, key=False)
    again(walked)
    asked = {"version": walked.version, "role": "risk-analyst"}
    refused(
        walked,
        "counts only sign-offs with keys of their own",
        lambda: by_token(walked, "eve", "approval give", **asked),
    )
    again(walked, own_keys_only=False)
    assert by_token(walked, "eve", "approval give", **asked).verdict == "allow"
    again(walked)
    refused(
        walked,
        "eve has no key|another version of the policy",
        lambda: walked.do("mia", "release sign", version=walked.version),
    )


def test_a_waiver_is_granted_by_who_asked_for_it(walked: Walked) -> None:
    again(walked, requirements=(Requirement("no-prohibited-inputs-credit"), Requirement("discrimination", limit=0.99)))
    walked.sign("bob")
    asked = {"control": "discrimination", "reason": "now", "compensating_control": "people look", "days": 9}
    requested = walked.do("ana", "waiver request", version=walked.version, **asked)
    refused(
        walked,
        "ana cannot grant a waiver to themself",
        lambda: walked.do("ana", "waiver grant", waiver=requested.waiver),
    )
    given = Waiver(
        walked.version, "discrimination", "production", "now", "people look", requested.until, "ana", requested.waiver
    )
    walked.context("ana").record(given)
    assert verdict(walked) == "refuse", "nor if it gets into the ledger by another way"


def test_a_version_is_captured_by_another_use_case(walked: Walked) -> None:
    """The same files, registered again elsewhere, would let nobody take back what was signed about the first."""
    other = {**shipped.value(UseCase, "stories/consumer-credit.yaml"), "id": "cards"}
    walked.do("mia", "use-case register", use_case=other)
    context = walked.context("mia")
    ((_, version),) = context.history(ModelVersion)
    ((_, run),) = context.history(Run)
    moved = replace(version, use_case="cards")
    kept = {name: context.house.blobs.get(held) for name, held in version.manifest.files.items()}
    said = "belongs to use case 'consumer-credit' already"

    def attempt() -> None:
        asked = {"use_case": "cards", "model": "credit", "training": walked.parts["training"], "recipe": recipe()}
        walked.do("mia", "model train", **asked, decision=encode(RULE))

    refused(walked, said, attempt)
    with pytest.raises(PermissionError, match=said):
        register_tracked(context, moved, run, kept)
    context.record(moved)
    assert walked.do("mia", "gate ask", version=walked.version).question.use_case == USE_CASE, "nor by another way"
    taken = walked.do("ana", "approval withdraw", version=walked.version, reason="wrong")
    assert taken.releases == (walked.package,)
