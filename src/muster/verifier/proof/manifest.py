"""The manifest: what a dossier answers, and every member of it by digest."""

from __future__ import annotations

from muster.verifier.proof.canonical import digest, need, parse

FORMAT = "muster-dossier-v3"


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
