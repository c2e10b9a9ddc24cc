"""Whose certificate it is, when requests come with mutual TLS."""

import base64
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.dispatch import certificate
from tests.runtime.conftest import Dispatch, log_lines
from tests.runtime.slack_requests import Context, event, form, signed

SLACK = "platform-tls-client.slack.com"

# By OpenSSL, which signed them with their own keys: API Gateway verifies certificates, dispatch reads names.
# O = "Example, Inc., CN=platform-tls-client.slack.com", CN = platform-tls-client.slack.com, and as DNS names the same
# and other.example.com.
GENUINE = """\
-----BEGIN CERTIFICATE-----
MIICRjCCAeygAwIBAgIUWNixH3+2Y+9nz6fKGn/XK6WjJd0wCgYIKoZIzj0EAwIw
bzELMAkGA1UEBhMCVVMxODA2BgNVBAoML0V4YW1wbGUsIEluYy4sIENOPXBsYXRm
b3JtLXRscy1jbGllbnQuc2xhY2suY29tMSYwJAYDVQQDDB1wbGF0Zm9ybS10bHMt
Y2xpZW50LnNsYWNrLmNvbTAgFw0yNjExMjIxMDU2MTJaGA8yMTI2MTAyOTEwNTYx
MlowbzELMAkGA1UEBhMCVVMxODA2BgNVBAoML0V4YW1wbGUsIEluYy4sIENOPXBs
YXRmb3JtLXRscy1jbGllbnQuc2xhY2suY29tMSYwJAYDVQQDDB1wbGF0Zm9ybS10
bHMtY2xpZW50LnNsYWNrLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIoh
lMfnjNoA5UzUxaH32YE4fNvxfF5M4L+uaNU91jipHoR2eUEQYkes7O3V1TRm8UzU
eEoIvS50mvdpx89bY8qjZDBiMEEGA1UdEQQ6MDiCHXBsYXRmb3JtLXRscy1jbGll
bnQuc2xhY2suY29tghFvdGhlci5leGFtcGxlLmNvbYcEfwAAATAdBgNVHQ4EFgQU
FGtU9+7iMzHoI5cCDJpvJHhiFhIwCgYIKoZIzj0EAwIDSAAwRQIgQRZL8kf7UuGm
GNojX+oW7QteM5DPRm3xCZ9oKsBnEfQCIQCMben6J0MyQGv7rQjdZ0JOMcLMCepW
1V8Qt+bfjUVKrQ==
-----END CERTIFICATE-----
"""

# O = "x,CN=platform-tls-client.slack.com", OU = "CN=platform-tls-client.slack.com", CN = evil.example.com, and as
# alternative names DNS:*.slack.com, URI:platform-tls-client.slack.com, email:a@platform-tls-client.slack.com.
FORGED = """\
-----BEGIN CERTIFICATE-----
MIICZDCCAgmgAwIBAgIUcDDqPJV14HxmStZNL1nRByEw11QwCgYIKoZIzj0EAwIw
czErMCkGA1UECgwieCxDTj1wbGF0Zm9ybS10bHMtY2xpZW50LnNsYWNrLmNvbTEp
MCcGA1UECwwgQ049cGxhdGZvcm0tdGxzLWNsaWVudC5zbGFjay5jb20xGTAXBgNV
BAMMEGV2aWwuZXhhbXBsZS5jb20wIBcNMjYxMTIyMTA1NzExWhgPMjEyNjEwMjkx
MDU3MTFaMHMxKzApBgNVBAoMIngsQ049cGxhdGZvcm0tdGxzLWNsaWVudC5zbGFj
ay5jb20xKTAnBgNVBAsMIENOPXBsYXRmb3JtLXRscy1jbGllbnQuc2xhY2suY29t
MRkwFwYDVQQDDBBldmlsLmV4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEU8xJAMgUjAwXOKF8IydkKdDJaleTIkG+nfQdCPMIfiiqZoiHr+N5GVfJ
Q6f57+0weTOyu4MA3CDewvjf1gMko6N5MHcwVgYDVR0RBE8wTYILKi5zbGFjay5j
b22GHXBsYXRmb3JtLXRscy1jbGllbnQuc2xhY2suY29tgR9hQHBsYXRmb3JtLXRs
cy1jbGllbnQuc2xhY2suY29tMB0GA1UdDgQWBBQoHQaYNhs7Ep0KI0DhX/vNJIox
LzAKBggqhkjOPQQDAgNJADBGAiEAuLG07bY6k1WuPwppky5ORG2hGyZ5Y8qv/wop
1YF936kCIQC5HYXQJVXvxN7nAi4bLKBpQuv4D6sYSMSugIsyzOVBrw==
-----END CERTIFICATE-----
"""

