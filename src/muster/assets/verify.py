"""Verify a dossier of a model version: python verify.py DOSSIER.zip --root sha256:...  (Python 3.9 or later).

One file that trusts nobody: no network, no library, no muster. It starts from the fingerprint of the trust root, which
you must have by another way than this dossier, and proves each step from there. Exit 0: verified; 1: not, with the
failure named; 2: no root to trust, or arguments that cannot be read.

Sources: FIPS 186-5 and SEC 1 (ECDSA on P-256), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), RFC 9162 (Merkle proofs),
C2SP signed-note and tlog-checkpoint, DSSE v1, in-toto Statement v1, Sigstore bundle v0.3.
"""  # noqa: INP001 - ships as a file, inside every dossier; nothing imports it

from __future__ import annotations

import sys

if sys.version_info < (3, 9):  # noqa: UP036 - it runs wherever an auditor has a Python, and 1 would mean: not verified
    sys.stderr.write("this verifier needs Python 3.9 or later\n")
    sys.exit(2)
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

FORMAT = "muster-dossier-v3"
LARGEST = 2**29
MOST = 100  # signatures of one thing
PLAIN = (
    r"(manifest|proofs|consistency)\.json|(checkpoint|witnessed)\.txt|dossier\.html|verify\.py|sealed/[0-9a-f]{64}|keys/[0-9a-f]{12}\.pem"
    r"|versions/\d{1,4}\.html|papers/(\d{1,4}/)?[a-z-]{1,32}\.(html|pdf)|(entries/\d{8}|(releases|roots)/\d{1,4})\.json"
    r"|attestations/(release-\d{1,4}|\d{8}-[a-z-]{1,32}\.[a-z-]{1,32})\.sigstore\.json"
)
TEXTS = ("comment", "words", "comments")
CARRIED = (  # a release may leave none of these out: any could speak against it
    "use-case.registered", "model-version.registered", "model-version.compiled", "evidence.recorded", "approval.signed",
    "approval.rejected", "approval.withdrawn", "delegation.ended", "waiver.withdrawn", "finding.opened",
    "finding.reopened",
)  # fmt: skip
ROOT_TYPE, ORDERS_TYPE = "application/vnd.muster.trust-root+json", "application/vnd.muster.orders+json"
IN_TOTO, STATEMENT = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
RELEASE, APPROVAL = "urn:muster:attestation:release:v1", "urn:muster:attestation:approval:v1"
POLICY_APPROVAL = "urn:muster:attestation:policy-approval:v1"
EMERGENCY = "urn:muster:attestation:emergency:v1"
REJECTION, DELEGATION = "urn:muster:attestation:rejection:v1", "urn:muster:attestation:delegation:v1"

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
    need(len(envelope["signatures"]) <= MOST, f"{what} carries more signatures than anybody needs")
    marks = [b64(signature["sig"]) for signature in envelope["signatures"]]  # their key ids are only hints
    keys = {key_id(grant): b64(grant["key"]["spki"]) for grant in grants if grant["key"]["algorithm"] == "ecdsa-p256"}
    signed = sum(any(p256(key, message, mark) for mark in marks) for key in keys.values())
    need(signed >= threshold >= 1, f"{what}: {signed} of {len(keys)} trusted keys signed it, {threshold} must")
    return payload


def holders(root: Any, duty: str) -> list[Any]:
    """Return the grants of a duty."""
    return [grant for grant in root["grants"] if grant["duty"] == duty]


def may_sign(root: Any, person: str, role: str, use_case: str) -> list[Any]:
    """Return the keys by which somebody may sign about a use case, in this role; in any, where none is named."""
    own = [grant for grant in holders(root, "approver") if grant["actor"] == person]
    return [g for g in own if (not role or role in g["roles"]) and use_case in g.get("use_cases", [use_case])]


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
    need(lines.count("\n") <= MOST, f"{what} carries more signatures than anybody needs")
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
    need(content[:4] == b"PK\3\4", "the file is no dossier: it does not begin as a zip file")
    # Before anything is listed: an end without a comment, and without the extension that allows millions of members.
    end, extended = content[-22:-18] == b"PK\5\6", content[-42:-38] == b"PK\6\7"
    need(end and not extended, "the file does not end as a dossier does: it holds something beside its members")
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


