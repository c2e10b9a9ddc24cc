"""A certificate authority for one run, which functions in the local cloud trust and nobody else does."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path

HOSTS = ("slack.com", "*.slack.com", "slack-gov.com", "*.slack-gov.com")
"""Slack, and GovSlack (https://docs.slack.dev/govslack)."""


class Certificates:
    """The authority's certificate as a file, and the server's side of TLS. Private keys stay in memory."""

    def __init__(self, directory: Path) -> None:
        """Make a new authority and write its certificate into `directory`."""
        authority = trustme.CA()
        self.authority_file = directory / "slack-double-ca.pem"
        authority.cert_pem.write_to_path(str(self.authority_file))
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.server_context.set_alpn_protocols(["http/1.1"])
        authority.issue_cert(*HOSTS).configure_cert(self.server_context)


def is_slack(host: str) -> bool:
    """Whether `host` is one of Slack's."""
    return any(host == each or (each.startswith("*.") and host.endswith(each[1:])) for each in HOSTS)