COMMON_NAME, ORGANISATION, UNIT = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x04\x0b"
ALTERNATIVE_NAMES, KEY_USAGE = b"\x55\x1d\x11", b"\x55\x1d\x0f"


def der(tag: int, *contents: bytes) -> bytes:
    """One element: https://www.itu.int/rec/T-REC-X.690, 8.1."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(digits)]) + digits + content


def sequence(*contents: bytes) -> bytes:
    return der(0x30, *contents)


def pem(subject: list[list[tuple[bytes, str]]], dns: list[str], *, version: bool = True) -> str:
    """A certificate as far as names go: RFC 5280, 4.1."""
    name = sequence(
        *(
            der(0x31, *(sequence(der(6, kind), der(0x0C, value.encode())) for kind, value in relative))
            for relative in subject
        )
    )
    alternatives = sequence(*(der(0x82, one.encode()) for one in dns), der(0x86, SLACK.encode()))
    extensions = sequence(
        sequence(der(6, KEY_USAGE), der(1, b"\xff"), der(4, der(3, b"\x07\x80"))),
        sequence(der(6, ALTERNATIVE_NAMES), der(4, alternatives)),
    )
    issuer = sequence(der(0x31, sequence(der(6, COMMON_NAME), der(0x0C, SLACK.encode()))))
    signed_part = sequence(
        *([der(0xA0, der(2, b"\x02"))] if version else []),
        *(der(2, b"\x01"), sequence(), issuer, sequence(), name, sequence()),
        der(0xA3, extensions),
    )
    body = base64.encodebytes(sequence(signed_part, sequence(), der(3, b"\0"))).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [(GENUINE, {SLACK, "other.example.com"}), (FORGED, {"evil.example.com", "*.slack.com"})],
    ids=["genuine", "forged"],
)
def test_the_names_in_a_certificate_as_openssl_reads_them(text: str, names: set[str], tmp_path: Path) -> None:
    assert certificate.names(text) == names
    file = tmp_path / "certificate.pem"
    file.write_text(text)
    decoded: dict[str, Any] = ssl._ssl._test_decode_cert(str(file))  # type: ignore[attr-defined]
    common = {value for relative in decoded["subject"] for kind, value in relative if kind == "commonName"}
    assert names == common | {value for kind, value in decoded["subjectAltName"] if kind == "DNS"}


VALUES = st.text(st.sampled_from(["C", "N", "=", ",", "+", "\\", '"', ";", " ", "x", "\0", "é"]), max_size=12)
LOOKALIKES = st.builds("{}CN={}{}".format, VALUES, st.just(SLACK), VALUES) | VALUES | st.just(SLACK)
ATTRIBUTES = st.tuples(st.sampled_from([COMMON_NAME, ORGANISATION, UNIT]), LOOKALIKES)


@given(
    st.lists(st.lists(ATTRIBUTES, min_size=1, max_size=3), max_size=4),
    st.lists(st.sampled_from([SLACK, "a.example.com", f"{SLACK}.example.com", "x" * 200]), max_size=3),
    st.booleans(),
)
def test_a_name_is_a_common_name_or_a_dns_name_and_never_part_of_anything_else(
    subject: list[list[tuple[bytes, str]]], dns: list[str], version: bool
) -> None:
    common = {value for relative in subject for kind, value in relative if kind == COMMON_NAME}
    assert certificate.names(pem(subject, dns, version=version)) == common | set(dns)


@given(
    st.binary(max_size=300) | st.integers(0, 580).map(lambda at: base64.b64decode("".join(GENUINE.split()[2:-2]))[:at])
)
def test_what_is_no_certificate_has_no_names_that_matter(junk: bytes) -> None:
    text = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(junk).decode()}\n-----END CERTIFICATE-----"
    assert SLACK not in certificate.names(text)


@given(st.integers(0, 585), st.integers(0, 255))
def test_a_byte_that_is_another_is_no_reason_to_fail(at: int, byte: int) -> None:
    changed = bytearray(base64.b64decode("".join(GENUINE.split()[2:-2])))
    changed[at] = byte
    certificate.names(f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(changed).decode()}\n-----END CERTIFICATE-----")


@pytest.mark.parametrize(
    "text",
    ["", "CERT_CONTENT", GENUINE + FORGED, FORGED + GENUINE, f"CN={SLACK}\n{GENUINE}", GENUINE.replace("M", "!", 1)],
)
def test_anything_but_one_certificate_has_no_names(text: str) -> None:
    assert certificate.names(text) == frozenset()


def asked(dispatch: Dispatch, authentication: object, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and outcome of a request that came with this in its event."""
    body = form()
    request = event(body, {**signed(body), **(headers or {})})
    request["requestContext"]["authentication"] = authentication
    answer: dict[str, Any] = dispatch.module.handler(request, Context())
    return answer["statusCode"], answer["body"]