def check_manifest(members: dict[str, bytes]) -> tuple[str, list[dict[str, str]]]:
    """Return deployment and questions of the dossier, after holding every member against the manifest."""
    manifest = parse(members["manifest.json"])
    for line in manifest["members"]:
        name = line["name"]
        need(name in members, f"{name} is in the manifest, but not in the dossier")
        need(digest(members[name]) == line["digest"], f"{name} is not what the manifest says: it was changed")
    names = [name for name in members if name != "manifest.json"]
    need(names == sorted(names) and next(iter(members)) == "manifest.json", "the members are not in their order")
    lines = [{"name": name, "digest": digest(members[name]), "size": len(members[name])} for name in names]
    questions: list[dict[str, str]] = manifest["questions"]
    asked = {"deployment": manifest["deployment"], "questions": questions}
    need(manifest == {"format": FORMAT, **asked, "members": lines}, "the manifest does not list exactly the members")
    known = {"version", "use_case", "environment", "scope"}
    need(questions and all(set(question) == known for question in questions), "the manifest's questions are none")
    return manifest["deployment"], questions


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
        self.deployment, self.questions = check_manifest(members)
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
        self.rulings: dict[str, tuple[Any, str, list[tuple[str, str]]]] = {}
        self.continuations = parse(members["consistency.json"])
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

    def check_version(self, question: Any) -> None:
        """Require that the version is registered under the digest of its manifest, for this use case."""
        version = question["version"]
        found = self.of("model-version.registered", digest=version, use_case=question["use_case"])
        need(found, "the version is not registered for the use case")
        for seq, entry in found:
            named = digest(canonical(entry["body"]["manifest"]))
            need(named == version, f"entry {seq} names the version by another digest than its manifest's")

    def check_decision(self, seq: int, body: Any) -> None:
        """Require that a decision names policy, library and evidence that are here."""
        what = f"the decision in entry {seq}"
        need(body["policy"] in self.bodies("policy.adopted"), f"{what} names a policy that is not in the dossier")
        need(body["library"] in self.bodies("library.adopted"), f"{what} names a library that is not in the dossier")
        self.require_known((name for reason in body["reasons"] for name in reason["evidence"]), what)
        if body["rules"] != RULES:
            return  # rules of another time: what they asked is not known here
        policy, library = (
            self.body_of("policy.adopted", body["policy"]),
            self.body_of("library.adopted", body["library"]),
        )
        root = self.root_at(seq)
        facts = self.facts([known for known in sorted(self.raw) if known < seq], root)
        seats = root.get("policy_sign_offs", [])
        verdict, mine = decide(policy, library, body["question"], facts, seats, moment(body["at"]))
        said = findings(body)
        other = [each for each in [*mine, *said] if each not in mine or each not in said][:1]
        need(verdict == body["verdict"] and not other, f"{what} does not follow from the entries before it: {other}")

    def check_release(self, place: int, seq: int, signed: Any) -> Any:
        """Require that a release is signed, that it is the one in the ledger, and check what it rests on."""
        what, root = f"releases/{place}.json", self.root_at(seq)
        raw = self.members[what]
        need(digest(raw) == signed["package"], f"{what} is not the package that entry {seq} names")
        package = parse(raw)
        envelope = parse(package["bundle"].encode())["dsseEnvelope"]
        subjects, release = stated(envelope, RELEASE, holders(root, "release"), what)
        need(release["question"] in self.questions, f"{what} answers another question than the dossier")
        asked = release["question"]
        about = {"model-version": asked["version"], "served-artifact": release["served"]}
        need(all(signed[name] == asked[name] for name in asked), f"{what} answers another question than entry {seq}")
        need(subjects == about, f"{what}: its subjects are not its version and served artifact")
        need(release["expires_at"] == signed["expires_at"], f"{what} expires otherwise than entry {seq} says")
        need(release["issued_at"] < root["expires_at"], f"{what} was signed under a trust root that had expired")
        seen = checkpoint(release["checkpoint"], root, f"the checkpoint of {what}")
        self.check_continued(seen, what)
        self.check_package(what, package, release, seen, root)
        return release

    def check_continued(self, seen: tuple[int, bytes], what: str) -> None:
        """Require that the ledger continues an earlier one of itself."""
        continued = continues(seen, self.tree, self.continuations.pop(what, []))
        need(continued, f"the ledger does not continue the one that {what} was signed on: it was forked or rewritten")

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
        subjects = (f"version:{release['question']['version']}", f"use-case:{release['question']['use_case']}")
        before = ((seq, self.entries[seq]) for seq in sorted(self.raw) if seq < tree[0] and seq not in seqs)
        absent = [(seq, e["kind"]) for seq, e in before if e["kind"] in CARRIED and e["subject"] in subjects]
        need(not absent, f"{what} leaves out what was in the ledger when it was signed, and counts: {absent[:1]}")
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
        verdict, demands = decide(policy, library, release["question"], facts, root.get("policy_sign_offs", []), issued)
        self.rulings[digest(self.members[what])] = release, verdict, demands
        still = ", ".join(f"{name} ({finding})" for name, finding in demands if finding not in SETTLED)
        still = "; ".join([still, *dict.fromkeys(self.rejected)])
        need(verdict == "allow", f"{what} was signed although its own evidence does not allow it: {still}")

    def signed_by(self, release: Any) -> str:
        """Say whether everybody signed a release off, or whether it was let out before that."""
        demands = next(demands for known, _, demands in self.rulings.values() if known is release)
        if any(name.startswith("sign-off:") and finding == "waived" for name, finding in demands):
            return "its sign-offs were still due: it was an EMERGENCY release, on the signed word of who may do that"
        return "everybody whom its policy asks has signed it off"

    def body_of(self, kind: str, name: str) -> Any:
        """Return the body of a kind that has this digest."""
        return next(entry["body"] for _, entry in self.of(kind) if digest(canonical(entry["body"])) == name)

    def facts(self, seqs: list[int], root: Any) -> list[Fact]:
        """Return entries as facts; what somebody signed counts only if the trust root gives them the key for it."""
        signed, found = {"approval.signed": self.approval, "policy.signed": self.policy_approval}, []
        signed |= {"approval.rejected": self.rejection, "approval.delegated": self.delegation}
        signed |= {"emergency.signed": self.emergency}
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

    def approval(self, seq: int, root: Any = None, kind: str = APPROVAL) -> Any:
        """Return an approval, signed with a key that the trust root of its time gives to that approver in that role."""
        entry, what = self.entries[seq], f"the approval in entry {seq}"
        envelope = parse(entry["body"]["envelope"].encode())
        claimed = read(b64(envelope["payload"]))["predicate"]
        root, who = root or self.root_at(seq), claimed["approver"]
        if claimed.get("platform"):  # signed in the name of somebody whom the platform let in, and who has no key
            own = any(grant["actor"] == who for grant in holders(root, "approver"))
            need(entry["actor"] == who and not own and "delegation" not in claimed, f"{what} is not by {who}")
            grants = holders(root, "platform")
        else:
            role = "" if claimed.get("delegation") else claimed["role"]
            grants = may_sign(root, who, role, claimed["question"]["use_case"])
        subjects, said = stated(envelope, kind, grants, what)
        need(subjects == {"model-version": said["question"]["version"]}, f"entry {seq} approves something else")
        need(said.get("origin") in (None, self.roots[-1]["origin"]), f"entry {seq} was signed for another house")
        return said

    def rejection(self, seq: int, root: Any = None) -> Any:
        """Return what was signed by whoever rejected."""
        return self.approval(seq, root, REJECTION)

    def delegation(self, seq: int, root: Any = None) -> Any:
        """Return a delegation, signed with the own key of whoever lent their role."""
        body, what = self.entries[seq]["body"], f"the delegation in entry {seq}"
        envelope = parse(body["envelope"].encode())
        claimed = read(b64(envelope["payload"]))["predicate"]
        grants = may_sign(root or self.root_at(seq), claimed["principal"], claimed["role"], claimed["use_case"])
        _, said = stated(envelope, DELEGATION, grants, what)
        need(said["origin"] == self.roots[-1]["origin"], f"{what} was signed for another house")
        need(said["use_case"] == body["use_case"] and said["principal"] != said["delegate"], f"{what} makes no sense")
        return said

    def emergency(self, seq: int, root: Any = None) -> Any:
        """Return leave for an emergency release, signed with the own key of whoever gave it."""
        body, what = self.entries[seq]["body"], f"the leave for an emergency release in entry {seq}"
        envelope = parse(body["envelope"].encode())
        claimed = read(b64(envelope["payload"]))["predicate"]
        case = claimed["question"]["use_case"]
        grants = may_sign(root or self.root_at(seq), claimed["approver"], claimed["role"], case)
        subjects, said = stated(envelope, EMERGENCY, grants, what)
        need(said["origin"] == self.roots[-1]["origin"], f"{what} was signed for another house")
        version = said["question"]["version"]
        need(subjects == {"model-version": version} and body["version"] == version, f"{what} is about another")
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

    def witnesses(self) -> tuple[int, list[str]]:
        """Return how many entries witnesses have seen, and which witnesses: as many as the trust root asks for."""
        root, note = self.roots[-1], self.members.get("witnessed.txt", b"").decode()
        size, names = 0, set()
        if note:
            seen = checkpoint(note, root, "witnessed.txt")
            self.check_continued(seen, "witnessed.txt")
            size, names = seen[0], cosigners(note, root)
            need(names, "witnessed.txt is cosigned by no witness of the trust root")
        wanted = root.get("witnesses_needed", 0)
        need(len(names) >= wanted, f"{len(names)} of the trust root's witnesses have seen the ledger, {wanted} must")
        return size, sorted(names)

    def attestations(self, releases: int) -> int:
        """Return how many bundles there are, after making each again out of what is proven."""
        made = {
            f"release-{at}": parse(self.members[f"releases/{at}.json"])["bundle"].encode()
            for at in range(1, releases + 1)
        }
        for seq, entry in sorted(self.entries.items()):
            body, name = entry["body"], f"{seq:08d}-{entry['kind']}"
            if isinstance(body.get("bundle"), str):
                made[name] = body["bundle"].encode()
            elif isinstance(body.get("envelope"), str) and read(body["envelope"].encode())["payloadType"] == IN_TOTO:
                envelope = parse(body["envelope"].encode())
                key = {"publicKey": {"hint": envelope["signatures"][0]["keyid"]}, "tlogEntries": []}
                made[name] = canonical({"mediaType": BUNDLE, "verificationMaterial": key, "dsseEnvelope": envelope})
                if entry["kind"] not in ("approval.signed", "policy.signed", "attestation.signed"):
                    self.signer(seq)
        expected = {f"attestations/{name}.sigstore.json": bundle for name, bundle in made.items()}
        keys = {name: pem(g) for root in self.roots for g in holders(root, "release") for name in [key_file(g)]}
        expected |= keys
        here = {name: raw for name, raw in self.members.items() if name.startswith(("attestations/", "keys/"))}
        differing = sorted(name for name in here.keys() | expected.keys() if here.get(name) != expected.get(name))
        need(not differing, f"{differing[:1]}: not the attestation that the proven entries and packages hold")
        for seq, entry in self.of("attestation.signed"):
            self.check_attestation(seq, entry["body"])
        for seq, entry in self.of("model.signed"):
            self.check_model(seq, entry["body"])
        return len(made)

    def signer(self, seq: int) -> str:
        """Return who signed a statement of whatever kind: whom it names, or else some key of the trust root of then."""
        what, root = f"the statement in entry {seq}", self.root_at(seq)
        envelope = parse(self.entries[seq]["body"]["envelope"].encode())
        said = read(b64(envelope["payload"]))["predicate"]
        who = said.get("approver") or said.get("principal") or ""
        own = [grant for grant in holders(root, "approver") if grant["actor"] == who]
        try:
            opened(envelope, IN_TOTO, own, what)
        except ValueError:
            opened(envelope, IN_TOTO, root["grants"], what)
            return "the house"
        return str(who)

    def check_attestation(self, seq: int, body: Any) -> None:
        """Require that what the house attests is signed, and says just what the entry holds that it is about."""
        what = f"the attestation in entry {seq}"
        envelope, kind = parse(body["envelope"].encode()), body["predicate_type"]
        subjects, said = stated(envelope, kind, holders(self.root_at(seq), "release"), what)
        need(subjects == {"model-version": body["version"]}, f"{what} is about another version")
        place = next((at for at, raw in self.raw.items() if digest(raw) == body["about"]), None)
        if place is None:
            return  # about a decision on another question, whose entry is elsewhere
        made = self.restated(place, kind, said)
        need(made is None or made == said, f"{what} says something else than entry {place}")

    def restated(self, place: int, kind: str, said: Any) -> Any:
        """Return what an attestation about an entry must say; None where it cannot be told."""
        entry = self.entries[place]
        body, at = entry["body"], entry["at"]
        if entry["kind"] == "run.finished" and kind == PROVENANCE:
            return provenance(body, at)
        if entry["kind"] == "decision.made":
            asked, verdict, found, rules, at = (
                body["question"],
                body["verdict"],
                findings(body),
                body["rules"],
                body["at"],
            )
            rested = [name for reason in body["reasons"] for name in reason["evidence"]]
        elif entry["kind"] == "release.signed" and body["package"] in self.rulings:
            body, verdict, found = self.rulings[body["package"]]
            asked, rested, rules, at = body["question"], body["evidence"], RULES, body["issued_at"]
            if said.get("verifier", {}).get("version", {"rules": str(RULES)}) != {"rules": str(RULES)}:
                return None  # rules of another time
        else:
            return None
        basis = basis_of(body["policy"], body["library"], rested)
        return test_result(found, basis) if kind == TEST_RESULT else summary(asked, verdict, rules, at, basis)

    def check_model(self, seq: int, body: Any) -> None:
        """Require that the signature of a model's files is by the house, and names the files of the version."""
        what = f"the model's signature in entry {seq}"
        envelope = parse(body["bundle"].encode())["dsseEnvelope"]
        subjects, said = stated(envelope, MODEL, holders(self.root_at(seq), "release"), what)
        for _, entry in self.of("model-version.registered", digest=body["version"]):
            root, made = model(entry["body"]["manifest"]["files"])
            need((list(subjects.values()), said) == ([root], made), f"{what} is of other files than the version's")

    def comments(self) -> tuple[int, int]:
        """Return how many sealed texts are here, and how many were erased; one that is neither fails."""
        gone = {name for _, entry in self.of("personal-data.erased") for name in entry["body"]["sealed"]}
        gone |= {name for _, entry in self.of("retention.applied") for name in entry["body"]["removed"]}
        said = {name for entry in self.entries.values() for name in texts(entry["body"])}
        here = {"sha256:" + name[7:]: raw for name, raw in self.members.items() if name.startswith("sealed/")}
        need(all(digest(raw) == name for name, raw in here.items()), "a sealed comment was changed")
        need(not here.keys() - said, "there is a sealed member that no entry names")
        need(not said - here.keys() - gone, "what somebody said is not in the dossier, and was not erased either")
        return len(here), len(said - here.keys())

    def orders(self, seq: int) -> Any:
        """Return orders, signed with an orders key of their time, on a ledger that today's continues."""
        root, what = self.root_at(seq), f"entries/{seq:08d}.json"
        envelope = parse(self.entries[seq]["body"]["envelope"].encode())
        said = read(opened(envelope, ORDERS_TYPE, holders(root, "orders"), f"the orders in entry {seq}"))
        self.check_continued(checkpoint(said["checkpoint"], root, f"the checkpoint of {what}"), what)
        return said


