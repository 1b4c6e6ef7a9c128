from __future__ import annotations

import pytest

from muster.guards.output.licences import find


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# SPDX-License-Identifier: GPL-3.0-only", "licence identifier"),
        ("Copyright (c) 2019 A. Author", "copyright notice"),
        ("Licensed under the Apache License, Version 2.0", "licence notice"),
        ("GNU General Public License version 3", "licence notice"),
        ("Permission is hereby granted, free of charge, to any person", "licence notice"),
    ],
)
def test_notices_are_found(text: str, what: str) -> None:
    assert what in [found.what for found in find(text)]


def test_talk_of_licences_is_no_notice() -> None:
    assert list(find("Which licence should I choose? MIT is short; copyright is another matter.")) == []
