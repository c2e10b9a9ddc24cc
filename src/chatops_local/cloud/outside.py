"""What a program needs to take the local cloud for AWS and Slack: variables, a proxy and an authority to trust."""

from __future__ import annotations

import http.client
import os
import ssl
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatops_local.edge.browser_proxy import BrowserProxy
from chatops_local.edge.door import Answer
from chatops_local.server.edge import VIEWER
from chatops_local.slack.certificates import is_slack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatops_local.server import Credentials, Server
    from chatops_local.slack import SlackDouble

_SECONDS = 60.0


class Outside:
    """A proxy through which Slack, and every API and site that is deployed, is reached by its real name over HTTPS.

    Args:
        server: AWS's half.
        slack: Slack's half.
    """

    def __init__(self, server: Server, slack: SlackDouble) -> None:
        """Listen."""
        self._server = server
        self._slack_proxy = urlsplit(slack.proxy_url)
        self._trust_in_slack = ssl.create_default_context(cafile=str(slack.certificate_authority))
        self._directory = tempfile.TemporaryDirectory(prefix="chatops-local-outside-")
        self._proxy = BrowserProxy(self._forward, Path(self._directory.name))

    def environment(self, credentials: Credentials) -> dict[str, str]:
        """The variables that lead the SDKs, and HTTP clients that heed them, into the local cloud and nowhere else.

        https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html

        Args:
            credentials: Whose rights the program has.
        """
        authority = str(self._proxy.certificate_authority)
        profile = Path(self._directory.name, "config")
        profile.write_text("[default]\n", encoding="utf-8")
        return {
            "AWS_ENDPOINT_URL": self._server.endpoint_url,
            "AWS_ACCESS_KEY_ID": credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
            "AWS_SESSION_TOKEN": credentials.session_token or "",
            "AWS_REGION": self._server.region,
            "AWS_DEFAULT_REGION": self._server.region,
            # Nothing of the user's own AWS is to be read, or reached, by mistake.
            "AWS_CONFIG_FILE": str(profile),
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PROFILE": "default",
            "AWS_DEFAULT_PROFILE": "default",
            "AWS_EC2_METADATA_DISABLED": "true",
            "HTTPS_PROXY": self._proxy.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "SSL_CERT_FILE": authority,
            "REQUESTS_CA_BUNDLE": authority,
        }

    def stop(self) -> None:
        """Stop listening."""
        self._proxy.stop()
        self._directory.cleanup()

    def _forward(self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, is_ipv6: bool) -> Answer:
        del is_ipv6  # Of the connection to the proxy, which says nothing.
        host = str(urlsplit(url).hostname)
        if is_slack(host):
            return self._to_slack(method, url, headers, body)
        self._server.edge.check_known(host)
        return Answer(*self._server.edge.request(method, url, viewer=VIEWER, headers=headers, body=body))

    def _to_slack(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        host, target = url.removeprefix("https://").partition("/")[::2]
        connection = http.client.HTTPSConnection(
            str(self._slack_proxy.hostname), self._slack_proxy.port, timeout=_SECONDS, context=self._trust_in_slack
        )
        connection.set_tunnel(host, 443)
        try:
            connection.request(method, f"/{target}", body=body or None, headers=dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.msg, answer.read())
        finally:
            connection.close()
