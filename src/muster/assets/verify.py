"""Verify a dossier of a model version: python verify.py DOSSIER.zip --root sha256:...  (Python 3.9 or later).

One file that trusts nobody: no network, no library, no muster. It starts from the fingerprint of the trust root, which
you must have by another way than this dossier, and proves each step from there. Exit 0: verified; 1: not, with the
failure named; 2: no root to trust, or arguments that cannot be read.

Sources: FIPS 186-5 and SEC 1 (ECDSA on P-256), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), RFC 9162 (Merkle proofs),
C2SP signed-note and tlog-checkpoint, DSSE v1, in-toto Statement v1, Sigstore bundle v0.3.
"""  # noqa: INP001 - ships as a file, inside every dossier; nothing imports it

from __future__ import annotations

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # the folder of this file: a module beside it must not take the place of one of Python's

# From here on everything is imported from Python itself, or from what this installation trusts anyway.
import argparse
import base64
import hashlib
import io
import json
import operator
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

FORMAT = "muster-dossier-v2"
LARGEST = 2**29
PLAIN = (
    r"(manifest|proofs|consistency)\.json|checkpoint\.txt|dossier\.html|verify\.py|sealed/[0-9a-f]{64}"
    r"|(entries/\d{8}|(releases|roots)/\d{1,4}|attestations/(release-\d{1,4}|approval-\d{8})\.sigstore)\.json"
)
ROOT_TYPE, ORDERS_TYPE = "application/vnd.muster.trust-root+json", "application/vnd.muster.orders+json"
IN_TOTO, STATEMENT = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
RELEASE, APPROVAL = "urn:muster:attestation:release:v1", "urn:muster:attestation:approval:v1"
POLICY_APPROVAL = "urn:muster:attestation:policy-approval:v1"

HIGH_RISK = ("consumer-credit", "mortgage", "employment", "education", "insurance", "essential-services")


def need(holds: object, otherwise: str) -> None:
    """Raise ValueError with this text unless it holds."""
    if not holds:
        raise ValueError(otherwise)


def plain(line: str) -> str:
    """Replace whatever could move a terminal's cursor: names in a dossier must not write over the verdict."""
    return "".join(letter if letter.isprintable() else "?" for letter in line[:2000])


def b64(text: str) -> bytes:
    """Decode base64 that is in its one canonical form."""
    raw = base64.b64decode(text, validate=True)
    need(base64.b64encode(raw).decode() == text, "base64 is not in canonical form")
    return raw


def digest(raw: bytes) -> str:
    """Name bytes by their SHA-256."""
    return "sha256:" + hashlib.sha256(raw).hexdigest()


# Canonical JSON (RFC 8785) ------------------------------------------------------------------------------------------


def read(raw: bytes) -> Any:
    """Read JSON whose objects repeat no key."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), "a JSON object repeats a key")
        return dict(pairs)

    return json.loads(raw.decode(), object_pairs_hook=unique)


def parse(raw: bytes) -> Any:
    """Read JSON that is in canonical form to the byte."""
    value = read(raw)
    need(canonical(value) == raw, "JSON is not in canonical form")
    return value


def canonical(value: Any) -> bytes:
    """Write a JSON value in canonical form."""
    return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Write a double as ECMAScript does; its digits are those of repr."""
    need(abs(value) < float("inf"), "JSON holds no such number")
    sign, (mantissa, _, exponent) = "-" * (value < 0), repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction.removesuffix("0" * (fraction == "0"))).lstrip("0") or "0"
    if digits == "0":
        return "0"
    point = (len(whole) if whole != "0" else len(digits) - len(fraction)) + int(exponent or 0)
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return f"{sign}{digits[0]}{'.' * (len(digits) > 1)}{digits[1:]}e{point - 1:+d}"


# Signatures ---------------------------------------------------------------------------------------------------------

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
Q, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")
Point = tuple[int, int]


def _p256_add(a: Point | None, b: Point | None) -> Point | None:
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _times(add: Any, factor: int, point: Any, zero: Any) -> Any:
    for bit in f"{factor:b}":
        zero = add(zero, zero)
        if bit == "1":
            zero = add(zero, point)
    return zero


def p256(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Verify ECDSA on P-256 over SHA-256, the signature in DER."""
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    if not (spki[:27] == SPKI_P256 and len(spki) == 91 and max(x, y) < P and (y * y - x**3 + 3 * x - B) % P == 0):
        return False
    numbers = re.fullmatch(rb"\x30.\x02(.)(.+)", signature, re.DOTALL)
    if not numbers or signature[1] != len(signature) - 2:
        return False
    first, rest = numbers[2][: numbers[1][0]], numbers[2][numbers[1][0] :]
    if rest[:1] != b"\x02" or len(rest) < 3 or rest[1] != len(rest) - 2:
        return False
    r, s = int.from_bytes(first, "big"), int.from_bytes(rest[2:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    inverse = pow(s, -1, N)
    e = int.from_bytes(hashlib.sha256(message).digest(), "big")
    found = _p256_add(_times(_p256_add, e * inverse % N, G, None), _times(_p256_add, r * inverse % N, (x, y), None))
    return found is not None and found[0] % N == r


def _edwards_add(a: Point, b: Point) -> Point:
    product = D * a[0] * b[0] * a[1] * b[1]
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, -1, Q)
    return x % Q, (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, -1, Q) % Q


def _edwards_point(raw: bytes) -> Point | None:
    y, odd = int.from_bytes(raw, "little") % 2**255, raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    if (x * x - square) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    if (x * x - square) % Q or y >= Q or (odd and not x):
        return None
    return (Q - x if x & 1 != odd else x), y


def ed25519(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Verify Ed25519."""
    if spki[:12] != SPKI_ED25519 or len(spki) != 44 or len(signature) != 64:
        return False
    key, r, s = _edwards_point(spki[12:]), _edwards_point(signature[:32]), int.from_bytes(signature[32:], "little")
    point = _edwards_point((4 * pow(5, -1, Q) % Q).to_bytes(32, "little"))
    if key is None or r is None or point is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + spki[12:] + message).digest(), "little") % L
    added = _edwards_add(r, _times(_edwards_add, h, key, (0, 1)))
    return bool(_times(_edwards_add, s, point, (0, 1)) == added)


