from __future__ import annotations

from tests.columns.packages.reading.reading import names

from muster.columns.packages.layout.languages import of_file
from muster.columns.packages.reading.shell import Shell


def test_commands_continue_after_a_backslash() -> None:
    assert names(Shell(of_file), "RUN pip install \\\n  a \\\n  b && rm -rf x\nRUN npm i c\n") == ["a", "b", "c"]


def test_code_given_to_an_interpreter_is_read() -> None:
    assert names(Shell(of_file), 'python -c "import foo; import bar"\n') == ["foo", "bar"]


def test_files_written_by_here_documents_are_read_as_what_they_are() -> None:
    text = "cat > requirements.txt <<EOF\none\ntwo>=1\nEOF\npip install three\n"
    assert names(Shell(of_file), text) == ["one", "two", "three"]
    assert names(Shell(of_file), "python - <<'END'\nimport numpy\nEND\n") == ["numpy"]


def test_a_requirement_may_be_spoken_into_a_file() -> None:
    assert names(Shell(of_file), 'echo "flask>=2" >> requirements.txt\n') == ["flask"]
