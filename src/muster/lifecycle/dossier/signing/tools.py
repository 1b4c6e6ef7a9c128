"""Tools: the files of a dossier that other programs read, and how they are verified with those."""

from __future__ import annotations

import base64
import json

from muster.lifecycle.dossier.signing.statements import MODEL, PROVENANCE, SUMMARY, TEST_RESULT
from muster.lifecycle.dossier.story import Story
from muster.lifecycle.page.markup import Html, table, tag, text
from muster.rules.admission import RELEASE
from muster.rules.gate.facts import APPROVAL

WORDS = {
    RELEASE: "the release: that this version may serve, until when, on which evidence",
    APPROVAL: "a sign-off by a person",
    TEST_RESULT: "which demands were met by what was measured (in-toto test result)",
    SUMMARY: "what the gate said (SLSA verification summary)",
    PROVENANCE: "how the model was trained, on what (SLSA provenance)",
    MODEL: "the model's files (OpenSSF Model Signing)",
}


def tools(story: Story) -> Html:
    """Return which attestations there are, and what to verify them with."""
    found = story.collected.attestations
    if not found:
        return text()
    rows = [(tag("code", f"attestations/{name}"), said(raw)) for name, raw in sorted(found.items())]
    keys = ", ".join(f"keys/{key.id[:12]}.pem" for key in story.collected.keys)
    signed = [name for name in found if "model.signed" in name]
    parts = [
        tag("h2", "For other tools"),
        tag("p", "Each is a Sigstore bundle (v0.3) around an in-toto statement, signed with ECDSA on P-256. "
        f"What the house signed is verified with {keys}; whose key a person's is, the trust root says."),
        table(("File", "What it says"), rows, f"Attestations: {len(rows)}"),
    ]  # fmt: skip
    if signed:
        parts += [
            tag("p", "With the model's files in a folder of their own, the tool of OpenSSF verifies them:"),
            tag("pre", verify_model(signed[-1], found[signed[-1]])),
        ]
    return tag("section", *parts, id="tools")


def verify_model(name: str, bundle: bytes) -> str:
    """Return the command that verifies a model's files, in the folder where the dossier was unpacked."""
    signer = json.loads(bundle)["dsseEnvelope"]["signatures"][0]["keyid"]
    signature = f"--signature attestations/{name}"
    return f"model_signing verify key {signature} --public_key keys/{signer[:12]}.pem FOLDER"


def said(bundle: bytes) -> str:
    """Say what a bundle is about; a predicate that is not known here is named by its type."""
    content = json.loads(base64.b64decode(json.loads(bundle)["dsseEnvelope"]["payload"]))
    kind = str(content.get("predicateType", "something else"))
    return WORDS.get(kind, kind)