def key_id(grant: Any) -> str:
    """Name a key by the SHA-256 of its one usual encoding."""
    spki = b64(grant["key"]["spki"])
    need(spki.startswith((SPKI_P256, SPKI_ED25519)) and len(spki) in (91, 44), "a key is in an unusual encoding")
    return hashlib.sha256(spki).hexdigest()


def opened(envelope: Any, payload_type: str, grants: list[Any], what: str, threshold: int = 1) -> bytes:
    """Return the payload of a DSSE envelope, if so many of these keys signed it."""
    need(envelope["payloadType"] == payload_type, f"{what} is a {envelope['payloadType']!r}")
    payload = b64(envelope["payload"])
    message = b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)
    marks = [b64(signature["sig"]) for signature in envelope["signatures"]]  # their key ids are only hints
    keys = {key_id(grant): b64(grant["key"]["spki"]) for grant in grants if grant["key"]["algorithm"] == "ecdsa-p256"}
    signed = sum(any(p256(key, message, mark) for mark in marks) for key in keys.values())
    need(signed >= threshold >= 1, f"{what}: {signed} of {len(keys)} trusted keys signed it, {threshold} must")
    return payload


def holders(root: Any, duty: str) -> list[Any]:
    """Return the grants of a duty."""
    return [grant for grant in root["grants"] if grant["duty"] == duty]


def stated(envelope: Any, predicate_type: str, grants: list[Any], what: str) -> tuple[dict[str, str], Any]:
    """Return subjects and predicate of a signed in-toto Statement."""
    content = read(opened(envelope, IN_TOTO, grants, what))
    need((content["_type"], content["predicateType"]) == (STATEMENT, predicate_type), f"{what} states something else")
    subjects = {subject["name"]: f"sha256:{subject['digest']['sha256']}" for subject in content["subject"]}
    return subjects, content["predicate"]


# Ledger -------------------------------------------------------------------------------------------------------------


def checkpoint(note: str, root: Any, what: str) -> tuple[int, bytes]:
    """Return size and root hash of a checkpoint that a ledger key signed."""
    text, _, lines = note.rpartition("\n\n")
    origin, size, tree, *_ = text.split("\n")
    need(origin == root["origin"], f"{what} is of the ledger {origin!r}, not {root['origin']!r}")
    for grant in holders(root, "ledger"):
        spki = b64(grant["key"]["spki"])
        name = hashlib.sha256(f"{origin}\n\x01".encode() + spki[-32:]).digest()[:4]
        for line in lines.splitlines():
            start, _, mark64 = line.rpartition(" ")
            mark = b64(mark64)
            if start == f"\u2014 {origin}" and mark[:4] == name and ed25519(spki, f"{text}\n".encode(), mark[4:]):
                return int(size), b64(tree)
    msg = f"{what} is not signed by a key of the ledger"
    raise ValueError(msg)


def included(raw: bytes, seq: int, size: int, path: list[str], root: bytes) -> bool:
    """Tell whether an audit path leads from an entry to the root (RFC 9162, section 2.1.3.2)."""
    node, place, last = hashlib.sha256(b"\x00" + raw).digest(), seq, size - 1
    need(all(re.fullmatch("[0-9a-f]{64}", step) for step in path), "an audit path is not of hashes")
    for step in map(bytes.fromhex, path):
        if last == 0:
            return False
        right = place & 1 or place == last
        node = hashlib.sha256(b"\x01" + (step + node if right else node + step)).digest()
        while right and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return 0 <= seq < size and last == 0 and node == root


def continues(old: tuple[int, bytes], new: tuple[int, bytes], path: list[str]) -> bool:
    """Tell whether a proof leads from a tree (size, root) to one that only grew (RFC 9162, section 2.1.4.2)."""
    need(all(re.fullmatch("[0-9a-f]{64}", step) for step in path), "a consistency proof is not of hashes")
    if not 0 < old[0] < new[0]:
        return old[0] > 0 and old == new and not path
    steps = [old[1]] * (old[0] & (old[0] - 1) == 0) + [bytes.fromhex(step) for step in path]
    place, last = _raised(old[0] - 1, new[0] - 1, 1)
    before = after = steps[0] if steps else b""
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = (hashlib.sha256(b"\x01" + step + node).digest() for node in (before, after))
            place, last = _raised(place, last, 0)
        else:
            after = hashlib.sha256(b"\x01" + after + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old[1], new[1])


def _raised(place: int, last: int, bit: int) -> tuple[int, int]:
    """Go up the tree while the lowest bit of a place is this one."""
    while place and place & 1 == bit:
        place, last = place >> 1, last >> 1
    return place, last


