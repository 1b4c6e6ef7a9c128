"""``python -m muster.gateway.batch``: a gateway for files, in a process that holds nothing else."""

from muster.gateway.fence import raise_fence

raise_fence()

import argparse  # noqa: E402 - the fence stands before anything is imported
import sys  # noqa: E402 - as above
from dataclasses import fields  # noqa: E402 - as above

from muster.gateway.batch.process import score, tell  # noqa: E402 - as above
from muster.settings import read_settings  # noqa: E402 - as above
from muster.wiring.scoring import FLAGS, Asked  # noqa: E402 - as above


def main() -> int:
    """Read what is asked, and score."""
    parser = argparse.ArgumentParser(prog="muster.gateway.batch", description="Score a file by a released model.")
    for name in FLAGS:
        parser.add_argument(f"--{name.replace('_', '-')}")
    for each in fields(Asked):
        flag = f"--{each.name.replace('_', '-')}"
        if each.type == "bool":
            parser.add_argument(flag, action="store_true")
        elif each.type == "tuple[str, ...]":
            parser.add_argument(flag, action="append", default=[])
        else:
            parser.add_argument(flag, type=int if each.type == "int" else str, default=each.default)
    given = vars(parser.parse_args())
    taken = {each.name: given.pop(each.name) for each in fields(Asked)}
    asked = Asked(**{**taken, "keep": tuple(taken["keep"])})
    try:
        settings = read_settings(given)
    except ValueError as error:
        tell(str(error))
        return 2
    return score(settings, asked)


if __name__ == "__main__":
    sys.exit(main())
