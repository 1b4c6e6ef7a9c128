"""The zip file: its members, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile

from muster.verifier.proof.canonical import need

LARGEST = 2**29
PLAIN = (
    r"(manifest|proofs|consistency)\.json|(checkpoint|witnessed)\.txt|dossier\.html|verify\.py|sealed/[0-9a-f]{64}|keys/[0-9a-f]{12}\.pem"
    r"|versions/\d{1,4}\.html|papers/(\d{1,4}/)?[a-z-]{1,32}\.(html|pdf)|(entries/\d{8}|(releases|roots)/\d{1,4})\.json"
    r"|attestations/(release-\d{1,4}|\d{8}-[a-z-]{1,32}\.[a-z-]{1,32})\.sigstore\.json"
)


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
