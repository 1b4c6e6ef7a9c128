import asyncio
import json
from pathlib import Path

import pytest
from tests.servers.languagemodel import language_model

from muster.ports.upstream import ProviderDown
from muster.wiring.inside.providers import Providers


async def ask(providers: Providers, url: str) -> bytes:
    body = {"messages": [{"role": "user", "content": "hello"}]}
    return b"".join([content async for content in providers.stream("local", f"{url}/v1/chat/completions", body)])


@pytest.mark.enable_socket
def test_it_asks_from_one_event_loop_after_another() -> None:
    providers = Providers(None)
    with language_model(str.upper) as provider:
        for _ in range(2):
            answer = json.loads(asyncio.run(ask(providers, provider.url)))
            assert answer["choices"][0]["message"]["content"] == "HELLO"
    assert len(provider.asked) == 2


def test_an_address_to_which_no_key_may_go_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermissionError, match="asked by https"):
        asyncio.run(ask(Providers(tmp_path), "http://models.example"))


@pytest.mark.enable_socket
def test_a_provider_that_is_not_there_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.adapters.upstream.PAUSES", (0.0,))
    with pytest.raises(ProviderDown, match="cannot be reached"):
        asyncio.run(ask(Providers(None), "http://127.0.0.1:9"))