# Dossier ------------------------------------------------------------------------------------------------------------


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the members of the zip, after proving that the file is these members and nothing else."""
    need(len(content) <= LARGEST, "the file is larger than any dossier")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = archive.infolist()
        need(all(info.compress_type == zipfile.ZIP_STORED for info in listed), "a member is compressed")
        need(sum(info.file_size for info in listed) <= len(content), "the members are larger than the file")
        for info in listed:
            need(re.fullmatch(PLAIN, info.filename, re.ASCII), f"{info.filename!r} is no member of a dossier")
        need(len({info.filename for info in listed}) == len(listed), "a member occurs twice")
        members = {info.filename: archive.read(info) for info in listed}
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as archive:
        for name, member in members.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, member)
    need(copy.getvalue() == content, "the zip file holds something beside its members")
    return members


def check_manifest(members: dict[str, bytes]) -> dict[str, str]:
    """Return the question that the dossier answers, after holding every member against the manifest."""
    manifest = parse(members["manifest.json"])
    for line in manifest["members"]:
        name = line["name"]
        need(name in members, f"{name} is in the manifest, but not in the dossier")
        need(digest(members[name]) == line["digest"], f"{name} is not what the manifest says: it was changed")
    names = [name for name in members if name != "manifest.json"]
    need(names == sorted(names) and next(iter(members)) == "manifest.json", "the members are not in their order")
    lines = [{"name": name, "digest": digest(members[name]), "size": len(members[name])} for name in names]
    question: dict[str, str] = manifest["question"]
    expected = {"format": FORMAT, "question": question, "members": lines}
    need(manifest == expected, "the manifest does not list exactly the members of the dossier")
    need(set(question) == {"version", "use_case", "environment", "scope"}, "the manifest's question is not one")
    return question


def follow(members: dict[str, bytes], pinned: str) -> list[Any]:
    """Return the trust roots, each signed by a threshold of its own root keys and of those before it."""
    chain: list[Any] = []
    while f"roots/{len(chain) + 1}.json" in members:
        name = f"roots/{len(chain) + 1}.json"
        envelope = parse(members[name])
        root = read(b64(envelope["payload"]))
        keys = {"keys": sorted(key_id(g) for g in holders(root, "root")), "threshold": root["threshold"]}
        need(chain or digest(canonical(keys)) == pinned, f"{name} has another fingerprint than {pinned}")
        need(not chain or root["version"] == chain[-1]["version"] + 1, f"{name} does not follow the one before it")
        ids = [key_id(grant) for grant in root["grants"]]
        need(len(set(ids)) == len(ids), f"{name} gives one key two duties")
        for judge in [*chain[-1:], root]:
            opened(envelope, ROOT_TYPE, holders(judge, "root"), name, judge["threshold"])
        chain.append(root)
    need(chain, "there is no trust root in the dossier")
    return chain


class Dossier:
    """What is proven about a version, entry by entry; every step raises ValueError where it does not hold."""

    def __init__(self, members: dict[str, bytes], pinned: str) -> None:
        self.members = members
        self.question = check_manifest(members)
        self.roots = follow(members, pinned)
        self.size, tree = checkpoint(members["checkpoint.txt"].decode(), self.roots[-1], "the checkpoint")
        self.tree = self.size, tree
        paths = parse(members["proofs.json"])
        self.raw = {int(name[8:16]): raw for name, raw in members.items() if name.startswith("entries/")}
        need(set(paths) == {f"{seq:08d}" for seq in self.raw}, "proofs.json proves other entries than there are")
        for seq, raw in self.raw.items():
            proven = included(raw, seq, self.size, paths[f"{seq:08d}"], tree)
            need(proven, f"entry {seq} is not in the ledger that the checkpoint is of: it was changed or made up")
        self.entries = {seq: parse(raw) for seq, raw in self.raw.items()}
        self.named = {digest(raw) for raw in self.raw.values()}
        self.rejected: list[str] = []
        bodies = {canonical(entry["body"]): seq for seq, entry in self.of("trust-root.published")}
        for place, root in enumerate(self.roots, 1):
            need(canonical(root) in bodies, f"roots/{place}.json was never published in the ledger")
        self.since = [(bodies[canonical(root)], root) for root in self.roots]

    def of(self, kind: str, **body: Any) -> list[tuple[int, Any]]:
        """Return the entries of a kind, in order, whose body has these fields."""
        found = [(seq, entry) for seq, entry in sorted(self.entries.items()) if entry["kind"] == kind]
        return [(seq, entry) for seq, entry in found if body.items() <= entry["body"].items()]

    def root_at(self, seq: int) -> Any:
        """Return the trust root that was in force when an entry was written."""
        return max((pair for pair in self.since if pair[0] <= seq), key=lambda pair: pair[0])[1]

    def require_known(self, names: Any, what: str) -> None:
        """Require that entries named by digest are among the proven ones."""
        absent = sorted(set(names) - self.named)
        need(not absent, f"{what} rests on entries that are not in the dossier ({absent[:1]})")

    def bodies(self, kind: str) -> set[str]:
        """Return the digests of the bodies of a kind: how decisions name policies and libraries."""
        return {digest(canonical(entry["body"])) for _, entry in self.of(kind)}

    def check_version(self) -> None:
        """Require that the version is registered under the digest of its manifest, for this use case."""
        about = {"digest": self.question["version"], "use_case": self.question["use_case"]}
        found = self.of("model-version.registered", **about)
        need(found, "the version is not registered for the use case")
        for seq, entry in found:
            named = digest(canonical(entry["body"]["manifest"]))
            need(
                named == self.question["version"],
                f"entry {seq} names the version by another digest than its manifest's",
            )

    def check_decision(self, seq: int, body: Any) -> None:
        """Require that a decision names policy, library and evidence that are here."""
        what = f"the decision in entry {seq}"
        need(body["policy"] in self.bodies("policy.adopted"), f"{what} names a policy that is not in the dossier")
        need(body["library"] in self.bodies("library.adopted"), f"{what} names a library that is not in the dossier")
        self.require_known((name for reason in body["reasons"] for name in reason["evidence"]), what)
        if body["rules"] == RULES:
            policy, library = (
                self.body_of("policy.adopted", body["policy"]),
                self.body_of("library.adopted", body["library"]),
            )
            root = self.root_at(seq)
            facts = self.facts([known for known in sorted(self.raw) if known < seq], root)
            seats, at = root.get("policy_sign_offs", []), moment(body["at"])
            verdict, demands = decide(policy, library, self.question, facts, seats, at)
            said = [(reason["demand"], reason["finding"]) for reason in body["reasons"]]
            other = [mine for mine in demands if mine not in said] + [
                theirs for theirs in said if theirs not in demands
            ]
            need(
                verdict == body["verdict"] and not other,
                f"{what} does not follow from the entries before it: {other[:1]}",
            )

    def check_release(self, place: int, seq: int, signed: Any) -> Any:
        """Require that a release is signed, that it is the one in the ledger, and check what it rests on."""
        what, root = f"releases/{place}.json", self.root_at(seq)
        raw = self.members[what]
        need(digest(raw) == signed["package"], f"{what} is not the package that entry {seq} names")
        package = parse(raw)
        envelope = parse(package["bundle"].encode())["dsseEnvelope"]
        subjects, release = stated(envelope, RELEASE, holders(root, "release"), what)
        need(release["question"] == self.question, f"{what} answers another question than the dossier")
        about = {"model-version": self.question["version"], "served-artifact": release["served"]}
        need(subjects == about, f"{what}: its subjects are not its version and served artifact")
        need(release["expires_at"] == signed["expires_at"], f"{what} expires otherwise than entry {seq} says")
        need(release["issued_at"] < root["expires_at"], f"{what} was signed under a trust root that had expired")
        seen = checkpoint(release["checkpoint"], root, f"the checkpoint of {what}")
        continued = continues(seen, self.tree, parse(self.members["consistency.json"])[str(place)])
        need(continued, f"the ledger does not continue the one that {what} was signed on: it was forked or rewritten")
        self.check_package(what, package, release, seen, root)
        return release

    def check_package(self, what: str, package: Any, release: Any, tree: tuple[int, bytes], root: Any) -> None:
        """Require that a package carries exactly the proven entries that its release names, and those that it needs."""
        inside: dict[str, list[Any]] = {}
        rested, seqs = [], []
        for line in package["entries"]:
            raw, seq = b64(line["raw"]), line["seq"]
            need(self.raw.get(seq) == raw, f"{what}: entry {seq} is not the one in the dossier")
            need(included(raw, seq, tree[0], line["path"], tree[1]), f"{what}: entry {seq} is not proven")
            rested.append(digest(raw))
            seqs.append(seq)
            inside.setdefault(self.entries[seq]["kind"], []).append(self.entries[seq]["body"])
        need(sorted(rested) == sorted(release["evidence"]), f"{what} does not carry exactly the entries that it names")
        for kind in ("policy", "library"):
            named = {digest(canonical(body)) for body in inside.get(f"{kind}.adopted", [])}
            need(release[kind] in named, f"{what} names a {kind} that it does not carry")
        served = {body["served"] for body in inside.get("model-version.compiled", [])}
        need(release["served"] in served, f"{what}: nothing in it says what the served artifact is")
        self.check_gate(what, release, seqs, root)

    def check_gate(self, what: str, release: Any, seqs: list[int], root: Any) -> None:
        """Ask the gate again, with exactly what a release rests on: it must allow."""
        policy = self.body_of("policy.adopted", release["policy"])
        library = self.body_of("library.adopted", release["library"])
        issued = moment(release["issued_at"])
        life = timedelta(days=policy["release_life_days"])
        need(moment(release["expires_at"]) - issued <= life, f"{what} is good for longer than its policy allows")
        facts = [f for f in self.facts(seqs, root) if f.body.get("served", release["served"]) == release["served"]]
        saw = {seen for f in facts if f.kind == "approval.signed" for seen in f.body["evidence"]}
        need(saw <= set(release["evidence"]), f"{what} leaves out what an approver saw")
        verdict, demands = decide(policy, library, self.question, facts, root.get("policy_sign_offs", []), issued)
        still = ", ".join(f"{name} ({finding})" for name, finding in demands if finding not in SETTLED)
        still = "; ".join([still, *dict.fromkeys(self.rejected)])
        need(verdict == "allow", f"{what} was signed although its own evidence does not allow it: {still}")

    def body_of(self, kind: str, name: str) -> Any:
        """Return the body of a kind that has this digest."""
        return next(entry["body"] for _, entry in self.of(kind) if digest(canonical(entry["body"])) == name)

    def facts(self, seqs: list[int], root: Any) -> list[Fact]:
        """Return entries as facts; what somebody signed counts only if the trust root gives them the key for it."""
        signed, found = {"approval.signed": self.approval, "policy.signed": self.policy_approval}, []
        for seq in seqs:
            body, kind = None, self.entries[seq]["kind"]
            if kind in signed:
                try:
                    body = signed[kind](seq, root)
                except ValueError as error:
                    self.rejected.append(str(error))
                    continue
            found.append(fact(self.entries[seq], self.raw[seq], body))
        return found

    def approval(self, seq: int, root: Any = None) -> Any:
        """Return an approval, signed with a key that the trust root of its time gives to that approver in that role."""
        envelope = parse(self.entries[seq]["body"]["envelope"].encode())
        claimed = read(b64(envelope["payload"]))["predicate"]
        held = holders(root or self.root_at(seq), "approver")
        grants = [grant for grant in held if grant["actor"] == claimed["approver"]]
        grants = [grant for grant in grants if claimed["role"] in grant["roles"]]
        use_case = claimed["question"]["use_case"]
        grants = [grant for grant in grants if use_case in grant.get("use_cases", [use_case])]
        subjects, said = stated(envelope, APPROVAL, grants, f"the approval in entry {seq}")
        need(subjects == {"model-version": said["question"]["version"]}, f"entry {seq} approves something else")
        need(said.get("origin") in (None, self.roots[-1]["origin"]), f"entry {seq} was signed for another house")
        return said

    def policy_approval(self, seq: int, root: Any = None) -> Any:
        """Return an approval of a policy, signed by somebody who may sign policies, and did not propose this one."""
        signed, what = self.entries[seq]["body"], f"the signature of a policy in entry {seq}"
        envelope = parse(signed["envelope"].encode())
        claimed = read(b64(envelope["payload"]))["predicate"]
        held = [grant for grant in holders(root or self.root_at(seq), "approver") if not grant.get("use_cases")]
        grants = [g for g in held if g["actor"] == claimed["approver"] and claimed["role"] in g["roles"]]
        subjects, said = stated(envelope, POLICY_APPROVAL, grants, what)
        need(subjects == {"policy": said["policy"]} and signed["policy"] == said["policy"], f"{what} is about another")
        need(said["origin"] == self.roots[-1]["origin"], f"{what} was made for another house")
        need(said["approver"] != said["proposed_by"], f"{what} is by the one who proposed it")
        return said

    def attestations(self, releases: int) -> int:
        """Return how many bundles there are, after making each again out of what is proven."""
        made = {
            f"release-{at}": parse(self.members[f"releases/{at}.json"])["bundle"].encode()
            for at in range(1, releases + 1)
        }
        for seq, entry in self.of("approval.signed"):
            envelope = parse(entry["body"]["envelope"].encode())
            key = {"publicKey": {"hint": envelope["signatures"][0]["keyid"]}, "tlogEntries": []}
            bundle = {"mediaType": BUNDLE, "verificationMaterial": key, "dsseEnvelope": envelope}
            made[f"approval-{seq:08d}"] = canonical(bundle)
        expected = {f"attestations/{name}.sigstore.json": bundle for name, bundle in made.items()}
        here = {name: raw for name, raw in self.members.items() if name.startswith("attestations/")}
        differing = sorted(name for name in here.keys() | expected.keys() if here.get(name) != expected.get(name))
        need(not differing, f"{differing[:1]}: not the attestation that the proven entries and packages hold")
        continued = set(parse(self.members["consistency.json"]))
        need(continued == {str(at) for at in range(1, releases + 1)}, "consistency.json is about other releases")
        return len(made)

    def comments(self) -> tuple[int, int]:
        """Return how many approvers' comments are here, sealed, and how many were erased; one that is neither fails."""
        gone = {name for _, entry in self.of("personal-data.erased") for name in entry["body"]["sealed"]}
        gone |= {
            name for _, entry in self.of("retention.applied", data="comments") for name in entry["body"]["removed"]
        }
        said = {entry["body"]["comment"] for _, entry in self.of("approval.signed") if entry["body"].get("comment")}
        here = {"sha256:" + name[7:]: raw for name, raw in self.members.items() if name.startswith("sealed/")}
        need(all(digest(raw) == name for name, raw in here.items()), "a sealed comment was changed")
        need(not here.keys() - said, "there is a sealed member that no approval names")
        need(not said - here.keys() - gone, "an approver's comment is not in the dossier, and was not erased either")
        return len(here), len(said - here.keys())

    def orders(self, seq: int) -> Any:
        """Return orders, signed with an orders key of their time."""
        envelope = parse(self.entries[seq]["body"]["envelope"].encode())
        return read(opened(envelope, ORDERS_TYPE, holders(self.root_at(seq), "orders"), f"the orders in entry {seq}"))