def texts(body: Any) -> Iterator[str]:
    """Yield the digests of what people said, wherever in a body they stand."""
    held = (
        list(body.items())
        if isinstance(body, dict)
        else [("", each) for each in body]
        if isinstance(body, list)
        else []
    )
    for name, value in held:
        if name in TEXTS and isinstance(value, str) and re.fullmatch("sha256:[0-9a-f]{64}", value):
            yield value
        yield from texts(value)


def cosigners(note: str, root: Any) -> set[str]:
    """Return the names of the witnesses that have cosigned a checkpoint."""
    text, _, lines = note.rpartition("\n\n")
    names = set()
    for grant in holders(root, "witness"):
        spki, name = b64(grant["key"]["spki"]), grant.get("name", "")
        short = hashlib.sha256(name.encode() + b"\n\x04" + spki[-32:]).digest()[:4]
        for line in lines.splitlines():
            start, _, mark64 = line.rpartition(" ")
            mark = b64(mark64)
            message = f"cosignature/v1\ntime {int.from_bytes(mark[4:12], 'big')}\n{text}\n".encode()
            if name and start == f"\u2014 {name}" and mark[:4] == short and ed25519(spki, message, mark[12:]):
                names.add(name)
    return names


# Attestations in the words of other tools ---------------------------------------------------------------------------

