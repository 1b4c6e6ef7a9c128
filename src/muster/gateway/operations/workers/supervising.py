"""Supervising: a gateway of several workers, as a process: take the port, hold the state, keep the workers."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import Callable

from muster.gateway.admission.seen import SeenFile
from muster.gateway.operations.board import Board, Boarding
from muster.gateway.operations.notify import Starter
from muster.gateway.operations.sockets import GATEWAY, METRICS, address, handed_over, listen, listen_metrics
from muster.gateway.operations.workers.supervisor import Supervisor
from muster.settings import Settings
from muster.wiring.abroad.alerts import forget_alerts
from muster.wiring.carried.tls import tls_of
from muster.wiring.gateway import chains_of, command, state_of, write_metrics

RECOVER_S = 600.0
"""How long it may take to close and seal what an earlier life left open."""


def supervise(settings: Settings, tell: Callable[[str], None]) -> int:
    """Serve by workers until a signal; return 0 after a clean end, 1 if one had to be killed, 2 if none could begin."""
    manager = Starter.found()
    try:
        tls = tls_of(settings)
        handed = handed_over()
        seen = SeenFile(state_of(settings), settings.group)
        with listen(settings, handed.get(GATEWAY)) as listening, seen.locked():
            forget_alerts(state_of(settings))
            _recover(settings)
            metrics = listen_metrics(settings, handed.get(METRICS))

            def line(number: int) -> list[str]:
                worker = f"--worker={number}/{settings.workers}"
                return [*command(settings), worker, f"--listening={listening.fileno()}"]

            supervisor = Supervisor(settings.workers, line, (listening.fileno(),), manager, tell)
            boarding = None if metrics is None else Boarding(Board(supervisor.figures, write_metrics), metrics)
            tell(f"listening on http{'s' if tls else ''}://{address(listening)}/v2, by {settings.workers} workers")
            if metrics is not None:
                tell(f"figures are at http://{address(metrics)}/metrics")
            return asyncio.run(_both(supervisor, boarding))
    except (OSError, ValueError) as error:
        tell(str(error))
        return 2


async def _both(supervisor: Supervisor, boarding: Boarding | None) -> int:
    async with asyncio.TaskGroup() as group:
        showing = group.create_task(boarding.run()) if boarding is not None else None
        code = await supervisor.run()
        if showing is not None:
            with contextlib.suppress(asyncio.CancelledError):
                showing.cancel()
    return code


def _recover(settings: Settings) -> None:
    """Have closed and sealed what workers left open whose number nobody may ever have again."""
    if settings.log_key is None or not chains_of(settings):
        return
    line = [*command(settings), "--recover"]
    ended = subprocess.run(line, check=False, timeout=RECOVER_S, stdin=subprocess.DEVNULL)  # noqa: S603 - ourselves
    if ended.returncode:
        msg = "what an earlier life of this gateway left of its log could not be sealed: the lines before say why"
        raise OSError(msg)
