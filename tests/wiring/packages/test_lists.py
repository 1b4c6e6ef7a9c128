from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muster.adapters.names.shelf import CURRENT
from muster.columns.packages.names import Claim, NameList
from muster.records.language.packages import Ecosystem
from muster.settings import Settings, read_settings
from muster.wiring.packages.lists import bring, folder_of, open_lists, taken

PYPI, NPM = Ecosystem.PYPI, Ecosystem.NPM
DAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"packages": tmp_path / "packages"}, {})


def _bring(settings: Settings, content: str, ecosystem: Ecosystem = PYPI, **how: bool) -> NameList:
    path = settings.home.with_name("names.tsv") if settings.packages is None else settings.packages.with_name("n.tsv")
    path.write_text(content, encoding="utf-8")
    bring(settings, path, ecosystem, lambda _: None, taken_at=DAY, **how)
    return open_lists(settings).names[ecosystem]


def test_what_ships_answers_without_any_network_and_says_that_it_is_partial(settings: Settings) -> None:
    lists = open_lists(settings)
    pypi, npm = lists.names[PYPI], lists.names[NPM]
    assert not pypi.complete
    assert not npm.complete
    assert all(name in pypi for name in ("requests", "numpy", "pyyaml", "opentelemetry-api"))
    assert all(name in npm for name in ("react", "lodash", "@types/node"))
    assert "surely-no-such-package" not in pypi
    assert (pypi.rank("numpy") or 0) in range(1, 100)
    assert list(pypi.near("reqeusts", 1, 5000)) == ["requests"]
    assert Ecosystem.CONDA not in lists.names


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("cv2", "opencv-python"),
        ("PIL", "pillow"),
        ("sklearn", "scikit-learn"),
        ("yaml", "pyyaml"),
        ("google.protobuf", "protobuf"),
        ("google.cloud.secretmanager", "google-cloud-secret-manager"),
        ("opentelemetry.sdk", "opentelemetry-sdk"),
        ("airflow.providers.cncf.kubernetes", "apache-airflow-providers-cncf-kubernetes"),
        ("azure.storage", "azure-storage-blob"),
    ],
)
def test_modules_that_are_named_otherwise_lead_to_their_distribution(
    settings: Settings, module: str, distribution: str
) -> None:
    lists = open_lists(settings)
    first = lists.imports.distributions(module)[0]
    assert first == Claim(distribution, lists.names[PYPI].rank(distribution))
    assert distribution in lists.names[PYPI]


def test_a_complete_list_takes_the_place_of_the_starter_list_and_keeps_its_ranks(settings: Settings) -> None:
    names = _bring(settings, "numpy\nacme-internal\n", complete=True)
    assert names.complete
    assert (names.taken_at, "requests" in names, "acme-internal" in names) == (DAY, False, True)
    assert (names.rank("numpy") or 0) > 0
    assert not open_lists(settings).names[NPM].complete


def test_a_partial_list_is_added_to_the_one_in_use_which_stays_as_complete_and_as_old(settings: Settings) -> None:
    partial = _bring(settings, "acme-internal\n")
    assert not partial.complete
    assert "requests" in partial
    assert "acme-internal" in partial
    complete = _bring(settings, "name\tstatus\nnumpy\t\nevil\tquarantined\n", complete=True)
    more = _bring(settings, "acme-other\n")
    assert more.complete
    assert more.taken_at == complete.taken_at
    assert [name in more for name in ("numpy", "acme-other", "requests")] == [True, True, False]
    assert more.status("evil") == "quarantined"
    assert _bring(settings, "evil\n", complete=True).status("evil") == "listed"


def test_a_list_of_another_ecosystem_starts_from_nothing(settings: Settings) -> None:
    assert "numpy" in _bring(settings, "numpy\n", Ecosystem.CONDA)
    assert not open_lists(settings).names[Ecosystem.CONDA].complete


def test_lists_are_shown_newest_first_with_the_one_in_use(settings: Settings) -> None:
    _bring(settings, "numpy\n", complete=True)
    found = taken(settings)
    assert [(each.ecosystem, each.source, each.in_use, each.complete) for each in found] == [
        (PYPI, "file", True, True),
        (PYPI, "starter", False, False),
        (NPM, "starter", True, False),
    ]


def test_a_file_is_dated_by_its_last_change_and_not_by_the_future(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("numpy\n", encoding="utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    made = bring(settings, path, PYPI, lambda _: None, complete=True)
    assert made.taken_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    with pytest.raises(ValueError, match="in the future; say when with --taken-at"):
        bring(settings, path, PYPI, lambda _: None, taken_at=DAY + timedelta(days=36_500))


def test_a_list_that_was_altered_is_not_judged_by(settings: Settings) -> None:
    _bring(settings, "numpy\n", complete=True)
    assert settings.packages is not None
    digest = (settings.packages / "pypi" / CURRENT).read_text().strip()[7:]
    names = settings.packages / "pypi" / digest / "names.marisa"
    names.write_bytes(names.read_bytes() + b"\0")
    with pytest.raises(ValueError, match="altered since the list was taken"):
        open_lists(settings)
    with pytest.raises(ValueError, match="altered since the list was taken"):
        _bring(settings, "more\n")
    (names.parent / "manifest.json").write_text("{}")
    assert "pandas" in _bring(settings, "pandas\n", complete=True)
    assert [each.source for each in taken(settings)] == ["file", "starter", "starter"]


def test_lists_are_kept_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert folder_of(Settings()) == Path("/data/muster/packages")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert folder_of(Settings()) == Path.home() / ".local/share/muster/packages"


def test_a_folder_that_one_works_in_does_not_bring_its_own_lists(tmp_path: Path) -> None:
    (tmp_path / "muster.toml").write_text('packages = "rigged"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="packages is no setting of this file; set MUSTER_PACKAGES"):
        read_settings({"home": tmp_path}, {})
