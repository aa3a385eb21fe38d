"""The layers around the routes, from the outermost in."""

from __future__ import annotations

from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from metalocal.endpoint.envelope import Envelope
from metalocal.endpoint.operations.gate import Gate
from metalocal.endpoint.operations.metrics import Observer
from metalocal.endpoint.operations.public_address import PublicAddress
from metalocal.endpoint.operations.watch import Watch
from metalocal.endpoint.settings import Front, Limits
from metalocal.pages.packing import Packing


def layers(front: Front, limits: Limits, observer: Observer) -> list[Middleware]:
    """What a request goes through: seen, led back to its client, allowed, counted, renamed.

    Its answer is compressed before it goes back. Of the forwarding headers only those of
    `front.trusted_proxies` are believed.
    """
    found = [Middleware(Watch, front=front, observer=observer)]
    if front.trusted_proxies:
        proxies = list(front.trusted_proxies)
        found.append(Middleware(ProxyHeadersMiddleware, trusted_hosts=proxies))
    found += [
        Middleware(Envelope, allowed_hosts=front.allowed_hosts),
        Middleware(Gate, front=front, limits=limits, observer=observer),
    ]
    if front.public_url:
        found.append(Middleware(PublicAddress, public_url=front.public_url))
    found.append(Middleware(Packing))
    return found
