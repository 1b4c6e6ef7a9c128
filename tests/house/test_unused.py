"""Nothing stands in the source that only tests call.

What vulture is sure of is in `./run check unused`; this asks for what it thinks probable of functions, methods and
classes, where it is right once it knows what is called by declaration.
"""

from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[2]
DECLARED = ["@action*", "@view*", "@local*", "@check*", "@kind*", "@renders*", "@field_validator*", "@model_validator*"]
CALLED_BY_OTHERS = {
    "__call__": "whoever is handed a rescorer calls it by its own name",
    "assert_lawful": "authors of checks, in the tests of their packages",
    "handle_starttag": "the parser of HTML in the standard library",
    "handle_endtag": "as handle_starttag",
    "handle_data": "as handle_starttag",
    "_instantiate": "the unpickler of the standard library, where a file makes an object",
    "find_class": "as _instantiate, where a file names something",
    "setup": "LitServe, of what it serves in a benchmark",
    "decode_request": "as setup",
    "encode_response": "as setup",
    "capture_signals": "uvicorn, before it serves",
    "process_renderables": "rich asks every hook of a console",
}
"""Name of what somebody else calls, and who."""


def test_nothing_is_kept_that_nobody_calls() -> None:
    finder = Vulture(ignore_decorators=DECLARED)
    finder.scavenge([ROOT / "src", ROOT / "benchmarks", ROOT / "docs", ROOT / "scripts"])
    unused = {
        item.name: f"{item.filename.relative_to(ROOT)}:{item.first_lineno} {item.name}"
        for item in finder.get_unused_code(min_confidence=60)
        if item.typ in {"function", "method", "class", "property"}
    }
    assert sorted(place for name, place in unused.items() if name not in CALLED_BY_OTHERS) == []
    assert set(CALLED_BY_OTHERS) <= set(unused), "somebody in the house calls it now: take it off the list"
