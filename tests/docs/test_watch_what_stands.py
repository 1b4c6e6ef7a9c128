"""The page about what stands: its commands run in a house where a version answers; its policy is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.pages import blocks, missing, play
from tests.walk import Walked

from muster.adapters.yamlfiles.policies import read_policy

PAGE = "docs/how-to/watch-what-stands.md"


@pytest.mark.timeout(300)
def test_its_commands_do_and_print_what_it_says(walked: Walked, tmp_path: Path) -> None:
    walked.close()
    folder = tmp_path / "here"
    folder.mkdir()
    steps = play(PAGE, folder, before=f"export MUSTER_HOME={walked.home} COLUMNS=200\n")
    assert len(steps) == 6
    for step in steps:
        assert step.code == 0, step.printed
        assert missing(step.said, step.printed) == [], f"{step.commands.text}\nprinted:\n{step.printed}"


def test_what_it_says_of_a_lapse_may_stand_in_a_policy() -> None:
    (said,) = [block.text for block in blocks(PAGE) if block.language == "yaml"]
    whole = (
        "id: x\nenvironment: production\nstatement: It is useful.\nlibrary: muster\napplies_to: {}\n"
        "requirements:\n  - control: discrimination\nsign_offs:\n  - role: owner\n    count: 1\n"
    )
    assert read_policy(f"{whole}{said}", PAGE).on_lapse is not None
