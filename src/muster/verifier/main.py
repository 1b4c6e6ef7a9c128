"""The command."""

from __future__ import annotations

import argparse
import re
import sys

from muster.verifier.proof.archive import LARGEST
from muster.verifier.proof.canonical import digest
from muster.verifier.report import plain
from muster.verifier.verify import verify


def main(arguments: list[str]) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify a dossier of a model version, offline.")
    parser.add_argument("dossier", help="the zip file")
    parser.add_argument("--root", default="", help="fingerprint of the trust root (sha256:...), had by another way")
    asked = parser.parse_args(arguments)
    if not re.fullmatch("sha256:[0-9a-f]{64}", asked.root):
        sys.stderr.write("no root to trust: give --root sha256:... as those told you who run this ledger\n")
        return 2
    try:
        with open(asked.dossier, "rb") as file:  # noqa: PTH123 - any path that a shell can name
            content = file.read(LARGEST + 1)
    except OSError as error:
        sys.stderr.write(f"cannot read {asked.dossier}: {error.strerror}\n")
        return 2
    try:
        report = verify(content, asked.root)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is not verified
        words = str(error) if type(error) is ValueError else f"it cannot be read ({type(error).__name__}: {error})"
        sys.stdout.write(f"NOT VERIFIED: {plain(words)}\n")
        return 1
    sys.stdout.write("\n".join([f"VERIFIED {digest(content)}", *map(plain, report)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