# The gate, decided again --------------------------------------------------------------------------------------------
# These are the rules of muster (its folder rules/gate) once more; its tests hold both against the same random facts.

RULES = 1
SKEW, DAY, HUNDRED_YEARS = timedelta(minutes=5), timedelta(days=1), 36_500
SETTLED = ("met", "waived", "not-applicable")
RANK = ("unknown", "not-met", "not-measured", "not-enough-evidence", "missing", "stale", "met")
GUARDS = ("prohibited", "schema", "envelope", "plausible", "consistent", "reasons")
TERMS = {"largest_rows": "size", "rate": "rate", "rules": "business", "abstain": "abstain", "log": "log"}


class Fact(NamedTuple):
    """What an entry says; of signed ones, what was signed."""

    kind: str
    body: Any
    digest: str
    person: str
    local: bool
    at: datetime


def fact(entry: Any, raw: bytes, body: Any = None) -> Fact:
    """Return an entry as a fact; ``body`` takes the place of its own where that is an envelope."""
    local = entry["actor"].startswith("local:")
    person, named = person_of(entry["actor"]), entry["body"] if body is None else body
    return Fact(entry["kind"], named, digest(raw), person, local, moment(entry["at"]))


def person_of(actor: str) -> str:
    """Return who answers for an actor: without the mark of local mode, and of a service account its person."""
    return actor[len("local:") * actor.startswith("local:") :].partition("/")[0]


