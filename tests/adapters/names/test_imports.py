from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.names.made import ORIGIN

from muster.adapters.names.imports import MODULES, Imports, write_imports
from muster.columns.packages.names import Claim, ImportMap

MAP = {"cv2": ["opencv-python", "opencv-python-headless"], "google.cloud": ["google-cloud-core"], "PIL": ["pillow"]}


def test_a_module_has_its_distributions_in_order_and_no_other_module_has(tmp_path: Path) -> None:
    write_imports(tmp_path, ORIGIN, MAP)
    found: ImportMap = Imports(tmp_path, {"opencv-python": 150}.get)
    assert list(found.distributions("cv2")) == [Claim("opencv-python", 150), Claim("opencv-python-headless")]
    assert list(found.distributions("google.cloud")) == [Claim("google-cloud-core")]
    for module in ("cv", "cv2.", "google", "pil", "", "cv2\t0", "cv2\t0\topencv-python", "a\ud800"):
        assert list(found.distributions(module)) == []
    assert found.digest.startswith("sha256:")


def test_a_map_that_was_altered_is_refused(tmp_path: Path) -> None:
    write_imports(tmp_path, ORIGIN, MAP)
    (tmp_path / MODULES).write_bytes((tmp_path / MODULES).read_bytes()[:-1] + b"\0\0")
    with pytest.raises(ValueError, match="altered since"):
        Imports(tmp_path, {}.get)
