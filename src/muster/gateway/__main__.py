"""``python -m muster.gateway``: the gateway, in a process that holds nothing else."""

from muster.gateway.fence import raise_fence

raise_fence()

import argparse  # noqa: E402 - the fence stands before anything is imported
import sys  # noqa: E402 - as above
from typing import Any  # noqa: E402 - as above

from muster.gateway.operations.lines import Teller  # noqa: E402 - as above
from muster.settings import Settings, read_settings  # noqa: E402 - as above
from muster.wiring.gateway import FLAGS, now  # noqa: E402 - as above

WORKER = ("worker", "listening", "control")
"""Flags by which a gateway tells its workers who they are; nobody else sets them."""


def main() -> int:
    """Read the settings and serve, or explain."""
    parser = argparse.ArgumentParser(prog="muster.gateway", description="Serve released models, and nothing else.")
    for name in FLAGS:
        flag = f"--{name.replace('_', '-')}"
        if name in {"expose", "request_log"}:
            parser.add_argument(flag, nargs="?", const="true")
        else:
            parser.add_argument(flag)
    parser.add_argument("--explain", action="store_true", help="say what would be served, and why, and end")
    for name in WORKER:
        parser.add_argument(f"--{name}", default="", help=argparse.SUPPRESS)
    parser.add_argument("--recover", action="store_true", help=argparse.SUPPRESS)
    given = vars(parser.parse_args())
    told = {name: given.pop(name) for name in (*WORKER, "explain", "recover")}
    try:
        settings = read_settings(given)
        return _begin(settings, told)
    except ValueError as error:
        Teller("text", now)(str(error))
        return 2


def _begin(settings: Settings, told: dict[str, Any]) -> int:
    if settings.workers and settings.root and not (told["worker"] or told["explain"] or told["recover"]):
        # It loads none of what answers requests: its workers do.
        from muster.gateway.operations.workers.supervising import supervise  # noqa: PLC0415 - as said

        return supervise(settings, Teller(settings.log_format, now))
    from muster.gateway.operations.workers.station import Station  # noqa: PLC0415 - as above
    from muster.gateway.process import explain, recover, serve  # noqa: PLC0415 - as above

    if told["explain"]:
        return explain(settings)
    if told["recover"]:
        return recover(settings)
    return serve(settings, station=Station.read(*(told[name] for name in WORKER)) if told["worker"] else None)


if __name__ == "__main__":
    sys.exit(main())
