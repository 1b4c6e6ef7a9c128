"""Store: models as skops files, loaded only where every type in them is on our own list.

skops brings a broad list of its own, and files may carry one too; neither counts here. What a file names is compared,
type by type and loader by loader, with ``muster.adapters.sklearn.trusted`` before anything is built from it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Iterator
from typing import Any

import skops.io

from muster.adapters.sklearn.trusted import FOREIGN_LOADERS, FOREIGN_TYPES, LOADERS, TYPES

_SCHEMA = "schema.json"
_LARGEST = 2**30


def dump(model: Any) -> bytes:
    """Write a model; the same model gives the same bytes, so that a training run can be repeated and compared.

    skops numbers objects by their address in memory and stamps members with the time; both are made plain here.
    """
    written = zipfile.ZipFile(io.BytesIO(skops.io.dumps(model)))
    schema = json.loads(written.read(_SCHEMA))
    numbers: dict[int, int] = {}
    files: dict[str, str] = {}
    for node in _nodes(schema):
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
        if isinstance(node.get("file"), str):
            suffix = node["file"].rpartition(".")[2]
            node["file"] = files.setdefault(node["file"], f"{len(files) + 1}.{suffix}")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for old, new in files.items():
            archive.writestr(zipfile.ZipInfo(new), written.read(old))
        archive.writestr(zipfile.ZipInfo(_SCHEMA), json.dumps(schema, sort_keys=True, separators=(",", ":")))
    raw = content.getvalue()
    _audit(raw)
    return raw


def load(raw: bytes, foreign: Collection[str] = ()) -> Any:
    """Build the model that the bytes hold.

    Parameters
    ----------
    foreign
        Types, as ``module.name``, that a model may hold beside ours because it was made elsewhere.

    Raises
    ------
    ValueError
        Where the bytes are not a skops file, or name a type or loader that is not on our list; it is named.
    """
    known = TYPES.union(foreign, FOREIGN_TYPES if foreign else ())
    _audit(raw, known, LOADERS | FOREIGN_LOADERS if foreign else LOADERS)
    untrusted = set(skops.io.get_untrusted_types(data=raw))
    if strange := sorted(untrusted - known):
        msg = f"model file refused: it holds {', '.join(strange)}, which muster does not trust"
        raise ValueError(msg)
    try:
        return skops.io.loads(raw, trusted=sorted(untrusted))
    except Exception as error:  # noqa: BLE001 - a damaged file can fail in any way on its way through skops and numpy
        msg = f"model file is damaged: {type(error).__name__}: {error}. Restore it from the registry or train again"
        raise ValueError(msg) from None


def _audit(raw: bytes, types: Collection[str] = TYPES, loaders: Collection[str] = LOADERS) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        if sum(member.file_size for member in archive.infolist()) > _LARGEST:
            msg = f"model file refused: it unpacks to more than {_LARGEST} bytes"
            raise ValueError(msg)
        schema = json.loads(archive.read(_SCHEMA))
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, UnicodeDecodeError) as error:
        msg = f"not a skops model file ({error}): a file of another format is declared as that format"
        raise ValueError(msg) from None
    for node in _nodes(schema):
        if not {"__loader__", "__class__", "__module__"} & node.keys():
            continue
        name, loader = f"{node.get('__module__')}.{node.get('__class__')}", node.get("__loader__")
        if name not in types or loader not in loaders:
            msg = f"model file refused: it holds {name} (read by {loader}), which muster does not trust"
            raise ValueError(msg)


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON object, parents first, without recursion: a hostile file may be nested deeply."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
        if isinstance(item, (dict, list)):
            waiting.extend(reversed(item.values() if isinstance(item, dict) else item))
