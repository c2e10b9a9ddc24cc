"""Whose certificate it is: the names in an X.509 certificate that API Gateway has verified already.

Read from the certificate itself, and not from the `subjectDN` beside it: how a comma or `CN=` within another attribute
is written there is nowhere promised, and subject alternative names are not there at all.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html, RFC 5280 section 4.1,
https://www.itu.int/rec/T-REC-X.690 (DER)
"""

from __future__ import annotations

from base64 import b64decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGIN = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
_LONGEST_PEM = 65_536

_SEQUENCE, _SET, _OID, _OCTETS = 0x30, 0x31, 0x06, 0x04
_TEXTS = frozenset({0x0C, 0x13, 0x16})  # UTF8String, PrintableString, IA5String
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_DNS_NAME = 0x82

_COMMON_NAME = b"\x55\x04\x03"  # 2.5.4.3
_SUBJECT_ALTERNATIVE_NAME = b"\x55\x1d\x11"  # 2.5.29.17


class _MalformedError(ValueError):
    """The certificate is none."""


def names(pem: str) -> frozenset[str]:
    """The subject's common names and the DNS names among its alternative names; none if `pem` is no certificate."""
    try:
        return frozenset(_names(_der(pem)))
    except ValueError:
        return frozenset()


def _der(pem: str) -> bytes:
    before, begin, rest = pem.partition(_BEGIN)
    body, end, after = rest.partition(_END)
    # One certificate and nothing else: of several it would have to be known whose the connection was.
    if not begin or not end or before.strip() or after.strip() or len(pem) > _LONGEST_PEM:
        raise _MalformedError
    return b64decode("".join(body.split()), validate=True)


def _names(der: bytes) -> Iterator[str]:
    (certificate,) = _expect(_SEQUENCE, _elements(der))
    (_, signed), *_ = _elements(certificate)
    fields = list(_elements(signed))
    if fields[:1] and fields[0][0] == _VERSION:
        del fields[0]
    if len(fields) < 6:  # serial number, algorithm, issuer, validity, subject, key
        raise _MalformedError
    yield from _common_names(fields[4][1])
    for tag, content in fields[6:]:
        if tag == _EXTENSIONS:
            yield from _dns_names(content)


def _common_names(subject: bytes) -> Iterator[str]:
    for relative_name in _expect(_SET, _elements(subject)):
        for attribute in _expect(_SEQUENCE, _elements(relative_name)):
            (_, kind), (tag, value) = _elements(attribute)
            if kind == _COMMON_NAME and tag in _TEXTS:
                yield value.decode()


def _dns_names(extensions: bytes) -> Iterator[str]:
    (listed,) = _expect(_SEQUENCE, _elements(extensions))
    for extension in _expect(_SEQUENCE, _elements(listed)):
        (_, kind), *_, (tag, value) = _elements(extension)
        if kind == _SUBJECT_ALTERNATIVE_NAME and tag == _OCTETS:
            (alternatives,) = _expect(_SEQUENCE, _elements(value))
            for form, name in _elements(alternatives):
                if form == _DNS_NAME:
                    yield name.decode("ascii")


def _expect(tag: int, elements: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    for found, content in elements:
        if found != tag:
            raise _MalformedError
        yield content


def _elements(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each of what follows one another in `der`."""
    at = 0
    while at < len(der):
        tag, length, begin = der[at], *_length(der, at + 1)
        if begin + length > len(der):
            raise _MalformedError
        yield tag, der[begin : begin + length]
        at = begin + length


def _length(der: bytes, at: int) -> tuple[int, int]:
    """A length, and where what it is the length of begins."""
    first = der[at : at + 1]
    if not first:
        raise _MalformedError
    if first[0] < 0x80:
        return first[0], at + 1
    count = first[0] - 0x80
    digits = der[at + 1 : at + 1 + count]
    if not 1 <= count <= 4 or len(digits) != count:
        raise _MalformedError
    return int.from_bytes(digits, "big"), at + 1 + count
