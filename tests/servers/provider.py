"""The npm package oidc-provider as an identity provider for tests, and a person at its pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

PACKAGE = "oidc-provider@9.13.3"
SCRIPT = Path(__file__).with_name("provider.mjs")


def folder() -> Path:
    """Return where the package is installed, in the user's cache; install it, or skip where that cannot be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "muster" / "oidc-provider"
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("needs node and npm: apt-get install nodejs npm")
    if not (cache / "node_modules" / "oidc-provider").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        line = ["npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", str(cache)]
        done = subprocess.run([*line, PACKAGE], capture_output=True, text=True, check=False, timeout=100)
        if done.returncode:
            pytest.skip(f"npm could not install {PACKAGE}: {done.stderr.strip()[-300:]}")
    return cache


@contextmanager
def provider(redirect: str, people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Run the provider, which returns people to ``redirect``; give its issuer."""
    told = json.dumps({"redirects": [redirect], "people": people})
    line = ["node", str(SCRIPT), str(folder()), told]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            issuer = process.stdout.readline().strip()
            assert issuer, "the identity provider did not start"
            yield issuer
        finally:
            process.kill()


def pass_through(url: str, redirect: str, login: str) -> str:
    """Sign in at the provider's pages and agree, as a person would; return the address that it sends them back to."""
    with httpx2.Client() as browser:
        answer = browser.get(url)
        for _ in range(20):
            where = answer.headers.get("location", "")
            if where.startswith(redirect):
                return where
            if where:
                answer = browser.get(answer.url.join(where))
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
            assert action, answer.text
            assert prompt, answer.text
            form = {"prompt": prompt[1], "login": login, "password": "any"}
            answer = browser.post(answer.url.join(action[1]), data=form)
    msg = "the identity provider goes in circles"
    raise AssertionError(msg)