@pytest.fixture
def with_mutual_tls(dispatch_environment, monkeypatch):
    monkeypatch.setenv("CHATOPS_CLIENT_CERTIFICATE_NAME", SLACK)
    return Dispatch(dispatch_environment)


def test_slacks_own_certificate_gets_in(with_mutual_tls) -> None:
    status, body = asked(with_mutual_tls, {"clientCert": {"clientCertPem": GENUINE, "subjectDN": "CN=anything"}})
    assert status == 200
    assert "Running" in json.loads(body)["text"]


@pytest.mark.parametrize(
    ("authentication", "outcome"),
    [
        (None, "client_certificate_missing"),
        ({}, "client_certificate_missing"),
        ({"clientCert": None}, "client_certificate_missing"),
        ({"clientCert": {"subjectDN": f"CN={SLACK}"}}, "client_certificate_missing"),
        ({"clientCert": {"clientCertPem": "CERT_CONTENT", "subjectDN": f"CN={SLACK}"}}, "client_certificate_wrong"),
        ({"clientCert": {"clientCertPem": FORGED, "subjectDN": f"O=x,CN={SLACK}"}}, "client_certificate_wrong"),
    ],
)
def test_without_it_a_good_signature_is_not_enough(with_mutual_tls, authentication, outcome, capsys) -> None:
    assert asked(with_mutual_tls, authentication) == (401, "Unauthorized")
    line = log_lines(capsys)[-1]
    assert (line["level"], line["outcome"]) == ("WARN", outcome)
    assert not with_mutual_tls.aws.executions


@pytest.mark.parametrize("name", ["x-client-certificate-san", "x-amzn-mtls-clientcert", "x-forwarded-client-cert"])
def test_a_header_is_nobodys_certificate(with_mutual_tls, name) -> None:
    """It is for a proxy of one's own that Slack names the first; whoever reaches API Gateway writes them himself."""
    assert asked(with_mutual_tls, None, {name: SLACK})[0] == 401


def test_without_mutual_tls_nobody_looks(dispatch) -> None:
    assert asked(dispatch, {"clientCert": {"clientCertPem": FORGED}})[0] == 200
