"""An authority for the certificate of the AWS and the Slack of this benchmark, beside those of the world."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import certifi
import trustme

if TYPE_CHECKING:
    from pathlib import Path


class Authority:
    """Made for one run. Functions trust it beside the others: to read those is a part of what they do."""

    def __init__(self, folder: Path) -> None:
        """Write what functions are to trust to `folder`."""
        self._authority = trustme.CA()
        self.everybody = folder / "everybody.pem"
        self.everybody.write_text(self.beside(certifi.contents()), encoding="ascii")

    def beside(self, others: str) -> str:
        """This authority after `others`."""
        return others + self._authority.cert_pem.bytes().decode()

    def server_context(self) -> ssl.SSLContext:
        """For the server on the loopback interface."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("127.0.0.1").configure_cert(context)
        return context
