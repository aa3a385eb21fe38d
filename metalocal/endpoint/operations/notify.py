"""A word to the service manager that started this process (systemd's sd_notify), if one did."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send `READY=1` or the like to the socket named by NOTIFY_SOCKET; without one, do nothing."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(name)
        sender.sendall(state.encode("ascii"))
