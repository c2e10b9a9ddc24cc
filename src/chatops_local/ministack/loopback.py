"""The socket that the emulator serves on. It is bound before anything else starts, and to a loopback address only."""

from __future__ import annotations

import ipaddress
import socket


def listen_on_loopback(host: str) -> socket.socket:
    """A listening socket on a free port of a loopback address.

    The emulator runs functions and scripts of whoever can reach it, so it must never be reachable from another machine.

    Args:
        host: ``127.0.0.1`` or ``::1``; an address and not a name, since a name can resolve to anything.

    Raises:
        ValueError: for any other address, naming it.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise ValueError(f"host must be a loopback address such as 127.0.0.1, not {host!r}") from error
    if not address.is_loopback:
        raise ValueError(
            f"host must be a loopback address such as 127.0.0.1, not {host!r}: "
            "whoever reaches the local cloud can run commands on this machine"
        )
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((host, 0))
    listener.listen(256)
    return listener
