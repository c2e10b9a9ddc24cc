"""Nobody but this machine reaches the local cloud."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatops_local.ministack.loopback import listen_on_loopback

if TYPE_CHECKING:
    from chatops_local.server import Server

LOOPBACK = "0100007F"
LISTENING = "0A"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "2001:db8::1", "localhost", "example.com", ""])
def test_another_address_is_refused_by_name(host: str):
    with pytest.raises(ValueError, match=re.escape(repr(host))):
        listen_on_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.5"])
def test_a_loopback_address_gets_a_free_port(host: str):
    with listen_on_loopback(host) as listener, socket.create_connection(listener.getsockname(), timeout=2):
        assert listener.getsockname()[0] == host


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
def test_every_socket_of_the_emulator_listens_on_loopback_only(server: Server):
    pid = server._process._process.pid
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    inodes = {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", link))}
    listening = [
        columns[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        if (columns := line.split())[9] in inodes and columns[3] == LISTENING
    ]
    assert listening, "the gateway at least"
    assert {address.split(":")[0] for address in listening} == {LOOPBACK}
