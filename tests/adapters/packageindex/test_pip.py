from __future__ import annotations

import sys
from pathlib import Path

import pytest

from muster.adapters.packageindex.pip import configured, printed

HELP = """
  -i, --index-url <url>       Base URL of the Python Package Index (default
                              https://default.example/simple). This should point to
  --extra-index-url <url>     Extra URLs of package indexes
"""
UV_HELP = "  --default-index <DEFAULT_INDEX>\n     The URL of the default package index (by default: <https://uv.example/simple>)\n"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _found(tmp_path: Path, said: str = "", **environment: str) -> tuple[tuple[str, ...], str]:
    index = configured(environment, tmp_path / "home", tmp_path, lambda _: said)
    return index.addresses, index.told_by


def test_the_environment_comes_before_files_and_the_user_before_the_machine(tmp_path: Path) -> None:
    machine = _write(tmp_path / "etc/pip.conf", "[global]\nindex-url = https://m.example/simple\n")
    assert _found(tmp_path) == (("https://m.example/simple",), str(machine))
    user = _write(
        tmp_path / "home/.config/pip/pip.conf",
        "[global]\nindex-url = https://u.example/simple\nextra_index_url =\n  https://x.example\n  https://y.example\n",
    )
    assert _found(tmp_path) == (("https://u.example/simple", "https://x.example", "https://y.example"), str(user))
    _write(user, user.read_text() + "[install]\nindex-url = https://i.example/simple\n")
    assert _found(tmp_path)[0][0] == "https://i.example/simple"
    assert _found(tmp_path, PIP_INDEX_URL="https://e.example", PIP_EXTRA_INDEX_URL="https://z.example") == (
        ("https://e.example", "https://z.example"),
        "PIP_INDEX_URL",
    )
    named = _write(tmp_path / "named.conf", "[global]\nindex-url = https://n.example\n")
    assert _found(tmp_path, PIP_CONFIG_FILE=str(named))[0][0] == "https://n.example"


def test_what_uv_is_told_counts_where_pip_is_told_nothing(tmp_path: Path) -> None:
    uv = _write(
        tmp_path / "home/.config/uv/uv.toml",
        '[[index]]\nname = "a"\nurl = "https://a.example"\n[[index]]\nurl = "https://b.example"\nexplicit = true\n'
        '[[index]]\nurl = "https://main.example"\ndefault = true\n',
    )
    assert _found(tmp_path) == (("https://main.example", "https://a.example"), str(uv))
    assert _found(tmp_path, UV_DEFAULT_INDEX="main=https://v.example?a=b", UV_INDEX="https://w.example") == (
        ("https://v.example?a=b", "https://w.example"),
        "UV_DEFAULT_INDEX",
    )
    assert (
        _found(tmp_path, UV_INDEX_URL="https://old.example", PIP_INDEX_URL="https://pip.example")[1] == "PIP_INDEX_URL"
    )
    _write(uv, 'index-url = "https://plain.example"\nextra-index-url = ["https://more.example"]\n')
    assert _found(tmp_path)[0] == ("https://plain.example", "https://more.example")


def test_a_client_that_nobody_configured_is_asked_for_its_own(tmp_path: Path) -> None:
    assert _found(tmp_path, HELP) == (("https://default.example/simple",), "pip --help")
    assert _found(tmp_path, HELP, PIP_EXTRA_INDEX_URL="https://x.example")[0] == (
        "https://default.example/simple",
        "https://x.example",
    )
    assert _found(tmp_path, UV_HELP) == (("https://uv.example/simple",), "uv --help")
    with pytest.raises(LookupError, match="name it with --index"):
        _found(tmp_path)


def test_certificates_and_trusted_hosts_are_taken_over(tmp_path: Path) -> None:
    _write(
        tmp_path / "etc/pip.conf",
        "[global]\nindex-url = http://m.example/simple\ntrusted-host = m.example\ncert = /c\n",
    )
    index = configured({}, tmp_path / "home", tmp_path, lambda _: "")
    assert (index.certificate, index.trusted, index.proxy) == (Path("/c"), ("m.example",), "")
    assert configured({"PIP_PROXY": "http://p.example:8080"}, tmp_path, tmp_path).proxy == "http://p.example:8080"
    assert configured({"PIP_CERT": "/d"}, tmp_path, tmp_path).certificate == Path("/d")


def test_a_pip_without_index_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"PIP_NO_INDEX: pip is told to use no index .* muster packages import"):
        _found(tmp_path, HELP, PIP_NO_INDEX="1")


def test_files_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    path = _write(tmp_path / "etc/pip.conf", "index-url = https://no.section\n")
    with pytest.raises(ValueError, match=rf"{path}: not a configuration of pip"):
        _found(tmp_path)
    path.unlink()
    path = _write(tmp_path / "etc/uv/uv.toml", "[[index\n")
    with pytest.raises(ValueError, match=rf"{path}: not TOML"):
        _found(tmp_path)


def test_a_command_is_run_and_one_that_is_not_there_says_nothing() -> None:
    assert printed([sys.executable, "-c", "print('said')"]) == "said\n"
    assert printed([sys.executable, "-c", "print('said'); raise SystemExit(1)"]) == ""
    assert printed(["no-such-command-anywhere"]) == ""