def moment(text: str) -> datetime:
    """Read a moment."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))  # noqa: FURB162 - Python before 3.11


def age(known: Fact) -> tuple[datetime, str]:
    """Sort facts by age."""
    return known.at, known.digest


def decide(
    policy: Any, library: Any, question: Any, facts: list[Fact], seats: Any, now: datetime
) -> tuple[str, list[tuple[str, str]]]:
    """Return the verdict on a question, and how each demand came out; ``seats`` are those who sign policies."""
    if nonsense(policy):
        return "refuse", [("policy", "unknown")]
    known = heard(policy, question, facts)
    demands = [
        *standing(policy, question, known),
        *adopted(policy, known, seats),
        *(demanded(asked, policy, library, known, now) for asked in demands_of(policy)),
        *parity(policy, known),
        *sign_offs(policy, library, known),
    ]
    return verdict_of(demands), demands


def verdict_of(demands: list[tuple[str, str]]) -> str:
    """Return the answer that findings make."""
    still = [(name, finding) for name, finding in demands if finding not in SETTLED]
    if not still:
        return "allow"
    return "wait" if all(n.startswith("sign-off:") and finding == "missing" for n, finding in still) else "refuse"


def standing_guards(policy: Any) -> set[str]:
    """Return the guards that can stand before a model of tables under a policy."""
    terms = policy.get("serving") or {}
    return {*GUARDS, *(name for field, name in {**TERMS, "review": "review"}.items() if terms.get(field))}


def nonsense(policy: Any) -> bool:
    """Tell whether a policy cannot be judged at all."""
    hours = HUNDRED_YEARS * 24
    longest = {"maximum_evidence_age_days": HUNDRED_YEARS, "release_life_days": HUNDRED_YEARS}
    longest["orders_life_hours"] = hours
    watched, selector = policy.get("monitors", []), policy["applies_to"]
    lapse, emergency = policy.get("on_lapse"), policy.get("emergency")
    guards = standing_guards(policy) if policy.get("answers") is None else ("answers",)
    most_people, most_money = selector.get("maximum_people_per_year"), selector.get("maximum_exposure")
    return (
        any(not 0 < policy[name] <= most for name, most in longest.items())
        or any(asked.get("maximum_age_days", 1) <= 0 for asked in policy["requirements"])
        or any(wanted["count"] < 1 for wanted in policy["sign_offs"])
        or sum(wanted["count"] for wanted in policy["sign_offs"]) > 100
        or any(guard not in guards for guard in policy.get("guards", []))
        or any(not 0 < monitor["every_days"] <= HUNDRED_YEARS for monitor in watched)
        or (most_people is not None and most_people < selector.get("minimum_people_per_year", 0))
        or (most_money is not None and most_money < selector.get("minimum_exposure", 0))
        or (lapse is not None and not 0 <= lapse["grace_hours"] <= hours)
        or (
            emergency is not None and not (0 < emergency["sign_off_within_hours"] <= hours and emergency["released_by"])
        )
    )


def heard(policy: Any, question: Any, facts: list[Fact]) -> dict[str, list[Fact]]:
    """Return the facts about a question by kind, without those of local mode where the policy does not count them."""
    kept: dict[str, list[Fact]] = {}
    for known in facts:
        if concerns(known, question):
            kept.setdefault(known.kind, []).append(known)
    runs = {known.body["run"] for known in kept.get("model-version.registered", [])}
    kept["run.finished"] = [known for known in kept.get("run.finished", []) if known.body["id"] in runs]
    return {kind: [k for k in some if policy["local_mode"] or not k.local] for kind, some in kept.items()}


def concerns(known: Fact, question: Any) -> bool:
    """Tell whether a fact is about a question."""
    body, version = known.body, question["version"]
    if known.kind == "use-case.registered":
        return bool(body["id"] == question["use_case"])
    if known.kind == "model-version.registered":
        named = (body["digest"], body["use_case"]) == (version, question["use_case"])
        return named and digest(canonical(body["manifest"])) == version
    if known.kind == "approval.signed":
        return bool(body["question"] == question)
    if known.kind == "waiver.granted":
        return (body["version"], body["environment"]) == (version, question["environment"])
    if known.kind == "release.signed":
        return all(body[name] == question[name] for name in question)
    return known.kind in ("run.finished", "policy.signed") or body.get("version") == version


def authors(known: dict[str, list[Fact]]) -> set[str]:
    """Return who trained or registered the version."""
    return {k.person for kind in ("model-version.registered", "run.finished") for k in known.get(kind, [])}


def standing(policy: Any, question: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield what must hold before anything is measured."""
    newest = max(known.get("use-case.registered", []), key=age, default=None)
    covered = newest is not None and meant(policy["applies_to"], newest.body)
    yield "use-case", "missing" if newest is None else "met" if covered else "not-met"
    versions = known.get("model-version.registered", [])
    if not versions:
        yield "version", "missing"
    if {k.body["run"] for k in versions} - {k.body["id"] for k in known["run.finished"]}:
        yield "authors", "unknown"
    if policy["environment"] != question["environment"]:
        yield "environment", "not-met"
    if not policy["requirements"]:
        yield "requirements", "unknown"


