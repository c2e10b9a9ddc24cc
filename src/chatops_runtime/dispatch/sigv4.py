"""AWS Signature Version 4, as far as a POST to a JSON service needs it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html. Written by hand since botocore would cost several
times the rest of the ack path; botocore's signer is what the tests compare it with.
"""

from __future__ import annotations

import hashlib
import hmac
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials:
    """The function's own credentials, as Lambda sets them in the environment."""

    def __init__(self, access_key_id: str, secret_access_key: str, session_token: str | None = None) -> None:
        """Of an access key and, for a role's, its session token."""
        self.access_key_id = access_key_id
        self.secret_access_key = secret_access_key
        self.session_token = session_token

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Credentials:
        """Those in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`."""
        return cls(
            environment["AWS_ACCESS_KEY_ID"],
            environment["AWS_SECRET_ACCESS_KEY"],
            environment.get("AWS_SESSION_TOKEN") or None,
        )


def signed_headers(
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    region: str,
    credentials: Credentials,
    now: float,
) -> dict[str, str]:
    """`headers` and those that sign them, for a POST of `body` to `/`.

    Args:
        headers: Names in lower case; `host` has to be among them.
        body: The body as it will be sent.
        service: The service's signing name, such as `states`.
        region: The region of the service's endpoint.
        credentials: Who signs.
        now: The time in seconds since 1970.
    """
    timestamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    signed = {**headers, "x-amz-date": timestamp}
    if credentials.session_token is not None:
        signed["x-amz-security-token"] = credentials.session_token
    names = ";".join(sorted(signed))
    canonical_headers = "".join(f"{name}:{' '.join(signed[name].split())}\n" for name in sorted(signed))
    canonical_request = f"POST\n/\n\n{canonical_headers}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{timestamp[:8]}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical_request.encode()).hexdigest()
    signature = _hmac(_signing_key(credentials, scope), f"{_ALGORITHM}\n{timestamp}\n{scope}\n{digest}").hex()
    signed["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return signed


def _signing_key(credentials: Credentials, scope: str) -> bytes:
    key = b"AWS4" + credentials.secret_access_key.encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
