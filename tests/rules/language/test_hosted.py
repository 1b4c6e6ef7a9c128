from dataclasses import replace
from typing import Any

import pytest

from muster.records.language.hosted import HostedModel, Price
from muster.rules.language.hosted import hosted_faults

GOOD = HostedModel("local", "http://127.0.0.1:8000/v1", "tiny")


@pytest.mark.parametrize(
    "url", ["https://models.example/v1", "http://localhost:8000/v1", "http://[::1]:9/v1", "https://h.example:444"]
)
def test_https_and_this_machine_may_be_asked(url: str) -> None:
    assert list(hosted_faults(replace(GOOD, url=url, price=Price("EUR", 0, 1)))) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"provider": "Local One"}, "provider"),
        ({"provider": ""}, "provider"),
        ({"url": "http://models.example/v1"}, "url"),
        ({"url": "https://user:word@models.example/v1"}, "url"),
        ({"url": "https://models.example/v1?key=1"}, "url"),
        ({"url": "http://127.0.0.1.evil.example/v1"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"model": " "}, "model"),
        ({"parameters": {"model": "other"}}, "parameters"),
        ({"parameters": {"stream": False}}, "parameters"),
        ({"most_output_tokens": -1}, "most_output_tokens"),
        ({"price": Price("", 1, 1)}, "price"),
        ({"price": Price("EUR", -1, 1)}, "price"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, Any], field: str) -> None:
    assert [name for name, _ in hosted_faults(replace(GOOD, **change))] == [field]
