"""A server of the Model Context Protocol: coding assistants ask whether packages are real, before they install them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from muster.columns.packages.verdict import Judgement
from muster.records.codec import encode
from muster.records.language.packages import Action, Ecosystem
from muster.settings import Settings
from muster.wiring.packages.checking import open_checker

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

INSTRUCTIONS = (
    "Before you install a package or write code that imports one, ask check_package or check_code. A package whose "
    "action is block or redact must not be installed or used; take the suggestion, if there is one. An unknown package "
    "was not found in a list that does not have every name: ask the person. Nothing is sent over the network."
)
LARGEST = 1_000_000
"""Characters of code that are judged at once."""


def serve(settings: Settings) -> int:
    """Answer on standard input and output until they are closed; raise ImportError without the extra ``mcp``."""
    build(settings).run("stdio")
    return 0


def build(settings: Settings) -> MCPServer[Any]:
    """Return the server; raise RuntimeError without the extra."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.types import ToolAnnotations
    except ImportError:
        msg = "this needs the Model Context Protocol: install muster-ml with its extra 'mcp'"
        raise RuntimeError(msg) from None
    server: MCPServer[Any] = MCPServer("muster", instructions=INSTRUCTIONS, log_level="WARNING")
    harmless = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    tools = Tools(settings)
    for tool in (tools.check_package, tools.check_code):
        server.add_tool(tool, annotations=harmless)
    return server


class Tools:
    """What assistants may ask; lists are opened for each question, so that a newer one counts at once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check_package(
        self,
        name: Annotated[str, Field(max_length=500, description="As it would be installed, such as requests.")],
        ecosystem: Annotated[Ecosystem, Field(description="pypi for pip, npm, or conda.")] = Ecosystem.PYPI,
    ) -> dict[str, Any]:
        """Say whether a package exists, and whether the rules let it be installed.

        The answer has verdict, action (allow, annotate, redact or block), suggestion, what is known of it, and the list
        of names that it rests on.
        """
        found: dict[str, Any] = encode(open_checker(self._settings).describe(ecosystem, name))
        return found

    def check_code(
        self,
        code: Annotated[str, Field(max_length=LARGEST, description="Code, a manifest, commands, or Markdown.")],
        path: Annotated[str, Field(max_length=500, description="Name of the file it is; empty for Markdown.")] = "",
        own: Annotated[list[str] | None, Field(max_length=10_000, description="Modules of the project itself.")] = None,
    ) -> dict[str, Any]:
        """Judge every package that code, a manifest or an answer names.

        The answer says whether all is allowed, and for each package its line, verdict, action and suggestion.
        """
        checked = open_checker(self._settings).check(code, path, own or ())
        fine = not checked.problem and all(judgement.action is Action.ALLOW for judgement in checked.judgements)
        return {"fine": fine, "problem": checked.problem, "packages": [_told(each) for each in checked.judgements]}


def _told(judgement: Judgement) -> dict[str, Any]:
    return {
        "name": judgement.reference.name,
        "line": judgement.reference.line,
        "ecosystem": judgement.reference.ecosystem.value,
        "verdict": judgement.verdict.value,
        "action": judgement.action.value,
        "suggestion": judgement.suggestion,
        "explanation": judgement.explanation,
        "list_digest": judgement.digest,
    }
