"""Providers are asked with the right key, at the right place, as often as makes sense."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from muster.adapters import upstream
from muster.adapters.upstream import HttpUpstream, keys_of, require_address
from muster.ports.upstream import ProviderDown

URL = "http://127.0.0.1:9/v1/chat/completions"
Answers = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "PAUSES", (0.0,))


def asked(answers: Answers, url: str = URL) -> bytes:
    async def all_of() -> bytes:
        provider = HttpUpstream(lambda _: "secret", httpx2.MockTransport(answers))
        try:
            return b"".join([part async for part in provider.stream("local", url, {"a": 1})])
        finally:
            await provider.close()

    return asyncio.run(all_of())


def test_what_the_provider_says_comes_back_and_the_key_goes_along() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=b"data: x\n\n")

    assert asked(answer) == b"data: x\n\n"
    assert seen[0].headers["authorization"] == "Bearer secret"
    assert seen[0].content == b'{"a":1}'


@pytest.mark.parametrize(("status", "tries"), [(429, 3), (500, 3), (503, 3), (400, 1), (401, 1), (302, 1)])
def test_only_what_may_get_better_is_tried_again(status: int, tries: int) -> None:
    count = 0

    def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal count
        count += 1
        return httpx2.Response(status, content=b"your prompt was ...", headers={"location": "http://elsewhere"})

    with pytest.raises(ProviderDown, match=f"status {status}") as down:
        asked(answer)
    assert (count, down.value.status) == (tries, status)
    assert "prompt" not in str(down.value)


def test_it_waits_as_long_as_the_provider_says_but_not_for_ever() -> None:
    count = 0

    def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal count
        count += 1
        return httpx2.Response(429, headers={"retry-after": "3600"})

    with pytest.raises(ProviderDown):
        asked(answer)
    assert count == 1


def test_the_second_try_may_succeed() -> None:
    answers = [httpx2.Response(503), httpx2.Response(200, content=b"y")]
    assert asked(lambda _: answers.pop(0)) == b"y"


def test_a_provider_that_cannot_be_reached_is_down() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        msg = "no route"
        raise httpx2.ConnectError(msg, request=request)

    with pytest.raises(ProviderDown, match="cannot be reached") as down:
        asked(answer)
    assert down.value.status == 0


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "LARGEST_ANSWER", 5)
    with pytest.raises(ProviderDown, match="more than 5 bytes"):
        asked(lambda _: httpx2.Response(200, content=b"123456"))


@pytest.mark.parametrize("url", ["http://models.example/v1", "ftp://127.0.0.1", "https://", "x", "file:///etc/passwd"])
def test_prompts_go_nowhere_unprotected(url: str) -> None:
    with pytest.raises(PermissionError, match="by https"):
        require_address(url)
    with pytest.raises(PermissionError):
        asked(lambda _: httpx2.Response(200), url)


@pytest.mark.parametrize("url", ["https://models.example/v1", "http://127.0.0.1:8000", "http://[::1]/v1"])
def test_https_and_this_machine_are_asked(url: str) -> None:
    require_address(url)


def test_keys_come_from_the_environment_or_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "local").write_text("from file\n")
    (tmp_path / "local").chmod(0o600)
    key_of = keys_of(tmp_path, {"PROVIDER_KEY_BIG_ONE": "from environment"})
    assert key_of("local") == "from file"
    assert key_of("big-one") == "from environment"
    assert key_of("other") == ""
    assert keys_of(None, {})("local") == ""


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "local").write_text("x")
    (tmp_path / "local").chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        keys_of(tmp_path, {})("local")


@pytest.mark.parametrize("name", ["", "../x", "A", "a b"])
def test_a_provider_has_a_plain_name(name: str) -> None:
    def ask(find: Any) -> None:
        find(name)

    with pytest.raises(ValueError, match="cannot name a provider"):
        ask(keys_of(None, {}))
