"""The archive: members in a zip that has one form only, so that its verifier can build it again and compare bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.decision import Question

FORMAT = "muster-dossier-v3"
MANIFEST = "manifest.json"


def pack(questions: Sequence[Question], members: Mapping[str, bytes], deployment: str = "") -> bytes:
    """Return the zip of these members behind a manifest that names each by digest and size.

    Members are stored, not compressed, in the order of their names, without times or rights of their own: the same
    members are the same bytes, and no small file unpacks to a large one.
    """
    lines = [{"name": name, "digest": digest(members[name]), "size": len(members[name])} for name in sorted(members)]
    asked = {"deployment": deployment, "questions": [encode(question) for question in questions]}
    manifest = canonical({"format": FORMAT, **asked, "members": lines})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in ((MANIFEST, manifest), *((name, members[name]) for name in sorted(members))):
            info = zipfile.ZipInfo(name)  # of 1980-01-01, stored
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()
