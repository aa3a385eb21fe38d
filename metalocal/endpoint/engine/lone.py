"""A process that loads the graph and answers jobs itself, where processes cannot be forked.

`python -m metalocal.endpoint.engine.lone FD GRAPH RESULT_BYTES MEMORY_BYTES`: FD is a socket to the
server (-: Windows' description of it comes by standard input). What was loaded, and then the
answers, go there.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from metalocal.endpoint.engine.wire import Bounds, Ready, report_message
from metalocal.endpoint.engine.worker import leave_signals_to_the_server, loaded, work


def main(arguments: list[str]) -> None:
    """Load, report, answer."""
    leave_signals_to_the_server()
    server = _server(arguments[0])
    store, report = loaded(Path(arguments[1]))
    server.sendall(report_message(report))
    if isinstance(report, Ready):
        bounds = Bounds(int(arguments[2]), int(arguments[3]))
        work(store, server, bounds)


def _server(given: str) -> socket.socket:
    if sys.platform == "win32":
        return socket.fromshare(sys.stdin.buffer.read())
    return socket.socket(fileno=int(given))


if __name__ == "__main__":
    main(sys.argv[1:])