TEST_RESULT, SUMMARY = "https://in-toto.io/attestation/test-result/v0.1", "https://slsa.dev/verification_summary/v1"
PROVENANCE, MODEL = "https://slsa.dev/provenance/v1", "https://model_signing/signature/v1.0"


def key_file(grant: Any) -> str:
    """Name the member that holds a public key in PEM."""
    return f"keys/{key_id(grant)[:12]}.pem"


def pem(grant: Any) -> bytes:
    """Write a public key in PEM (RFC 7468)."""
    spki = grant["key"]["spki"]
    lines = "\n".join(spki[at : at + 64] for at in range(0, len(spki), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n".encode()


def findings(decision: Any) -> list[tuple[str, str]]:
    """Return how each demand came out, as a recorded decision says."""
    return [(reason["demand"], reason["finding"]) for reason in decision["reasons"]]


def _sha256(name: str) -> dict[str, str]:
    return {"sha256": name[len("sha256:") * name.startswith("sha256:") :]}


def basis_of(policy: str, library: str, entries: Any) -> list[Any]:
    """Name what a decision rests on."""
    named = [("policy", policy), ("library", library), *(("entry", entry) for entry in sorted(set(entries)))]
    return [{"name": name, "digest": _sha256(value)} for name, value in named]


def test_result(demands: list[tuple[str, str]], basis: list[Any]) -> Any:
    """Return the predicate of in-toto's test-result v0.1."""
    tests = [(name, finding) for name, finding in demands if not name.startswith(("sign-off:", "policy-sign-off:"))]
    passed = sorted(name for name, finding in tests if finding == "met")
    warned = sorted(name for name, finding in tests if finding == "waived")
    failed = sorted(name for name, finding in tests if finding not in ("met", "waived", "not-applicable"))
    lists = {"passedTests": passed, "warnedTests": warned, "failedTests": failed}
    return {"result": "FAILED" if failed else "WARNED" if warned else "PASSED", "configuration": basis, **lists}


def summary(question: Any, verdict: str, rules: int, at: str, basis: list[Any]) -> Any:
    """Return the predicate of SLSA's Verification Summary v1."""
    return {
        "verifier": {"id": "urn:muster:gate", "version": {"rules": str(rules)}},
        "timeVerified": at,
        "resourceUri": f"urn:muster:question:{question['use_case']}:{question['environment']}:{question['scope']}",
        "policy": {"uri": "urn:muster:policy", "digest": basis[0]["digest"]},
        "inputAttestations": [{"uri": f"urn:muster:{each['name']}", "digest": each["digest"]} for each in basis[1:]],
        "verificationResult": "PASSED" if verdict == "allow" else "FAILED",
        "verifiedLevels": [f"MUSTER_{verdict.upper()}"],
    }


def provenance(run: Any, at: str) -> Any:
    """Return the predicate of SLSA's Provenance v1."""
    return {
        "buildDefinition": {
            "buildType": "urn:muster:training:v1",
            "externalParameters": {"useCase": run["use_case"], "recipe": run["recipe"]},
            "internalParameters": {"environment": run["environment"]},
            "resolvedDependencies": [{"name": "training-data", "digest": _sha256(run["training"])}],
        },
        "runDetails": {
            "builder": {"id": "urn:muster:elsewhere" if run.get("imported") else "urn:muster:worker"},
            "metadata": {"invocationId": run["id"], "finishedOn": at},
        },
    }


def model(files: Any) -> tuple[str, Any]:
    """Return digest and predicate of OpenSSF Model Signing v1.0."""
    resources = [
        {"name": name, "algorithm": "sha256", "digest": _sha256(files[name])["sha256"]} for name in sorted(files)
    ]
    root = hashlib.sha256(b"".join(bytes.fromhex(each["digest"]) for each in resources)).hexdigest()
    ignored = ["model.sig", ".git", ".gitattributes", ".github", ".gitignore"]
    method = {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": ignored}
    return f"sha256:{root}", {"serialization": method, "resources": resources}


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
        *outlived(policy, library, now),
        *(demanded(asked, policy, library, known, now) for asked in demands_of(policy)),
        *parity(policy, known),
        *lineage(policy, known),
        *wrong(policy, known),
        *excused(sign_offs(policy, library, known, now), policy, library, known, now),
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
    parents = {known.body["digest"]: known.body["parent"] for known in kept.get("dataset.snapshotted", [])}
    line: set[str] = set()
    for version in kept.get("model-version.registered", []):
        name = version.body["training"]
        while name and name not in line:
            line.add(name)
            name = parents.get(name, "")
    kept["dataset.snapshotted"] = [k for k in kept.get("dataset.snapshotted", []) if k.body["digest"] in line]
    whole = (*kept,) if policy["local_mode"] else ("finding.opened",)
    return {kind: [k for k in some if kind in whole or not k.local] for kind, some in kept.items()}


def concerns(known: Fact, question: Any) -> bool:
    """Tell whether a fact is about a question."""
    body, version = known.body, question["version"]
    if known.kind == "use-case.registered":
        return bool(body["id"] == question["use_case"])
    if known.kind == "model-version.registered":
        named = (body["digest"], body["use_case"]) == (version, question["use_case"])
        return named and digest(canonical(body["manifest"])) == version
    if known.kind in ("finding.opened", "finding.closed", "finding.reopened"):
        return body["about"] in (f"version:{version}", f"use-case:{question['use_case']}")
    if known.kind in ("approval.signed", "approval.rejected", "emergency.signed"):
        return bool(body["question"] == question)
    if known.kind in ("approval.delegated", "delegation.ended"):
        return bool(body["use_case"] == question["use_case"])
    if known.kind in ("waiver.granted", "waiver.requested"):
        return (body["version"], body["environment"]) == (version, question["environment"])
    if known.kind == "release.signed":
        return all(body[name] == question[name] for name in question)
    return known.kind in ("run.finished", "policy.signed", "dataset.snapshotted") or body.get("version") == version


def makers(policy: Any, known: dict[str, list[Fact]]) -> set[str]:
    """Return who trained or registered the version; where the policy says so, also who brought its data or compiled."""
    kinds = ["model-version.registered", "run.finished"]
    kinds += ["dataset.snapshotted", "model-version.compiled"] * policy.get("separation_along_lineage", False)
    return {k.person for kind in kinds for k in known.get(kind, [])}


def nameless(known: Fact) -> bool:
    """Tell whether an entry names no person, so that whoever signs off may have made it."""
    return known.person in ("", "system")


def lineage(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield that it is not known who had a hand in the version, where the policy asks for that."""
    if not (policy["separation_of_duties"] and policy.get("separation_along_lineage", False)):
        return
    data = known.get("dataset.snapshotted", [])
    wanted = {k.body["training"] for k in known.get("model-version.registered", [])} | {k.body["parent"] for k in data}
    hidden = any(map(nameless, data + known.get("model-version.compiled", [])))
    if hidden or wanted - {k.body["digest"] for k in data} - {""}:
        yield "lineage", "unknown"


def standing(policy: Any, question: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield what must hold before anything is measured."""
    newest = max(known.get("use-case.registered", []), key=age, default=None)
    covered = newest is not None and meant(policy["applies_to"], newest.body)
    yield "use-case", "missing" if newest is None else "met" if covered else "not-met"
    versions = known.get("model-version.registered", [])
    if not versions:
        yield "version", "missing"
    runs = known["run.finished"]
    if {k.body["run"] for k in versions} - {k.body["id"] for k in runs} or any(map(nameless, [*versions, *runs])):
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


def untimely(control: Any, now: datetime) -> bool:
    """Tell whether a control is not in force on a day: not yet, or no longer."""
    today, ends = f"{now:%Y-%m-%d}", control.get("in_force_until", "")
    return bool(today < control.get("in_force_from", "") or (ends and ends <= today))


def outlived(policy: Any, library: Any, now: datetime) -> list[tuple[str, str]]:
    """Return where dates would let a policy demand less than it seems: that refuses."""
    named = {asked["control"] for asked in demands_of(policy)}
    over = [c for c in library["controls"] if c["id"] in named and c.get("in_force_until", "9999") <= f"{now:%Y-%m-%d}"]
    heirs = {old for c in library["controls"] if c["id"] not in named for old in c.get("supersedes", [])}
    asked = [c for c in (control_of(library, each["control"]) for each in policy["requirements"]) if c is not None]
    empty = bool(asked) and all(untimely(control, now) for control in asked)
    return [(c["id"], "unknown") for c in over if c["id"] in heirs] + [("requirements", "unknown")] * empty


def spared(control: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether a control is not for the use case, or not in force."""
    if untimely(control, now):
        return True
    newest = max(known.get("use-case.registered", []), key=age, default=None)
    selector = control.get("applies_to")
    return selector is not None and newest is not None and not meant(selector, newest.body)


def demanded(asked: Any, policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> tuple[str, str]:
    """Return how one control came out."""
    control = control_of(library, asked["control"])
    if control is None:
        return asked["control"], "unknown"
    name = control["id"] + " (window)" * (asked["sample_role"] == "window")
    if spared(control, known, now):
        return name, "not-applicable"
    finding = measured(control, asked, policy, known, now)
    excused = finding != "met" and waived(finding, control, policy, known, now)
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
    authors = {k.person for kind in ("model-version.registered", "run.finished") for k in known.get(kind, [])}
    found = [
        judged(k, limit, _until(k, asked, life), now, k.body.get("independent", False) and k.person in authors)
        for k in about
        if k.at == newest[k.body["sample_name"]]
    ]
    return min(found, key=RANK.index)


def _until(known: Fact, asked: Any, life: timedelta) -> datetime:
    """Return until when evidence counts; what people attest says itself how long it holds."""
    own = asked.get("maximum_age_days")
    if not known.body.get("valid_until") or asked["sample_role"] != "attested":
        return known.at + life
    ends = moment(known.body["valid_until"])
    return ends if own is None else min(ends, known.at + timedelta(days=own))


def judged(known: Fact, limit: Any, until: datetime, now: datetime, by_author: bool) -> str:  # noqa: FBT001 - a fact
    """Hold one piece of evidence against a limit; what must not be an author's word counts for nothing if it is."""
    if known.at - now > SKEW:
        return "unknown"
    if now >= until:
        return "stale"
    if known.body["outcome"] != "measured" or by_author:
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


def waived(finding: str, control: Any, policy: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether a waiver of a control counts: asked for by one person, granted by another, neither an author."""
    if finding == "unknown" or not control["waivable"]:
        return False
    for offer in known.get("waiver.granted", []):
        people = {offer.person, person_of(offer.body["requested_by"])} - {""}
        fit = len(people) == 2 and not people & makers(policy, known) and now < moment(offer.body["expires_at"])
        if offer.body["control"] == control["id"] and fit and granted(offer, known):
            return True
    return False


def granted(offer: Fact, known: dict[str, list[Fact]]) -> bool:
    """Tell whether a waiver was not withdrawn, and is what was asked for, where it says which request it grants."""
    if any(end.body["waiver"] == offer.digest for end in known.get("waiver.withdrawn", [])):
        return False
    asked = {k.digest: k for k in known.get("waiver.requested", [])}.get(offer.body.get("request", ""))
    if asked is None:
        return "request" not in offer.body
    same = all(asked.body[name] == offer.body[name] for name in ("control", "reason", "compensating_control"))
    in_time = moment(offer.body["expires_at"]) <= moment(asked.body["expires_at"])
    return same and in_time and asked.person == person_of(offer.body["requested_by"])


def parity(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield whether the form that is served decides as the model that was assessed, where that is asked for."""
    compiled_only = policy.get("originals", "allow") != "allow"
    if not policy["parity"] and not compiled_only:
        return
    newest = max(known.get("model-version.compiled", []), key=age, default=None)
    if newest is None:
        yield "parity", "missing"
        return
    proof = newest.body
    proven = proof["decisions_differing"] == 0 and min(proof["rows"], proof["adversarial_rows"]) > 0
    proven = proven and not (compiled_only and proof.get("original"))
    yield "parity", "met" if proven else "not-met"


def wrong(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield whether something is open that validators found wrong, where the policy says that it stands in the way."""
    if policy.get("blocking_findings"):
        opened = [k for k in known.get("finding.opened", []) if k.body["severity"] in policy["blocking_findings"]]
        yield "findings", "not-met" if any(still_open(k, known) for k in opened) else "met"


def still_open(found: Fact, known: dict[str, list[Fact]]) -> bool:
    """Tell whether nobody closed what was found who may: no author, and nobody whose work it is."""
    kinds = ("model-version.registered", "run.finished")
    may_not = {k.person for kind in kinds for k in known.get(kind, [])} | {person_of(found.body["owner"])}
    may_not |= {person_of(k.body["owner"]) for k in known.get("use-case.registered", [])}
    named = {"finding": found.body["id"], "about": found.body["about"]}
    again = [k.at for k in known.get("finding.reopened", []) if named.items() <= k.body.items()]
    closed = [k for k in known.get("finding.closed", []) if named.items() <= k.body.items() and k.person not in may_not]
    return not any(k.at >= found.at and all(k.at > at for at in again) for k in closed)


def excused(
    demands: Iterator[tuple[str, str]], policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield sign-offs, those that are missing as waived while somebody's word for an emergency release counts."""
    terms, made = policy.get("emergency"), makers(policy, known) if policy["separation_of_duties"] else set()
    rules = digest(canonical(policy)), digest(canonical(library))
    said = [k for k in known.get("emergency.signed", []) if (k.body["policy"], k.body["library"]) == rules]
    said = [k for k in said if terms and k.body["role"] in terms["released_by"] and k.body["approver"] not in made]
    said = [k for k in said if min(k.at, moment(k.body["signed_at"])) - now <= SKEW]
    every = known.get("emergency.signed", [])  # the time runs from the first, whether or not it counts now
    since = min((min(k.at, moment(k.body["signed_at"])) for k in every), default=None) if said else None
    lasts = since is not None and now < since + timedelta(hours=terms["sign_off_within_hours"])
    yield from ((name, "waived" if lasts and finding == "missing" else finding) for name, finding in demands)


def sign_offs(policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> Iterator[tuple[str, str]]:
    """Yield, for each role that must sign, whether enough people of it did: one person, one seat; no author."""
    back = set(withdrawn(known))
    against = [k for k in known.get("approval.rejected", []) if k.digest not in back]
    given = [k for k in known.get("approval.signed", []) if k.digest not in back]
    valid = [k for k in sorted(given, key=age) if counts(k, policy, library, known, now)]
    valid = [k for k in valid if not any(same_seat(k, no) and age(k) < age(no) for no in against)]
    standing_ = {no.body["role"] for no in against if not any(same_seat(k, no) and age(k) > age(no) for k in valid)}
    own = {(k.body["approver"], k.body["role"]) for k in valid if not k.body.get("delegation")}
    valid = [k for k in valid if not k.body.get("delegation") or (principal(k, known), k.body["role"]) not in own]
    wanted: dict[str, int] = {}
    for each in policy["sign_offs"]:
        wanted[each["role"]] = wanted.get(each["role"], 0) + each["count"]
    seats = [role for role, count in wanted.items() for _ in range(count)]
    taken = assign(seats, by_party(valid, known))
    for role, count in wanted.items():
        met = sum(seats[seat] == role for seat in taken) >= count
        yield f"sign-off:{role}", "not-met" if role in standing_ else "met" if met else "missing"


def counts(said: Fact, policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether an approval counts: by nobody who made the version, under these rules, on what was seen."""
    body = said.body
    checks = {k.digest: k.body["check"] for k in known.get("evidence.recorded", [])}
    excused = {k.body["control"] for k in known.get("waiver.granted", [])}
    asked = [control_of(library, r["control"]) for r in policy["requirements"] if r["sample_role"] != "window"]
    must_see = {c["check"] for c in asked if c is not None and c["id"] not in excused and not spared(c, known, now)}
    made = makers(policy, known) if policy["separation_of_duties"] else set()
    due = [moment(each["due"]) for each in open_conditions(said, known)]
    return (
        body["approver"] not in made
        and not (body.get("platform") and policy.get("own_keys_only", True))
        and (body["policy"], body["library"]) == (digest(canonical(policy)), digest(canonical(library)))
        and checks.keys() >= set(body["evidence"])
        and must_see <= {checks[each] for each in body["evidence"]}
        and (not body.get("delegation") or in_place(said, known, made))
        and all(now < each for each in due)
    )


def in_place(said: Fact, known: dict[str, list[Fact]], made: set[str]) -> bool:
    """Tell whether somebody signed in a role that was lent to them, for this, while the loan lasted."""
    body = said.body
    lent = {k.digest: k.body for k in known.get("approval.delegated", [])}.get(body["delegation"])
    if lent is None or (lent["delegate"], lent["role"]) != (body["approver"], body["role"]):
        return False
    ends = [end.at for end in known.get("delegation.ended", []) if end.body["delegation"] == body["delegation"]]
    at = moment(body["signed_at"])
    lasts = moment(lent["signed_at"]) <= at <= max(at, said.at) < moment(lent["expires_at"])
    return lent["principal"] not in made and lasts and all(said.at < end for end in ends)


def principal(said: Fact, known: dict[str, list[Fact]]) -> str:
    """Return in whose role somebody signed: their own, or that of whoever lent it."""
    lent = {k.digest: k.body["principal"] for k in known.get("approval.delegated", [])}
    return str(lent.get(said.body.get("delegation", ""), said.body["approver"]))


def withdrawn(known: dict[str, list[Fact]]) -> Iterator[str]:
    """Yield the digests of what was taken back by whoever signed it, or lent the role."""
    for said in known.get("approval.signed", []) + known.get("approval.rejected", []):
        may = {said.body["approver"], principal(said, known)}
        if any(k.body["approval"] == said.digest and k.person in may for k in known.get("approval.withdrawn", [])):
            yield said.digest


def open_conditions(said: Fact, known: dict[str, list[Fact]]) -> list[Any]:
    """Return the conditions of a sign-off that whoever gave it has not called met."""
    about = [k for k in known.get("condition.met", []) if k.body["approval"] == said.digest]
    met = {k.body["number"] for k in about if k.person == said.body["approver"]}
    return [each for number, each in enumerate(said.body.get("conditions", []), 1) if number not in met]


def same_seat(one: Fact, other: Fact) -> bool:
    """Tell whether two statements are by one person in one role."""
    return all(one.body[name] == other.body[name] for name in ("approver", "role"))


def by_party(valid: list[Fact], known: dict[str, list[Fact]]) -> dict[str, set[str]]:
    """Return the roles of each party: who signs in the place of another is one party with them."""
    parties: dict[str, str] = {}

    def find(person: str) -> str:
        while parties.setdefault(person, person) != person:
            person = parties[person]
        return person

    for said in valid:
        parties[find(said.body["approver"])] = find(principal(said, known))
    found: dict[str, set[str]] = {}
    for said in valid:
        found.setdefault(find(said.body["approver"]), set()).add(said.body["role"])
    return found


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
    for question in dossier.questions:
        dossier.check_version(question)
    asked = dossier.questions
    releases = [(seq, e) for seq, e in dossier.of("release.signed") if {n: e["body"][n] for n in asked[0]} in asked]
    decisions = [(seq, e) for seq, e in dossier.of("decision.made") if e["body"]["question"] in asked]
    answered = [{name: e["body"][name] for name in asked[0]} for _, e in releases]
    answered += [entry["body"]["question"] for _, entry in decisions]
    for question in asked:
        need(question in answered, "nothing in the dossier answers its question: neither a decision nor a release")
    for seq, entry in decisions:
        dossier.check_decision(seq, entry["body"])
    packages = sum(name.startswith("releases/") for name in dossier.members)
    need(packages == len(releases), f"the ledger names {len(releases)} releases, the dossier holds {packages}")
    signed = [dossier.check_release(at, seq, entry["body"]) for at, (seq, entry) in enumerate(releases, 1)]
    orders = [dossier.orders(seq) for seq, _ in dossier.of("orders.issued")]
    lines = [*_about(dossier), *_proven(dossier, signed, orders)]
    need(not dossier.continuations, f"consistency.json proves what is not here: {sorted(dossier.continuations)[:1]}")
    for question in asked:
        lines += _answer(dossier, question)
    return [*lines, *_unproven()]


def _about(dossier: Dossier) -> list[str]:
    lines = [f"deployment     {dossier.deployment}"] if dossier.deployment else []
    for asked in dossier.questions:
        lines.append(f"model version  {asked['version']}")
        lines.append(f"question       may it {asked['scope']} {asked['use_case']} in {asked['environment']}?")
    return [*lines, ""]


def _people(dossier: Dossier) -> Iterator[str]:
    """Yield who signed what, with whose key."""
    for seq, entry in dossier.of("approval.signed"):
        try:
            said = dossier.approval(seq)
        except ValueError as error:
            said = read(b64(read(entry["body"]["envelope"].encode())["payload"]))["predicate"]
            by = dossier.signer(seq)
            key = "a key of the house" if by == "the house" else "a key of their own"
            yield f"- {said['approver']} ({said['role']}) signed, with {key}; by itself it does not count: {error}."
            continue
        yield f"- {said['approver']} ({said['role']}) signed, {_pen(said)}, on {said['signed_at'][:10]}."
    for seq, _ in dossier.of("approval.rejected"):
        said = dossier.rejection(seq)
        yield f"- {said['approver']} ({said['role']}) REJECTED it, {_pen(said)}, on {said['signed_at'][:10]}."
    for seq, _ in dossier.of("emergency.signed"):
        said = dossier.emergency(seq)
        why = f"before its sign-offs, with a key of their own: {said['reason']}"
        yield f"- {said['approver']} ({said['role']}) let it out in an EMERGENCY, {why}"
    for seq, _ in dossier.of("policy.signed"):
        said = dossier.policy_approval(seq)
        yield f"- {said['approver']} ({said['role']}) signed policy {said['name']}, with a key of their own."


def _pen(said: Any) -> str:
    """Say whose key signed, and whether the role was lent."""
    lent = " in a role that was lent to them" if said.get("delegation") else ""
    return ("by the platform in their name" if said.get("platform") else "with a key of their own") + lent


def _proven(dossier: Dossier, signed: list[Any], orders: list[Any]) -> list[str]:
    root, versions = dossier.roots[-1], {asked["version"] for asked in dossier.questions}
    sealed, erased = dossier.comments()
    bundles = dossier.attestations(len(signed))
    seen, witnesses = dossier.witnesses()
    own = [d for order in orders for d in order["deployments"] if d["version"] in versions]
    deployed = sorted({d["name"] for d in own})
    need(not dossier.deployment or dossier.deployment in deployed, "no orders deploy anything under that name")
    decided = len([1 for _, e in dossier.of("decision.made") if e["body"]["rules"] == RULES])
    lines = [
        "PROVEN",
        f"- Trust root version {root['version']} of ledger {root['origin']} follows from the fingerprint you gave.",
        f"- {len(dossier.raw)} entries are in the signed ledger of {dossier.size} entries, unchanged, in their place.",
    ]
    if witnesses:
        lines.append(f"- Its first {seen} entries were seen by: {', '.join(witnesses)}. They cosigned it.")
    lines.append("- The version is named by the digest of its manifest: its files, inputs and threshold.")
    lines += _people(dossier)
    if sealed or erased:
        lines.append(f"- What people said: {sealed} sealed here, unchanged; {erased} erased.")
    lines += [
        f"- A release was signed on {r['issued_at'][:10]}, good until {r['expires_at'][:10]}; it rests on exactly "
        f"{len(r['evidence'])} of these entries. Decided again from these alone, everything that its policy asks is "
        f"met or waived, and {dossier.signed_by(r)}."
        for r in signed
    ]
    if decided:
        lines.append(f"- Decided again from the entries before: {decided} recorded decisions come out as recorded.")
    if signed or orders:
        lines.append("- The ledger only grew since each release and each order: none of what they saw was rewritten.")
    if bundles:
        lines.append(f"- Attestations: {bundles} Sigstore bundles, each made of what is proven.")
    if orders:
        lines.append(f"- Orders to gateways: {len(orders)}, each signed; deployed as: {', '.join(deployed) or 'none'}.")
    return [*lines, "- No member was changed, added, left out or moved since the dossier was written.", ""]


def _answer(dossier: Dossier, question: Any) -> list[str]:
    """Say what the proven entries answer."""
    releases = dossier.of("release.signed", **question)
    packages = {entry["body"]["package"] for _, entry in releases}
    revoked = [e["body"] for _, e in dossier.of("release.revoked") if e["body"]["package"] in packages]
    many = f" OF {question['version'][7:19]}" if len(dossier.questions) > 1 else ""
    lines = [
        f"WHAT THE LEDGER SAYS{many}",
        *(f"- release: {len(releases)} signed, {len(revoked)} revoked" for _ in releases[:1]),
    ]
    lines += [f"- REVOKED: {body['reason']}" for body in revoked]
    for seq, entry in dossier.of("decision.made", question=question)[-1:]:
        lines += [f"- the gate said {entry['body']['verdict'].upper()} on {entry['at'][:10]} (entry {seq})"]
        if entry["body"]["rules"] != RULES:
            lines += [f"    by rules {entry['body']['rules']}, which this verifier does not know: NOT decided again"]
        told = sorted(entry["body"]["reasons"], key=lambda reason: reason["finding"] in SETTLED)  # what is open first
        lines += [f"    {r['finding']:>20}  {r['demand']}: {r['explanation']}" for r in told]
    return [*lines, ""]


def _unproven() -> list[str]:
    return [
        "NOT PROVEN",
        "- That the figures are right: they were signed for, not measured again. The data is named by digest.",
        "- That nothing else about the version is in the ledger: ask for all of it, and for its newest checkpoint.",
        "- That its pages and papers (.html, .pdf) say the same: unsigned, for reading. What counts are the entries.",
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
