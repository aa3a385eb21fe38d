"""A process that loads the graph once and forks workers that have it already.

`python -m metalocal.endpoint.engine.zygote FD GRAPH RESULT_BYTES MEMORY_BYTES`: FD is a Unix socket
to the server. It reports what it loaded; for each message FORK it forks a worker and sends back the
worker's number, its socket and, on Linux, a descriptor by which the server can signal it without
ever mistaking another process for it. It ends when the server does.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pyoxigraph as ox

from metalocal.endpoint.engine.wire import FORKED, Bounds, Ready, read_message, report_message
from metalocal.endpoint.engine.worker import leave_signals_to_the_server, loaded, work


def main(arguments: list[str]) -> None:
    """Load, report, fork on demand."""
    leave_signals_to_the_server()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets dead children by itself
    control = socket.socket(fileno=int(arguments[0]))
    bounds = Bounds(int(arguments[2]), int(arguments[3]))
    store, report = loaded(Path(arguments[1]))
    control.sendall(report_message(report))
    if isinstance(report, Ready):
        _fork_on_demand(store, control, bounds)


def _fork_on_demand(store: ox.Store, control: socket.socket, bounds: Bounds) -> None:
    wishes = control.makefile("rb")
    while True:
        try:
            read_message(wishes)
        except (EOFError, OSError):
            return
        near, far = socket.socketpair()
        process = os.fork()
        if not process:
            wishes.close()
            control.close()
            near.close()
            work(store, far, bounds)
        far.close()
        _hand_over(control, process, near)


def _hand_over(control: socket.socket, process: int, near: socket.socket) -> None:
    """Send the server what it needs of a worker, which then is the server's alone."""
    handles = [os.pidfd_open(process)] if hasattr(os, "pidfd_open") else []
    with near:
        socket.send_fds(control, [FORKED.pack(process)], [near.fileno(), *handles])
    for handle in handles:
        os.close(handle)


if __name__ == "__main__":
    main(sys.argv[1:])
