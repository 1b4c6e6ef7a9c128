"""What readers of JUnit reports demand.

There is no standard. The strictest reader is the xUnit plug-in of Jenkins: it refuses a report that does not fit its
schema ``junit-10.xsd``, which knows no other elements and attributes than these.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_COUNTS = frozenset({"tests", "failures", "errors"})
_SUITE = frozenset({"name", *_COUNTS})
_TOLD = frozenset({"type", "message"})

_ELEMENTS: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {
    "testsuites": (frozenset(), frozenset({"name", "time", *_COUNTS}), frozenset({"testsuite"})),
    "testsuite": (
        _SUITE,
        _SUITE | {"time", "skipped", "timestamp", "hostname", "id", "package", "file"},
        frozenset({"properties", "testcase", "system-out", "system-err"}),
    ),
    "properties": (frozenset(), frozenset(), frozenset({"property"})),
    "property": (frozenset({"name", "value"}), frozenset({"name", "value"}), frozenset()),
    "testcase": (
        frozenset({"name"}),
        frozenset({"name", "classname", "time"}),
        frozenset({"skipped", "error", "failure", "system-out", "system-err"}),
    ),
    "skipped": (frozenset(), _TOLD, frozenset()),
    "failure": (frozenset(), _TOLD, frozenset()),
    "error": (frozenset(), _TOLD, frozenset()),
    "system-out": (frozenset(), frozenset(), frozenset()),
    "system-err": (frozenset(), frozenset(), frozenset()),
}
"""Of each element: the attributes that it must have, those that it may have, and what may stand in it."""

_TIME = re.compile(r"\d{0,3}(\.\d*)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
"""ISO 8601 without a zone, as Ant writes it."""


def require_junit(report: bytes) -> ET.Element:
    """Assert that a report keeps the rules, and return it."""
    root = ET.fromstring(report)  # noqa: S314 - our own
    assert root.tag in {"testsuites", "testsuite"}
    _require(root)
    return root


def _require(element: ET.Element) -> None:
    required, allowed, inside = _ELEMENTS[element.tag]
    assert required <= set(element.attrib), f"{element.tag} lacks {required - set(element.attrib)}"
    assert set(element.attrib) <= allowed, f"{element.tag} may not have {set(element.attrib) - allowed}"
    if "time" in element.attrib:
        assert _TIME.fullmatch(element.attrib["time"])
    if "timestamp" in element.attrib:
        assert _MOMENT.fullmatch(element.attrib["timestamp"])
    for child in element:
        assert child.tag in inside, f"{child.tag} may not stand in {element.tag}"
        _require(child)
