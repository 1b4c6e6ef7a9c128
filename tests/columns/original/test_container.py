"""A container binds model, manifest and plan by one digest; nothing that it does not name is taken out of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from muster.columns.original.container import GRAPH, MAGIC, contain, opened, opened_graph
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.data import Column, ColumnType
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Reading, Recipe

FILES = {"model.pkl": b"a model"}
MANIFEST = Manifest(
    Recipe("neighbours", ("debt",), "default", 1, {}),
    DecisionRule(0.3, Favourable.BELOW),
    (Column("debt", ColumnType.NUMBER, nullable=True),),
    {"model.pkl": digest(b"a model")},
    ModelFormat.PICKLE,
    Reading(1),
)


def _with(name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(contain(MANIFEST, FILES))) as archive:
        members = {member.filename: archive.read(member) for member in archive.infolist()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for kept, held in sorted({**members, name: content}.items()):
            archive.writestr(zipfile.ZipInfo(kept), held)
    return written.getvalue()


def test_the_same_parts_give_the_same_bytes_and_come_back() -> None:
    raw = contain(MANIFEST, FILES)
    assert raw == contain(MANIFEST, FILES)
    assert raw.startswith(MAGIC)
    held = opened(raw)
    assert (held.manifest, dict(held.files)) == (MANIFEST, FILES)
    assert held.plan.version == digest(canonical(encode(MANIFEST)))
    assert held.plan.columns == MANIFEST.inputs


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"PK\x03\x04", "no readable container"),
        (_with("files/other.pkl", b""), "other files than its manifest names"),
        (_with("files/model.pkl", b"another"), "other files than its manifest names"),
        (_with("plan.json", b"{}"), "not a plan"),
        (_with("within.json", b"1"), "not what muster writes"),
        (contain(MANIFEST, FILES) + b"more", "not what muster writes|no readable container"),
    ],
)
def test_what_is_not_bound_is_refused(raw: bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        opened(raw)


def _folder(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name, held)
    return written.getvalue()


def test_a_graph_is_taken_out_of_the_very_folder_that_the_manifest_names() -> None:
    folder = _folder(graph=b"g" * 100, MLmodel=b"")
    manifest = replace(MANIFEST, files={"model.zip": digest(folder)}, format=ModelFormat.PYFUNC)
    held = opened_graph(GRAPH + contain(manifest, {"model.zip": folder}, "graph"))
    assert held.graph(100) == b"g" * 100
    with pytest.raises(ValueError, match="more than 99 bytes"):
        held.graph(99)
    for within in ("other", "MLmodel/../graph"):
        with pytest.raises(ValueError, match="no graph can be taken"):
            opened(contain(manifest, {"model.zip": folder}, within)).graph(100)
    with pytest.raises(ValueError, match="no graph can be taken"):
        opened(contain(MANIFEST, FILES, "graph")).graph(100)
    assert opened(contain(MANIFEST, FILES)).graph(100) == b"a model"
    two = opened(contain(replace(MANIFEST, files={**MANIFEST.files, "b": digest(b"")}), {**FILES, "b": b""}))
    with pytest.raises(ValueError, match="holds 2 files"):
        two.graph(100)
