"""Dossiers packed anew, as a forger would."""

from __future__ import annotations

import io
import json
import zipfile

from muster.lifecycle.dossier.archive import pack
from muster.records.codec import decode
from muster.records.decision import Question
from muster.verifier.verify import verify as verify_dossier


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    """Pack members anew behind a manifest that agrees with them, as a forger would."""
    manifest = json.loads(members["manifest.json"])
    questions = [decode(Question, question) for question in manifest["questions"]]
    rest = {name: content for name, content in members.items() if name != "manifest.json"}
    return pack(questions, rest, manifest["deployment"])


def zipped(members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, compression
            archive.writestr(info, content)
    return out.getvalue()


def problem(content: bytes, root: str) -> str:
    """Return why a dossier is not verified; empty if it is."""
    try:
        assert verify_dossier(content, root)
    except Exception as error:  # noqa: BLE001 - as the verifier itself does
        return f"{type(error).__name__}: {error}"
    return ""
