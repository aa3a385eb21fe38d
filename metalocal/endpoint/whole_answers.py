"""The writes of an answer -> fewer sends: its head goes out with the first part of its body.

A send costs a small answer more than all that is computed for it, and wakes its reader once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

_LARGE = 65_536  # bytes; to copy a larger part costs more than to send its head alone


class HeadWithBody:
    """A transport that keeps an answer's head back until its body begins or the connection ends.

    `is_head` says whether what is written now is the head of an answer.
    """

    def __init__(self, transport: asyncio.Transport, is_head: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_head = is_head
        self._kept = b""

    def __getattr__(self, name: str) -> Any:
        """All that is not done here is done by the transport itself."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send `data`, after the head that was kept back; a head is kept."""
        if self._is_head():
            self._kept = data
            return
        if self._kept and len(data) > _LARGE:
            self._let_go()
        kept, self._kept = self._kept, b""
        self._transport.write(kept + data if kept else data)

    def close(self) -> None:
        """Close, once what was written is sent."""
        self._let_go()
        self._transport.close()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, b""
        if kept:
            self._transport.write(kept)