def adopted(policy: Any, known: dict[str, list[Fact]], wanted: Any) -> Iterator[tuple[str, str]]:
    """Yield, for each role that must sign policies, whether enough people of it signed this one."""
    signed: dict[str, set[str]] = {}
    for said in known.get("policy.signed", []):
        if said.body["policy"] == digest(canonical(policy)):
            signed.setdefault(said.body["approver"], set()).add(said.body["role"])
    seats = [seat["role"] for seat in wanted for _ in range(seat["count"])]
    taken = assign(seats, signed)
    for role in dict.fromkeys(seats):
        met = sum(seats[seat] == role for seat in taken) == seats.count(role)
        yield f"policy-sign-off:{role}", "met" if met else "missing"


def demands_of(policy: Any) -> list[Any]:
    """Return every control that a policy asks for: its requirements, and its monitors as what windows must show."""
    watched = [
        {**monitor, "sample_role": "window", "maximum_age_days": monitor["every_days"]}
        for monitor in policy.get("monitors", [])
    ]
    return [*policy["requirements"], *watched]


def control_of(library: Any, name: str) -> Any:
    """Return a control by its id, or None."""
    return next((control for control in library["controls"] if control["id"] == name), None)


def spared(control: Any, known: dict[str, list[Fact]]) -> bool:
    """Tell whether a control is not for the use case."""
    newest = max(known.get("use-case.registered", []), key=age, default=None)
    selector = control.get("applies_to")
    return selector is not None and newest is not None and not meant(selector, newest.body)


