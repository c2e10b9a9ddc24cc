"""`read_secret`: what it reads, how long it keeps it, and what it says when there is nothing to be had."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chatops_runtime import SecretError, read_secret
from chatops_runtime.secrets import reading, stores

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-5f0c9d1e7b3a"
NAME = "/acme/staging/standup/api-key"
DATABASE = "/acme/staging/standup/database"


class Stores:
    """Both, counting what is read. A value that is an error is raised."""

    def __init__(self) -> None:
        self.type = "SecureString"
        self.values: dict[str, Any] = {NAME: CANARY, DATABASE: json.dumps({"user": "bot", "password": CANARY})}
        self.reads: list[str] = []

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        assert request == {"Name": request["Name"], "WithDecryption": True}
        return {"Parameter": {"Type": self.type, "Value": self._value(request["Name"])}}

    def get_secret_value(self, **request: Any) -> dict[str, Any]:
        assert set(request) == {"SecretId"}
        value = self._value(request["SecretId"])
        return {"SecretBinary": value} if isinstance(value, bytes) else {"SecretString": value}

    def _value(self, name: str) -> Any:
        self.reads.append(name)
        value = self.values[name]
        if isinstance(value, Exception):
            raise value
        return value


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    found = Stores()
    stores._client.cache_clear()
    reading._read.clear()
    monkeypatch.setattr(boto3, "client", lambda *_, **__: found)
    monkeypatch.setenv("CHATOPS_SECRET_API_KEY", f"ssm:{NAME}")
    monkeypatch.setenv("CHATOPS_SECRET_DATABASE", f"secretsmanager:{DATABASE}#password")
    monkeypatch.setenv("CHATOPS_SECRET_DATABASE_AS_IT_IS", f"secretsmanager:{DATABASE}")
    yield found
    stores._client.cache_clear()
    reading._read.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr("chatops_runtime.secrets.reading.time.monotonic", lambda: now[0])
    return now


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"about {CANARY}"}}, "GetParameter")


def error_of(key: str) -> str:
    """What the error says, with all that a traceback would show beside it; it never holds what is stored."""
    with pytest.raises(SecretError) as caught:
        read_secret(key)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert CANARY not in repr(caught.value)
    return str(caught.value)


@pytest.mark.usefixtures("stored")
def test_a_parameter_a_secret_and_a_field_of_one() -> None:
    assert read_secret("api-key") == CANARY
    assert read_secret("database") == CANARY
    assert json.loads(read_secret("database-as-it-is"))["user"] == "bot"


def test_it_is_kept_for_five_minutes(stored: Stores, clock: list[float]) -> None:
    assert read_secret("api-key") == CANARY
    stored.values[NAME] = "replaced"
    clock[0] += 299
    assert read_secret("api-key") == CANARY
    clock[0] += 1
    assert read_secret("api-key") == "replaced"
    assert stored.reads == [NAME, NAME]


def test_it_is_read_at_once_when_it_is_to_be_fresh(stored: Stores) -> None:
    assert read_secret("api-key") == CANARY
    stored.values[NAME] = "replaced"
    assert read_secret("api-key", fresh=True) == "replaced"
    assert read_secret("api-key") == "replaced"
    assert len(stored.reads) == 2


def test_after_a_failure_it_is_read_again(stored: Stores) -> None:
    stored.values[NAME] = refused("ParameterNotFound")
    assert f"there is no secret {NAME}" in error_of("api-key")
    stored.values[NAME] = CANARY
    assert read_secret("api-key") == CANARY


def test_a_refused_value_does_not_come_back_when_the_new_one_cannot_be_had(stored: Stores) -> None:
    assert read_secret("api-key") == CANARY
    stored.values[NAME] = refused("ThrottlingException")
    with pytest.raises(SecretError):
        read_secret("api-key", fresh=True)
    assert "could not be read: ThrottlingException" in error_of("api-key")


def test_white_space_around_it_is_none_of_it(stored: Stores) -> None:
    stored.values[NAME] = f"  {CANARY}\n"
    assert read_secret("api-key") == CANARY


@pytest.mark.usefixtures("stored")
def test_one_that_was_not_given() -> None:
    assert error_of("other").startswith(
        "the secret 'other' was not given to this function, which has no variable CHATOPS_SECRET_OTHER: call secret("
    )


@pytest.mark.parametrize("code", ["ParameterNotFound", "ResourceNotFoundException"])
def test_a_missing_one(stored: Stores, code: str) -> None:
    stored.values[NAME] = refused(code)
    assert "`chatops-constructs secrets put` asks for it" in error_of("api-key")


def test_one_that_may_not_be_read(stored: Stores) -> None:
    stored.values[NAME] = refused("AccessDeniedException")
    assert f"this function may not read {NAME}: " in error_of("api-key")
    assert "encryption_key" in error_of("api-key")


def test_aws_cannot_be_reached(stored: Stores) -> None:
    stored.values[NAME] = EndpointConnectionError(endpoint_url="https://ssm.eu-central-1.amazonaws.com")
    assert error_of("api-key") == f"{NAME} could not be read: EndpointConnectionError"


@pytest.mark.parametrize("type_name", ["String", "StringList"])
def test_one_that_is_not_encrypted(stored: Stores, type_name: str) -> None:
    stored.type = type_name
    assert f"{NAME} is a {type_name}, which is not encrypted: delete it" in error_of("api-key")


@pytest.mark.parametrize(("value", "says"), [("", "is empty"), (" \n", "is empty"), ("changeme", "a placeholder")])
def test_what_is_no_secret(stored: Stores, value: str, says: str) -> None:
    stored.values[NAME] = value
    assert says in error_of("api-key")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (CANARY, "is not JSON, and its field 'password' is asked for"),
        (json.dumps({"pass": CANARY}), "has no text in a field 'password'"),
        (json.dumps({"password": {"value": CANARY}}), "has no text in a field 'password'"),
        (json.dumps([CANARY]), "has no text in a field 'password'"),
        (json.dumps({"password": " "}), "is empty"),
        (CANARY.encode(), "is binary, and text is expected"),
    ],
)
def test_a_field_that_is_none(stored: Stores, value: str, says: str) -> None:
    stored.values[DATABASE] = value
    assert says in error_of("database")
