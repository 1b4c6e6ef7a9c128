from __future__ import annotations

from pathlib import Path

import pytest

from muster.settings import FILE, Settings, read_settings


def test_defaults_are_local_mode_on_loopback() -> None:
    settings = read_settings({}, {})
    assert settings == Settings()
    assert settings.url == ""
    assert settings.host == "127.0.0.1"
    assert not settings.expose


def test_flags_come_before_environment_before_file_before_defaults(tmp_path: Path) -> None:
    (tmp_path / "muster.toml").write_text('port = 1\ngroup = "file"\norigin = "file"\n')
    environment = {"MUSTER_HOME": str(tmp_path), "MUSTER_PORT": "2", "MUSTER_GROUP": "environment"}
    settings = read_settings({"port": "3", "group": None}, environment)
    assert (settings.port, settings.group, settings.origin, settings.gateway_port) == (3, "environment", "file", 8500)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MUSTER_TOKN", "x", "environment: MUSTER_TOKN is no setting; did you mean MUSTER_TOKEN?"),
        ("MUSTER_PORT", "many", "environment: MUSTER_PORT: expected a whole number, got 'many'"),
        ("MUSTER_EXPOSE", "perhaps", "environment: MUSTER_EXPOSE: expected true or false, got 'perhaps'"),
        ("MUSTER_POLL_SECONDS", "soon", "environment: MUSTER_POLL_SECONDS: expected a number, got 'soon'"),
        ("MUSTER_PORT", "70000", "ports go from 0 to 65535: port is 70000"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named(variable: str, value: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_settings({}, {variable: value})
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('origin = "a"\n\nprt = 1\n', "line 3: prt is no setting of this file; did you mean port?"),
        ('port = "8"x\n', "not TOML"),
        ("port = true\n", "line 1: port: expected a whole number, got True"),
        ("# the token\ntoken = 'x'\n", "line 2: token is no setting of this file; set MUSTER_TOKEN in the environment"),
        ("[control]\nport = 1\n", "line 1: control is no setting of this file"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "muster.toml").write_text(text)
    with pytest.raises(ValueError) as caught:
        read_settings({"home": str(tmp_path)}, {})
    assert said in str(caught.value)
    assert str(tmp_path / "muster.toml") in str(caught.value)


def test_a_wrong_flag_is_named() -> None:
    with pytest.raises(ValueError, match="--gateway-port: expected a whole number, got 'x'"):
        read_settings({"gateway_port": "x"}, {})


def test_words_for_truth_and_whole_numbers_for_numbers_are_read(tmp_path: Path) -> None:
    (tmp_path / "muster.toml").write_text("poll_seconds = 3\n")
    settings = read_settings({"home": tmp_path}, {"MUSTER_EXPOSE": "yes", "MUSTER_DEBUG": "0", "MUSTER_URL": ""})
    assert settings.poll_seconds == 3.0
    assert settings.expose
    assert not settings.debug


def test_the_token_does_not_show_in_what_is_printed() -> None:
    assert "hunter2" not in repr(read_settings({}, {"MUSTER_TOKEN": "hunter2-hunter2"}))


def test_paths_are_paths_and_keys_are_in_the_home() -> None:
    settings = read_settings({}, {"MUSTER_HOME": "there", "MUSTER_OUTBOX": "put/out"})
    assert settings.keys == Path("there/keys")
    assert settings.outbox == Path("put/out")


def test_a_file_that_happens_to_lie_here_does_not_say_where_the_token_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".muster").mkdir()
    (tmp_path / ".muster" / FILE).write_text('url = "https://thief.example"', encoding="utf-8")
    token = {"MUSTER_TOKEN": "secret"}
    with pytest.raises(ValueError, match="MUSTER_TOKEN would be sent there") as refused:
        read_settings({}, token)
    assert "secret" not in str(refused.value)
    assert read_settings({"home": ".muster"}, token).url == "https://thief.example"
    assert read_settings({}, {**token, "MUSTER_URL": "https://bank.example"}).url == "https://bank.example"
    assert read_settings({}, {}).url == "https://thief.example"
