"""What dispatch accepts, refuses and starts, over real HTTP."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest

from chatops_local.slack.signing import SignedRequest

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud

FIRST = "A0FIRST1"


def executions(cloud: LocalCloud, command: str) -> int:
    """How many executions the state machine of `command` has had."""
    machines = cloud.server.client("stepfunctions").list_state_machines()["stateMachines"]
    machine = next(machine for machine in machines if f"_First_Commands_{command}_" in machine["name"])
    found = cloud.server.client("stepfunctions").list_executions(stateMachineArn=machine["stateMachineArn"])
    return len(found["executions"])


def signed(cloud: LocalCloud, body: bytes, *, age: int = 0, timestamp: str | None = None) -> SignedRequest:
    app = cloud.slack.workspace.endpoint(FIRST).app
    return cloud.slack.sign(body, app, timestamp=timestamp or str(int(time.time()) - age))


def test_the_same_request_twenty_times_at_once_starts_one_execution(cloud: LocalCloud):
    request = signed(cloud, cloud.slack.form("/quick", endpoint=FIRST))
    before = executions(cloud, "Quick")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: cloud.slack.deliver(request, endpoint=FIRST), range(20)))
    assert [answer.status for answer in answers] == [200] * 20
    assert executions(cloud, "Quick") == before + 1


def test_the_same_body_signed_again_later_starts_nothing(cloud: LocalCloud):
    body = cloud.slack.form("/quick", endpoint=FIRST)
    before = executions(cloud, "Quick")
    assert cloud.slack.deliver(signed(cloud, body, age=200), endpoint=FIRST).status == 200
    assert executions(cloud, "Quick") == before + 1
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and running(cloud):
        time.sleep(0.05)
    again = cloud.slack.deliver(signed(cloud, body), endpoint=FIRST)
    assert again.status == 200
    assert "already" in again.body.decode()
    assert executions(cloud, "Quick") == before + 1


def running(cloud: LocalCloud) -> bool:
    stepfunctions = cloud.server.client("stepfunctions")
    machines = stepfunctions.list_state_machines()["stateMachines"]
    return any(
        stepfunctions.list_executions(stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING")["executions"]
        for machine in machines
        if machine["type"] == "STANDARD"
    )


def flipped(request: SignedRequest) -> SignedRequest:
    return SignedRequest(request.body[:-1] + bytes([request.body[-1] ^ 1]), request.headers)


def without(request: SignedRequest, header: str) -> SignedRequest:
    return SignedRequest(request.body, {name: value for name, value in request.headers.items() if name != header})


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda cloud, body: flipped(signed(cloud, body)), 401),
        (lambda cloud, body: signed(cloud, body, age=301), 401),
        (lambda cloud, body: signed(cloud, body, age=-360), 401),
        (lambda cloud, body: signed(cloud, body, timestamp="yesterday"), 401),
        (lambda cloud, body: without(signed(cloud, body), "X-Slack-Signature"), 401),
        (lambda cloud, body: without(signed(cloud, body), "X-Slack-Request-Timestamp"), 401),
        (lambda cloud, body: signed(cloud, body.replace(b"T0FIRST1", b"T0OTHER1")), 403),
        (lambda cloud, body: signed(cloud, body.replace(b"A0FIRST1", b"A0OTHER1")), 403),
        (lambda cloud, body: signed(cloud, body.replace(b"hooks.slack.com", b"hooks.example.com")), 403),
        (
            lambda cloud, body: signed(
                cloud,
                body.replace(quote_plus("/commands/T0FIRST1").encode(), quote_plus("/commands/T0OTHER1").encode()),
            ),
            403,
        ),
        (lambda cloud, body: signed(cloud, b"nonsense"), 400),
    ],
    ids=[
        "one flipped byte",
        "stale",
        "from the future",
        "timestamp is no number",
        "no signature",
        "no timestamp",
        "another team",
        "another app",
        "response_url of another host",
        "response_url of another team",
        "no form",
    ],
)
def test_refusals(cloud: LocalCloud, spoil, expected: int):
    before = executions(cloud, "Ok")
    answer = cloud.slack.deliver(spoil(cloud, cloud.slack.form("/ok", endpoint=FIRST)), endpoint=FIRST)
    assert answer.status == expected
    assert executions(cloud, "Ok") == before


def test_ssl_check_is_answered_unsigned(cloud: LocalCloud):
    request = SignedRequest(b"ssl_check=1&token=x", {"Content-Type": "application/x-www-form-urlencoded"})
    assert cloud.slack.deliver(request, endpoint=FIRST).status == 200


def test_help_lists_what_there_is(cloud: LocalCloud):
    sent = cloud.slack.send("/ok help", endpoint=FIRST)
    assert sent.ack.ok
    assert sent.ack.payload["response_type"] == "ephemeral"
    assert "/both" in sent.ack.text
    assert "on both" in sent.ack.text
    assert cloud.executions_of(sent) == []
    assert cloud.problems_of(sent) == []


def test_who_may_not_is_told_where_one_may(cloud: LocalCloud):
    sent = cloud.slack.send("/private", endpoint=FIRST)
    assert sent.ack.ok
    assert "<#C0OPERATIONS>" in sent.ack.text
    assert cloud.executions_of(sent) == []


def test_who_may_may(cloud: LocalCloud):
    sent = cloud.slack.send("/private", channel="C0OPERATIONS", endpoint=FIRST)
    sent.wait(60)
    assert cloud.problems_of(sent) == []
