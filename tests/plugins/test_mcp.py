from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from muster.plugins.mcp import build
from muster.settings import read_settings

Asked = Callable[[Client], Awaitable[Any]]


def _ask(tmp_path: Path, asked: Asked) -> Any:
    """Ask the server in this process, by the real client."""

    async def talk() -> Any:
        async with Client(build(read_settings({"packages": tmp_path}, {}))) as client:
            return await asked(client)

    return asyncio.run(talk())


def _said(result: Any) -> dict[str, Any]:
    assert not result.is_error, result
    found = result.structured_content
    assert isinstance(found, dict)
    return found.get("result", found)


def test_a_package_is_judged_before_it_is_installed(tmp_path: Path) -> None:
    def of(name: str, **more: str) -> dict[str, Any]:
        return _said(_ask(tmp_path, lambda client: client.call_tool("check_package", {"name": name, **more})))

    assert of("numpy")["verdict"] == "fine"
    assert (of("cv2")["action"], of("cv2")["suggestion"]) == ("redact", "opencv-python")
    assert of("left-pad", ecosystem="npm")["verdict"] == "unknown"


def test_code_is_judged_line_by_line(tmp_path: Path) -> None:
    def of(code: str, path: str = "x.py", **more: list[str]) -> dict[str, Any]:
        asked = {"code": code, "path": path, **more}
        return _said(_ask(tmp_path, lambda client: client.call_tool("check_code", asked)))

    assert of("import numpy\nimport json\n")["fine"] is True
    found = of("import numpy\nimport surely_absent\n")
    assert found["fine"] is False
    assert [(each["line"], each["name"], each["verdict"]) for each in found["packages"]] == [
        (1, "numpy", "fine"),
        (2, "surely_absent", "unknown"),
    ]
    assert of("import surely_absent\n", own=["surely_absent"])["fine"] is True
    assert of("Run `pip install json` first.", "")["packages"][0]["verdict"] == "standard-library"


def test_what_it_cannot_take_is_an_error_and_not_an_end(tmp_path: Path) -> None:
    async def asked(client: Client) -> Any:
        wrong = await client.call_tool("check_package", {"name": "x", "ecosystem": "cargo"})
        missing = await client.call_tool("check_code", {})
        right = await client.call_tool("check_package", {"name": "numpy"})
        return wrong, missing, right

    wrong, missing, right = _ask(tmp_path, asked)
    assert wrong.is_error
    assert missing.is_error
    assert _said(right)["verdict"] == "fine"


@pytest.mark.timeout(60)
def test_an_assistant_starts_it_and_talks_over_standard_input_and_output(tmp_path: Path) -> None:
    async def talk() -> tuple[list[Any], Any]:
        started = StdioServerParameters(
            command=sys.executable,
            args=["-m", "muster.cli.main", "packages", "mcp"],
            env={"MUSTER_PACKAGES": str(tmp_path)},
        )
        async with Client(stdio_client(started)) as client:
            tools = (await client.list_tools()).tools
            return tools, await client.call_tool("check_package", {"name": "json"})

    tools, found = asyncio.run(talk())
    assert {tool.name for tool in tools} == {"check_package", "check_code"}
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert _said(found)["verdict"] == "standard-library"
