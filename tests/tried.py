"""A house whose policy asks for a trial beside the champion, with a version that is released to trial; made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.hearing import Heard
from tests.lifecycle.serve.traffic.scene import second
from tests.walk import Now, Walked, policy

from muster.records.codec import encode
from muster.records.policy import Requirement

TRIED = (
    Requirement("tried-on-enough", limit=900, sample_role="trial"),
    Requirement("tried-for-long", limit=2, sample_role="trial"),
    Requirement("tried-no-worse", parameters={"latency": 4.0}, sample_role="trial"),
)


@pytest.fixture(scope="session")
def _careful_template(_walked_template: Walked, tmp_path_factory: pytest.TempPathFactory) -> tuple[Walked, str]:
    home = tmp_path_factory.mktemp("careful") / "house"
    shutil.copytree(_walked_template.home, home)
    made = replace(_walked_template, home=home, clock=Now(), opened=[], logs=[], heard=Heard())
    house = replace(policy(), requirements=(*policy().requirements, *TRIED))
    made.do("ana", "policy adopt", policy=encode(house))
    for demand in TRIED:  # the first version has nobody to stand beside
        about = {"control": demand.control, "reason": "it answers already", "compensating_control": "watched daily"}
        asked = made.do("bob", "waiver request", version=made.version, days=60, **about)
        made.do("ana", "waiver grant", waiver=asked.waiver)
    made.sign("ana")
    made.do("mia", "release sign", version=made.version)
    made.do("omar", "deployment set", name="credit", version=made.version)
    new = second(made, scope="trial")
    made.close()
    return made, new


@pytest.fixture
def new(_careful_template: tuple[Walked, str]) -> str:
    """The version that is released to trial."""
    return _careful_template[1]


@pytest.fixture
def careful(_careful_template: tuple[Walked, str], tmp_path: Path) -> Iterator[Walked]:
    """A house of its own for each test."""
    home = tmp_path / "careful"
    shutil.copytree(_careful_template[0].home, home)
    copy = replace(_careful_template[0], home=home, clock=Now(), opened=[], logs=[], heard=Heard())
    yield copy
    copy.close()
