"""What people signed: each counts only with a key that the trust root of its time gives them for it."""

from __future__ import annotations

from typing import Any

from muster.verifier.entries.dossier import Dossier
from muster.verifier.gate.facts import Fact, fact
from muster.verifier.proof.canonical import b64, need, parse, read
from muster.verifier.proof.envelope import IN_TOTO, holders, may_sign, opened, stated

RELEASE, APPROVAL = "urn:muster:attestation:release:v1", "urn:muster:attestation:approval:v1"
POLICY_APPROVAL = "urn:muster:attestation:policy-approval:v1"
EMERGENCY = "urn:muster:attestation:emergency:v1"
REJECTION, DELEGATION = "urn:muster:attestation:rejection:v1", "urn:muster:attestation:delegation:v1"


def facts_of(dossier: Dossier, seqs: list[int], root: Any) -> list[Fact]:
    """Return entries as facts; what somebody signed counts only if the trust root gives them the key for it."""
    signed, found = {"approval.signed": approval, "approval.rejected": rejection, "approval.delegated": delegation}, []
    signed |= {"policy.signed": policy_approval, "emergency.signed": emergency}
    for seq in seqs:
        body, kind = None, dossier.entries[seq]["kind"]
        if kind in signed:
            try:
                body = signed[kind](dossier, seq, root)
            except ValueError as error:
                dossier.rejected.append(str(error))
                continue
        found.append(fact(dossier.entries[seq], dossier.raw[seq], body))
    return found


def approval(dossier: Dossier, seq: int, root: Any = None, kind: str = APPROVAL) -> Any:
    """Return an approval, signed with a key that the trust root of its time gives to that approver in that role."""
    entry, what = dossier.entries[seq], f"the approval in entry {seq}"
    envelope = parse(entry["body"]["envelope"].encode())
    claimed = read(b64(envelope["payload"]))["predicate"]
    root, who = root or dossier.root_at(seq), claimed["approver"]
    if claimed.get("platform"):  # signed in the name of somebody whom the platform let in, and who has no key
        own = any(grant["actor"] == who for grant in holders(root, "approver"))
        need(entry["actor"] == who and not own and "delegation" not in claimed, f"{what} is not by {who}")
        grants = holders(root, "platform")
    else:
        role = "" if claimed.get("delegation") else claimed["role"]
        grants = may_sign(root, who, role, claimed["question"]["use_case"])
    subjects, said = stated(envelope, kind, grants, what)
    need(subjects == {"model-version": said["question"]["version"]}, f"entry {seq} approves something else")
    need(said.get("origin") in (None, dossier.roots[-1]["origin"]), f"entry {seq} was signed for another house")
    return said


def rejection(dossier: Dossier, seq: int, root: Any = None) -> Any:
    """Return what was signed by whoever rejected."""
    return approval(dossier, seq, root, REJECTION)


def delegation(dossier: Dossier, seq: int, root: Any) -> Any:
    """Return a delegation, signed with the own key of whoever lent their role."""
    body, what = dossier.entries[seq]["body"], f"the delegation in entry {seq}"
    envelope = parse(body["envelope"].encode())
    claimed = read(b64(envelope["payload"]))["predicate"]
    grants = may_sign(root, claimed["principal"], claimed["role"], claimed["use_case"])
    _, said = stated(envelope, DELEGATION, grants, what)
    need(said["origin"] == dossier.roots[-1]["origin"], f"{what} was signed for another house")
    need(said["use_case"] == body["use_case"] and said["principal"] != said["delegate"], f"{what} makes no sense")
    return said


def emergency(dossier: Dossier, seq: int, root: Any = None) -> Any:
    """Return leave for an emergency release, signed with the own key of whoever gave it."""
    body, what = dossier.entries[seq]["body"], f"the leave for an emergency release in entry {seq}"
    envelope = parse(body["envelope"].encode())
    claimed = read(b64(envelope["payload"]))["predicate"]
    case = claimed["question"]["use_case"]
    grants = may_sign(root or dossier.root_at(seq), claimed["approver"], claimed["role"], case)
    subjects, said = stated(envelope, EMERGENCY, grants, what)
    need(said["origin"] == dossier.roots[-1]["origin"], f"{what} was signed for another house")
    version = said["question"]["version"]
    need(subjects == {"model-version": version} and body["version"] == version, f"{what} is about another")
    return said


def policy_approval(dossier: Dossier, seq: int, root: Any = None) -> Any:
    """Return an approval of a policy, signed by somebody who may sign policies, and did not propose this one."""
    signed, what = dossier.entries[seq]["body"], f"the signature of a policy in entry {seq}"
    envelope = parse(signed["envelope"].encode())
    claimed = read(b64(envelope["payload"]))["predicate"]
    held = [grant for grant in holders(root or dossier.root_at(seq), "approver") if not grant.get("use_cases")]
    grants = [g for g in held if g["actor"] == claimed["approver"] and claimed["role"] in g["roles"]]
    subjects, said = stated(envelope, POLICY_APPROVAL, grants, what)
    need(subjects == {"policy": said["policy"]} and signed["policy"] == said["policy"], f"{what} is about another")
    need(said["origin"] == dossier.roots[-1]["origin"], f"{what} was made for another house")
    need(said["approver"] != said["proposed_by"], f"{what} is by the one who proposed it")
    return said


def signer(dossier: Dossier, seq: int) -> str:
    """Return who signed a statement of whatever kind: whom it names as approver, or else some key of its time."""
    what, root = f"the statement in entry {seq}", dossier.root_at(seq)
    envelope = parse(dossier.entries[seq]["body"]["envelope"].encode())
    said = read(b64(envelope["payload"]))["predicate"]
    own = [grant for grant in holders(root, "approver") if grant["actor"] == said.get("approver")]
    try:
        opened(envelope, IN_TOTO, own, what)
    except ValueError:
        opened(envelope, IN_TOTO, root["grants"], what)
        return "the house"
    return str(said["approver"])
