"""Calls of Systems Manager with a role of another account: what goes there, what comes back, and under which names."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import ANY, Stubber

from chatops_runtime.contracts import remote_calls as contract
from chatops_runtime.log_line import LoggableError
from chatops_runtime.remote_calls import handler as module
from chatops_runtime.remote_calls.handler import handler
from chatops_runtime.target_account import MARGIN_SECONDS, TargetAccount

ROLE = "arn:aws:iam::222222222222:role/chatops-ops"
NOW = 1_800_000_000.0


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


class Sts:
    """Gives roles for an hour."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.taken: list[dict[str, str]] = []

    def assume_role(self, **arguments):
        self.taken.append(arguments)
        number = len(self.taken)
        return {
            "Credentials": {
                "AccessKeyId": f"AKID{number}",
                "SecretAccessKey": "secret",
                "SessionToken": f"token{number}",
                "Expiration": datetime.fromtimestamp(self.clock.now, timezone.utc) + timedelta(hours=1),
            }
        }


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def made(monkeypatch, clock):
    """What clients were made, the one of STS being a double."""
    sts = Sts(clock)
    made = []

    def client(service, **arguments):
        if service == "sts":
            return sts
        made.append((service, arguments))
        return object()

    monkeypatch.setattr(boto3, "client", client)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "Ops-SlackRemoteCalls")
    return made, sts


@pytest.fixture
def ssm(monkeypatch):
    """Systems Manager of the other account."""
    client = boto3.client("ssm", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")

    class Account:
        def client(self, service, config):
            assert service == "ssm"
            assert config.retries == {"total_max_attempts": 1}
            return client

    monkeypatch.setattr(module, "_account", Account)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_the_role_is_taken_under_the_functions_name_and_kept_as_long_as_it_lasts(made, clock):
    clients, sts = made
    account = TargetAccount(ROLE, "eu-west-1", clock)
    first = account.client("ssm")
    assert account.client("ssm") is first
    clock.now += 3600 - MARGIN_SECONDS
    assert account.client("ssm") is not first
    assert sts.taken == [{"RoleArn": ROLE, "RoleSessionName": "Ops-SlackRemoteCalls"}] * 2
    assert [arguments["aws_session_token"] for _, arguments in clients] == ["token1", "token2"]
    assert {arguments["region_name"] for _, arguments in clients} == {"eu-west-1"}


def test_one_role_serves_several_clients(made, clock):
    clients, sts = made
    account = TargetAccount(ROLE, None, clock)
    account.client("ssm")
    account.client("logs")
    assert [service for service, _ in clients] == ["ssm", "logs"]
    assert len(sts.taken) == 1


def test_a_call_is_made_as_it_was_given_and_answered_as_json(ssm):
    sent = {"DocumentName": "chatops-ops-1234", "InstanceIds": ["i-0123456789abcdef0"], "TimeoutSeconds": 60}
    requested = datetime(2026, 11, 22, 3, 4, 5, 678_900, tzinfo=timezone(timedelta(hours=2)))
    ssm.add_response(
        "send_command",
        {"Command": {"CommandId": "0" * 36, "RequestedDateTime": requested, "Targets": [{"Key": "k"}]}},
        sent,
    )
    answer = handler({"operation": "sendCommand", "arguments": sent}, None)
    assert json.loads(json.dumps(answer)) == {
        "Command": {
            "CommandId": "0" * 36,
            "RequestedDateTime": "2026-11-22T01:04:05.678Z",
            "Targets": [{"Key": "k"}],
        }
    }


def test_members_have_the_names_that_step_functions_gives_them(ssm):
    # Of Systems Manager's own, these begin with a small letter.
    filters = [{"key": "DocumentName", "value": "chatops-ops-1234"}]
    command = {"CommandId": "0" * 36, "Parameters": {"environment": ["Q0hB"]}}
    ssm.add_response("list_commands", {"Commands": [command]}, {"Filters": filters})
    asked = {"Filters": [{"Key": "DocumentName", "Value": "chatops-ops-1234"}]}
    answer = handler({"operation": "listCommands", "arguments": asked}, None)
    assert answer == {"Commands": [command]}, "a map's keys are nobody's members"


def test_what_is_no_member_is_refused(ssm):
    with pytest.raises(LoggableError, match="no answer") as raised:
        handler({"operation": "listCommands", "arguments": {"Nothing": 1}}, None)
    assert type(raised.value).__name__ == "Ssm.SdkClientException"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("InvalidInstanceId", "Ssm.InvalidInstanceIdException"),
        ("ThrottlingException", "Ssm.ThrottlingException"),
        ("AccessDeniedException", "Ssm.AccessDeniedException"),
    ],
)
def test_a_refusal_has_the_name_that_step_functions_would_give_it(ssm, code, name):
    ssm.add_client_error("send_command", code, "why", expected_params={"DocumentName": ANY})
    with pytest.raises(LoggableError, match="why") as raised:
        handler({"operation": "sendCommand", "arguments": {"DocumentName": "chatops-ops-1234"}}, None)
    # Lambda tells Step Functions the name of the error's type.
    assert type(raised.value).__name__ == name


def test_silence_leaves_open_whether_it_was_sent(ssm, monkeypatch):
    def send_command(**_arguments):
        raise ReadTimeoutError(endpoint_url="https://ssm.eu-west-1.amazonaws.com/")

    monkeypatch.setattr(ssm.client, "send_command", send_command)
    with pytest.raises(LoggableError, match="no answer") as raised:
        handler({"operation": "sendCommand", "arguments": {}}, None)
    assert type(raised.value).__name__ == "Ssm.SdkClientException"


def test_a_role_that_cannot_be_taken_is_named_after_sts(monkeypatch):
    refusal = ClientError({"Error": {"Code": "AccessDenied", "Message": f"not authorized on {ROLE}"}}, "AssumeRole")

    class Account:
        def client(self, _service, _config):
            raise refusal

    monkeypatch.setattr(module, "_account", Account)
    with pytest.raises(LoggableError, match=ROLE) as raised:
        handler({"operation": "listCommands", "arguments": {}}, None)
    assert type(raised.value).__name__ == "Sts.AccessDeniedException"


@pytest.mark.parametrize("operation", ["createDocument", "send_command", "meta", "close", "__class__", ""])
def test_nothing_else_is_called(ssm, operation):
    with pytest.raises(ValueError, match="are called here"):
        handler({"operation": operation, "arguments": {}}, None)


def test_every_operation_is_one_of_boto3s():
    client = boto3.client("ssm", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    known = {name[:1].lower() + name[1:] for name in client.meta.service_model.operation_names}
    assert known >= contract.OPERATIONS
