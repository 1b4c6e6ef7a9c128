"""``python -m muster.gateway``: the gateway, in a process that holds nothing else."""

from muster.gateway.fence import raise_fence

raise_fence()

import argparse  # noqa: E402 - the fence stands before anything is imported
import sys  # noqa: E402 - as above

from muster.gateway.process import explain, serve, tell  # noqa: E402 - as above
from muster.settings import read_settings  # noqa: E402 - as above
from muster.wiring.gateway import FLAGS  # noqa: E402 - as above


def main() -> int:
    """Read the settings and serve, or explain."""
    parser = argparse.ArgumentParser(prog="muster.gateway", description="Serve released models, and nothing else.")
    for name in FLAGS:
        flag = f"--{name.replace('_', '-')}"
        if name == "expose":
            parser.add_argument(flag, nargs="?", const="true")
        else:
            parser.add_argument(flag)
    parser.add_argument("--explain", action="store_true", help="say what would be served, and why, and end")
    given = vars(parser.parse_args())
    explaining = given.pop("explain")
    try:
        settings = read_settings(given)
    except ValueError as error:
        tell(str(error))
        return 2
    return explain(settings) if explaining else serve(settings)


if __name__ == "__main__":
    sys.exit(main())
