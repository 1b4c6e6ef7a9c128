"""Files that people write, read as the values that actions take: strict YAML (or JSON), errors with line and field."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from muster.lifecycle.desk.typed import plain
from muster.records.codec import encode
from muster.records.data import DataContract
from muster.records.governance.reviews import Questionnaire
from muster.records.policy import Library, Policy, ReasonMap


def read_value(hint: Any, text: str, name: str) -> Any:
    """Read the text of a file for a parameter of this type.

    Parameters
    ----------
    hint
        A record, or a mapping or list of such.
    text
        YAML; JSON is read too.
    name
        File name, for errors.

    Returns
    -------
    Any
        JSON values.

    Raises
    ------
    ValueError
        With file, line, field and what to write instead.
    """
    wanted = plain(hint)
    if wanted in (Policy, Library):
        from muster.adapters.yamlfiles.policies import read_library, read_policy

        return encode(read_policy(text, name, find=beside(name)) if wanted is Policy else read_library(text, name))
    if wanted is DataContract:
        from muster.adapters.yamlfiles.contracts import read_contract

        return encode(read_contract(text, name))
    if wanted is Questionnaire:
        from muster.adapters.yamlfiles.questionnaires import read_questionnaire

        return encode(read_questionnaire(text, name))
    if wanted is ReasonMap:
        from muster.adapters.yamlfiles.reasons import read_reason_map

        return encode(read_reason_map(text, name))
    from muster.adapters.yamlfiles.document import read_document

    root = getattr(wanted, "__name__", "document")
    document = read_document(text, name, root)
    if dataclasses.is_dataclass(wanted):
        return encode(document.decode(cast("type[Any]", wanted)))
    return document.value


def beside(name: str) -> Callable[[str], tuple[str, str]]:
    """Return what finds the policies that a file extends: those beside it, and those that ship with muster.

    Only plain names are looked for, such as ``consumer-credit`` or ``consumer-credit.yaml``: a policy reads no file
    elsewhere.
    """

    def find(other: str) -> tuple[str, str]:
        file = other if other.endswith((".yaml", ".yml")) else f"{other}.yaml"
        if Path(file).name != file:
            msg = f"{other!r} is no plain name: policies that are extended lie beside {name}, or ship with muster"
            raise LookupError(msg)
        near = Path(name).parent / file
        if near.is_file():
            return near.read_text(encoding="utf-8"), str(near)
        return _shipped(file, other, name)

    return find


def _shipped(file: str, other: str, name: str) -> tuple[str, str]:
    from muster.adapters.assets import asset, assets

    if file in assets("policies"):
        return asset(f"policies/{file}").decode(), f"{file} as shipped"
    known = ", ".join(each.removesuffix(".yaml") for each in assets("policies"))
    msg = f"there is no policy file {file} beside {name}, and muster ships {known} only: {other!r} is not found"
    raise LookupError(msg)
