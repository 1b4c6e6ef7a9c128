from __future__ import annotations

from tests.columns.packages.reading.reading import names

from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.layout.marked import Patch, Quoted
from muster.columns.packages.reading.requirements import Requirements


def test_a_block_in_a_quotation_is_read_without_its_marks() -> None:
    assert names(Quoted(Requirements()), "> requests\n> left-pad==1\n") == ["requests", "left-pad"]


def test_a_patch_is_read_by_the_names_of_its_files_and_what_it_removes_is_not() -> None:
    patch = "--- a/requirements.txt\n+++ b/requirements.txt\n@@ -1 +1 @@\n-gone\n kept\n+added\n"
    patch += (
        '*** Update File: package.json\n+    "left-pad": "^1.0",\n-    "old": "^2"\n*** Update File: x.py\n+import b\n'
    )
    assert names(Patch(of_file), patch) == ["kept", "added", "left-pad", "b"]