def demanded(asked: Any, policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> tuple[str, str]:
    """Return how one control came out."""
    control = control_of(library, asked["control"])
    if control is None:
        return asked["control"], "unknown"
    name = control["id"] + " (window)" * (asked["sample_role"] == "window")
    if spared(control, known):
        return name, "not-applicable"
    finding = measured(control, asked, policy, known, now)
    excused = finding != "met" and waived(finding, control, known, now)
    return name, "waived" if excused else finding


def measured(control: Any, asked: Any, policy: Any, known: dict[str, list[Fact]], now: datetime) -> str:
    """Hold the newest evidence of every sample against the limit; the worst speaks."""
    own, most = asked.get("maximum_age_days"), policy["maximum_evidence_age_days"]
    life = timedelta(days=most if own is None else min(own, most))
    wanted = canonical({**control["parameters"], **asked["parameters"]})
    about = [
        k
        for k in sorted(known.get("evidence.recorded", []), key=age)
        if (k.body["check"], k.body["sample_role"]) == (control["check"], asked["sample_role"])
        and canonical(k.body["parameters"]) == wanted
    ]
    if not about:
        due = any(now - release.at >= life for release in known.get("release.signed", []))
        return "met" if asked["sample_role"] == "window" and not due else "missing"
    newest = {k.body["sample_name"]: k.at for k in about}
    limit = dict(control["limit"])
    if asked.get("limit") is not None:
        limit["value"] = asked["limit"]
    found = [judged(k, limit, life, now) for k in about if k.at == newest[k.body["sample_name"]]]
    return min(found, key=RANK.index)


def judged(known: Fact, limit: Any, life: timedelta, now: datetime) -> str:
    """Hold one piece of evidence against a limit."""
    if known.at - now > SKEW:
        return "unknown"
    if now - known.at >= life:
        return "stale"
    if known.body["outcome"] != "measured":
        return "not-measured"
    found = [_held(limit, figure) for figure in known.body["figures"] if figure["name"] == limit["figure"]]
    return min(found, key=("unknown", "not-met", "not-enough-evidence", "met").index, default="missing")


def _held(limit: Any, figure: Any) -> str:
    value, low, high = figure["value"], figure["low"], figure["high"]
    holds = {"at-least": operator.ge, "at-most": operator.le, "equals": operator.eq}[limit["comparison"]]
    if figure["n"] < limit["minimum_n"]:
        return "not-enough-evidence"
    if limit["meets"] == "point":
        return "met" if holds(value, limit["value"]) else "not-met"
    if low is None or high is None or not low <= value <= high:
        return "not-enough-evidence"
    ends = holds(low, limit["value"]), holds(high, limit["value"])
    if all(ends):
        return "met"
    covers = limit["comparison"] == "equals" and low < limit["value"] < high
    return "not-enough-evidence" if any(ends) or covers else "not-met"


def waived(finding: str, control: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether a waiver of a control counts: asked for by one person, granted by another, neither an author."""
    if finding == "unknown" or not control["waivable"]:
        return False
    for offer in known.get("waiver.granted", []):
        people = {offer.person, person_of(offer.body["requested_by"])} - {""}
        fit = len(people) == 2 and not people & authors(known) and now < moment(offer.body["expires_at"])
        if offer.body["control"] == control["id"] and fit:
            return True
    return False


def parity(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield whether the form that is served decides as the model that was assessed, where that is asked for."""
    if not policy["parity"]:
        return
    newest = max(known.get("model-version.compiled", []), key=age, default=None)
    if newest is None:
        yield "parity", "missing"
        return
    proof = newest.body
    proven = proof["decisions_differing"] == 0 and min(proof["rows"], proof["adversarial_rows"]) > 0
    yield "parity", "met" if proven else "not-met"


def sign_offs(policy: Any, library: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield, for each role that must sign, whether enough people of it did: one person, one seat; no author."""
    checks = {k.digest: k.body["check"] for k in known.get("evidence.recorded", [])}
    named = {"policy": digest(canonical(policy)), "library": digest(canonical(library))}
    excused = {k.body["control"] for k in known.get("waiver.granted", [])}
    asked = [control_of(library, r["control"]) for r in policy["requirements"] if r["sample_role"] != "window"]
    must_see = {c["check"] for c in asked if c is not None and c["id"] not in excused and not spared(c, known)}
    signed: dict[str, set[str]] = {}
    for said in sorted(known.get("approval.signed", []), key=age):
        body = said.body
        author = policy["separation_of_duties"] and body["approver"] in authors(known)
        seen = checks.keys() >= set(body["evidence"]) and must_see <= {checks[each] for each in body["evidence"]}
        if not author and all(body[name] == held for name, held in named.items()) and seen:
            signed.setdefault(body["approver"], set()).add(body["role"])
    wanted: dict[str, int] = {}
    for each in policy["sign_offs"]:
        wanted[each["role"]] = wanted.get(each["role"], 0) + each["count"]
    seats = [role for role, count in wanted.items() for _ in range(count)]
    taken = assign(seats, signed)
    for role, count in wanted.items():
        met = sum(seats[seat] == role for seat in taken) >= count
        yield f"sign-off:{role}", "met" if met else "missing"


def assign(seats: list[str], people: dict[str, set[str]]) -> dict[int, str]:
    """Seat each person once at most, filling as many seats as can be."""
    taken: dict[int, str] = {}

    def place(person: str, tried: set[int]) -> bool:
        for seat, role in enumerate(seats):
            if role in people[person] and seat not in tried:
                tried.add(seat)
                if seat not in taken or place(taken[seat], tried):
                    taken[seat] = person
                    return True
        return False

    for person in sorted(people):
        place(person, set())
    return taken


def tier(case: Any) -> str:
    """Return the risk tier of a use case, by the rules of muster."""
    grave, many = case["consequential"], case["people_per_year"] >= 100_000
    decides, fragile = case["autonomy"] == "decides", case.get("vulnerable_people", False)
    hurts = case.get("safety_component", False)
    if (grave and (case["domain"] in HIGH_RISK or decides or many or fragile)) or (hurts and decides):
        return "high"
    raised = (grave, case["exposure"] >= 10_000_000, many, fragile, hurts, decides, case["third_party"])
    return "medium" if any(raised) or case.get("ai_type") == "agent" else "low"


def meant(selector: Any, case: Any) -> bool:
    """Tell whether a selector means a use case; what the use case does not state counts as meant."""
    facts = {"domains": case["domain"], "tiers": tier(case), "autonomy": case["autonomy"]}
    unless_unstated = {"ai_types": case.get("ai_type"), "business_units": case.get("business_unit")}
    facts |= {name: held for name, held in unless_unstated.items() if held}
    if any(selector.get(name) and held not in selector[name] for name, held in facts.items()):
        return False
    places, purposes = selector.get("jurisdictions"), [said.casefold() for said in selector.get("purposes", [])]
    if (places and not set(places) & set(case["jurisdictions"])) or (
        purposes and case["purpose"].casefold() not in purposes
    ):
        return False
    if any(selector.get(name) not in (None, case[name]) for name in ("consequential", "third_party")):
        return False
    bounds = ["people_per_year"] + ["exposure"] * (selector.get("currency", "") == case["currency"])
    least = all(case[name] >= selector.get(f"minimum_{name}", 0) for name in bounds)
    most = [(case[name], selector.get(f"maximum_{name}")) for name in bounds]
    return least and all(bound is None or held <= bound for held, bound in most)


def verify(content: bytes, pinned: str) -> list[str]:
    """Verify a dossier; return the lines of the report, or raise where anything does not hold."""
    dossier = Dossier(unpack(content), pinned)
    dossier.check_version()
    asked = dossier.question
    releases = dossier.of("release.signed", **asked)
    decisions = dossier.of("decision.made", question=asked)
    need(releases or decisions, "nothing in the dossier answers its question: neither a decision nor a release")
    for seq, entry in decisions:
        dossier.check_decision(seq, entry["body"])
    packages = sum(name.startswith("releases/") for name in dossier.members)
    need(packages == len(releases), f"the ledger names {len(releases)} releases, the dossier holds {packages}")
    signed = [dossier.check_release(at, seq, entry["body"]) for at, (seq, entry) in enumerate(releases, 1)]
    approvals = [dossier.approval(seq) for seq, _ in dossier.of("approval.signed")]
    orders = [dossier.orders(seq) for seq, _ in dossier.of("orders.issued")]
    return [*_proven(dossier, signed, approvals, orders), *_answer(dossier, releases), *_unproven()]


def _proven(dossier: Dossier, signed: list[Any], approvals: list[Any], orders: list[Any]) -> list[str]:
    asked, root = dossier.question, dossier.roots[-1]
    sealed, erased = dossier.comments()
    bundles = dossier.attestations(len(signed))
    deployed = sorted({d["name"] for order in orders for d in order["deployments"] if d["version"] == asked["version"]})
    lines = [
        f"model version  {asked['version']}",
        f"question       may it {asked['scope']} {asked['use_case']} in {asked['environment']}?",
        "",
        "PROVEN",
        f"- Trust root version {root['version']} of ledger {root['origin']} follows from the fingerprint you gave.",
        f"- {len(dossier.raw)} entries are in the signed ledger of {dossier.size} entries, unchanged, in their place.",
        "- The version is named by the digest of its manifest: its files, inputs and threshold.",
        *(
            f"- {a['approver']} ({a['role']}) signed, with a key of their own, on {a['signed_at'][:10]}."
            for a in approvals
        ),
        *([f"- Comments of approvers: {sealed} sealed here, unchanged; {erased} erased."] if sealed or erased else []),
        *(
            f"- A release was signed on {r['issued_at'][:10]}, good until {r['expires_at'][:10]}; it rests on exactly "
            f"{len(r['evidence'])} of these entries, and everybody whom its policy asks has signed it off."
            for r in signed
        ),
        *(
            ["- The ledger only grew since each release was signed: none of what it saw was rewritten."]
            if signed
            else []
        ),
        *([f"- Attestations: {bundles} Sigstore bundles, each made of what is proven."] if bundles else []),
        *(
            [f"- Orders to gateways: {len(orders)}, each signed; deployed as: {', '.join(deployed) or 'none'}."]
            if orders
            else []
        ),
    ]
    return [*lines, "- No member was changed, added, left out or moved since the dossier was written.", ""]


def _answer(dossier: Dossier, releases: list[tuple[int, Any]]) -> list[str]:
    """Say what the proven entries answer."""
    packages = {entry["body"]["package"] for _, entry in releases}
    revoked = [e["body"] for _, e in dossier.of("release.revoked") if e["body"]["package"] in packages]
    lines = [
        "WHAT THE LEDGER SAYS",
        *(f"- release: {len(releases)} signed, {len(revoked)} revoked" for _ in releases[:1]),
    ]
    lines += [f"- REVOKED: {body['reason']}" for body in revoked]
    for seq, entry in dossier.of("decision.made", question=dossier.question)[-1:]:
        lines += [f"- the gate said {entry['body']['verdict'].upper()} on {entry['at'][:10]} (entry {seq})"]
        lines += [f"    {r['finding']:>20}  {r['demand']}: {r['explanation']}" for r in entry["body"]["reasons"]]
    return [*lines, ""]


def _unproven() -> list[str]:
    return [
        "NOT PROVEN",
        "- That the figures are right: they were signed for, not measured again. The data is named by digest.",
        "- That nothing else about the version is in the ledger: ask for all of it, and for its newest checkpoint.",
        "- That dossier.html says the same: it is unsigned, for reading. What counts are the entries.",
        "- That this verifier is honest, if it came with the dossier: take verify.py from muster itself.",
    ]


def main(arguments: list[str]) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify a dossier of a model version, offline.")
    parser.add_argument("dossier", help="the zip file")
    parser.add_argument("--root", default="", help="fingerprint of the trust root (sha256:...), had by another way")
    asked = parser.parse_args(arguments)
    if not re.fullmatch("sha256:[0-9a-f]{64}", asked.root):
        sys.stderr.write("no root to trust: give --root sha256:... as those told you who run this ledger\n")
        return 2
    try:
        with open(asked.dossier, "rb") as file:  # noqa: PTH123 - any path that a shell can name
            content = file.read(LARGEST + 1)
    except OSError as error:
        sys.stderr.write(f"cannot read {asked.dossier}: {error.strerror}\n")
        return 2
    try:
        report = verify(content, asked.root)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is not verified
        words = str(error) if type(error) is ValueError else f"it cannot be read ({type(error).__name__}: {error})"
        sys.stdout.write(f"NOT VERIFIED: {plain(words)}\n")
        return 1
    sys.stdout.write("\n".join([f"VERIFIED {digest(content)}", *map(plain, report)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
