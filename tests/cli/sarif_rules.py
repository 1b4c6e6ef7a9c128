"""What SARIF 2.1.0 (OASIS Standard incorporating approved errata, 28 August 2023) demands of what is written here.

The schema of the standard allows no property that it does not name; so does this, of the objects that muster writes.
Beside it stand the rules of its prose that no schema can say, each with its section.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TEXT, _WHOLE, _YES = str, int, bool
_LEVEL = ("none", "note", "warning", "error")

_OBJECTS: Mapping[str, Mapping[str, Any]] = {
    "log": {"$schema": _TEXT, "version!": ("2.1.0",), "runs!": ["run"]},
    "run": {
        "tool!": "tool",
        "automationDetails": "automation",
        "columnKind": ("utf16CodeUnits", "unicodeCodePoints"),
        "invocations": ["invocation"],
        "results": ["result"],
        "properties": dict,
    },
    "tool": {"driver!": "component"},
    "component": {"name!": _TEXT, "version": _TEXT, "rules": ["descriptor"]},
    "descriptor": {"id!": _TEXT, "shortDescription": "message"},
    "automation": {"id": _TEXT},
    "invocation": {"executionSuccessful!": _YES, "toolExecutionNotifications": ["notification"]},
    "notification": {"level": _LEVEL, "message!": "message"},
    "message": {"text!": _TEXT},
    "result": {
        "ruleId": _TEXT,
        "ruleIndex": _WHOLE,
        "level": _LEVEL,
        "message!": "message",
        "locations": ["location"],
        "partialFingerprints": {str: _TEXT},
        "suppressions": ["suppression"],
        "properties": dict,
    },
    "location": {"physicalLocation": "physical", "logicalLocations": ["logical"]},
    "physical": {"artifactLocation!": "artifact", "region": "region"},
    "artifact": {"uri": _TEXT},
    "region": {"startLine": _WHOLE, "startColumn": _WHOLE, "endColumn": _WHOLE},
    "logical": {"name": _TEXT, "fullyQualifiedName": _TEXT},
    "suppression": {
        "kind!": ("inSource", "external"),
        "status": ("accepted", "underReview", "rejected"),
        "justification": _TEXT,
    },
}
"""Properties of each object that is written; ``!``: the schema requires it."""

_URI = re.compile(r"(file:///)?[A-Za-z0-9._~%!$&'()*+,;=@/-]*")
"""URI references (RFC 3986) as files of this machine or of a repository have them."""


def require_sarif(log: Any) -> None:
    """Assert that a log keeps the standard."""
    _require("log", log, "log")
    for run in log["runs"]:
        results, rules = run["results"], run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules), "3.19.23: rules are unique"
        suppressed = {"suppressions" in result for result in results}
        assert len(suppressed) < 2, "3.27.23: all results of a run have suppressions, or none"
        for result in results:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"], "3.27.5, 3.27.6: both name one rule"
            assert result["message"]["text"], "3.11.8: a message says something"
            for location in result["locations"]:
                _require_place(location["physicalLocation"])


def _require_place(place: Any) -> None:
    assert _URI.fullmatch(place["artifactLocation"]["uri"]), "3.4.3: a URI reference"
    region = place["region"]
    assert min(region.values()) >= 1, "3.30.5, 3.30.6: lines and columns count from 1"
    assert region.get("endColumn", 1) >= region.get("startColumn", 1), "3.30.8: on one line the end is not before"


def _require(kind: Any, value: Any, path: str) -> None:
    if isinstance(kind, list):
        assert isinstance(value, list), path
        for place, each in enumerate(value):
            _require(kind[0], each, f"{path}[{place}]")
    elif isinstance(kind, tuple):
        assert value in kind, f"{path}: {value!r} is none of {kind}"
    elif isinstance(kind, str):
        _require_object(_OBJECTS[kind], value, path)
    elif isinstance(kind, dict):
        for name, each in value.items():
            _require(kind[str], each, f"{path}.{name}")
    else:
        assert type(value) is kind, f"{path}: {value!r} is no {kind.__name__}"


def _require_object(shape: Mapping[str, Any], value: Any, path: str) -> None:
    known = {name.removesuffix("!"): kind for name, kind in shape.items()}
    missing = {name.removesuffix("!") for name in shape if name.endswith("!")} - set(value)
    assert not missing, f"{path} lacks {missing}"
    assert not set(value) - set(known), f"{path}: {set(value) - set(known)} is not known to the standard, or not here"
    for name, each in value.items():
        _require(known[name], each, f"{path}.{name}")
