"""IP sets are judged by their ARNs, for callers over HTTP, functions among them, and for state machines.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.callers import ANYBODY_HERE, Caller
from tests.local.ministack.stacks import (
    WRITE_LOGS,
    allow,
    deploy,
    finish,
    function,
    invoke,
    machine,
    output_of,
    role,
    start,
)
from tests.local.trust.behaviours import IP_SET

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

CODES = ("AccessDeniedException", "AccessDenied")
OPERATIONS = ("GetIPSet", "UpdateIPSet", "ListIPSets", "CreateIPSet", "DeleteIPSet")


def ip_set(name: str, scope: str = "CLOUDFRONT") -> dict[str, Any]:
    properties = {"Name": name, "Scope": scope, "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]}
    return {"Type": "AWS::WAFv2::IPSet", "Properties": properties}


def named(physical_id: str) -> dict[str, str]:
    name, set_id, scope = physical_id.split("|")
    return {"Name": name, "Id": set_id, "Scope": scope}


def arn_of(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    resources = {
        "Mine": ip_set("Mine"),
        "Other": ip_set("Other"),
        "Regional": ip_set("Mine", "REGIONAL"),
        "Reader": role(ANYBODY_HERE, allow("wafv2:GetIPSet", arn_of("Mine"))),
        "Writer": role(ANYBODY_HERE, allow("wafv2:UpdateIPSet", arn_of("Mine"))),
        "Lister": role(ANYBODY_HERE, allow("wafv2:ListIPSets")),
        "ListerOfOne": role(ANYBODY_HERE, allow("wafv2:ListIPSets", arn_of("Mine"))),
        "Creator": role(ANYBODY_HERE, allow("wafv2:CreateIPSet", "arn:aws:wafv2:*:*:global/ipset/New*/*")),
        "Remover": role(ANYBODY_HERE, allow(["wafv2:GetIPSet", "wafv2:DeleteIPSet"], "*")),
        "Nobody": role(ANYBODY_HERE, allow("sqs:SendMessage")),
    }
    return deploy(server, tmp_path_factory.mktemp("waf"), "WafPermissions", resources)


@pytest.fixture
def as_role(server: Server, stack: DeployedStack) -> Callable[[str], Any]:
    return lambda logical_id: Caller(server, stack.resource(logical_id)).client("wafv2")


def is_denied(call: Callable[..., Any], **request: Any) -> bool:
    try:
        call(**request)
    except ClientError as error:
        # Another error comes after the check of the permission.
        return error.response["Error"]["Code"] in CODES
    return False


def call(waf: Any, operation: str, which: dict[str, str]) -> bool:
    lock_token = {"LockToken": "00000000-0000-0000-0000-000000000000"}
    if operation == "GetIPSet":
        return is_denied(waf.get_ip_set, **which)
    if operation == "UpdateIPSet":
        return is_denied(waf.update_ip_set, **which, **lock_token, Addresses=[])
    if operation == "DeleteIPSet":
        return is_denied(waf.delete_ip_set, **which, **lock_token)
    if operation == "ListIPSets":
        return is_denied(waf.list_ip_sets, Scope="CLOUDFRONT")
    # The name is taken: the call is let, and has no effect.
    scope = {"Scope": which["Scope"], "IPAddressVersion": "IPV4"}
    return is_denied(waf.create_ip_set, Name=which["Name"], Addresses=[], **scope)


@IP_SET.allow()
@pytest.mark.parametrize(("role_id", "operation"), [("Reader", "GetIPSet"), ("Writer", "UpdateIPSet")])
def test_a_set_is_open_to_who_may(as_role: Callable[[str], Any], stack: DeployedStack, role_id: str, operation: str):
    assert not call(as_role(role_id), operation, named(stack.resource("Mine")))


@IP_SET.deny()
@pytest.mark.parametrize("which", ["Other", "Regional"])
@pytest.mark.parametrize(("role_id", "operation"), [("Reader", "GetIPSet"), ("Writer", "UpdateIPSet")])
def test_another_set_is_not(
    as_role: Callable[[str], Any], stack: DeployedStack, role_id: str, operation: str, which: str
):
    assert call(as_role(role_id), operation, named(stack.resource(which)))


@IP_SET.deny()
@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_is_open_without_a_permission(as_role: Callable[[str], Any], stack: DeployedStack, operation: str):
    assert call(as_role("Nobody"), operation, named(stack.resource("Mine")))


def test_reading_is_not_writing(as_role: Callable[[str], Any], stack: DeployedStack):
    assert call(as_role("Reader"), "UpdateIPSet", named(stack.resource("Mine")))
    assert call(as_role("Writer"), "GetIPSet", named(stack.resource("Mine")))


def test_lists_have_no_resource(as_role: Callable[[str], Any], stack: DeployedStack):
    mine = named(stack.resource("Mine"))
    assert not call(as_role("Lister"), "ListIPSets", mine)
    assert call(as_role("ListerOfOne"), "ListIPSets", mine)


def test_what_is_created_is_judged_by_its_name(as_role: Callable[[str], Any], server: Server):
    waf = as_role("Creator")
    addresses: dict[str, Any] = {"Scope": "CLOUDFRONT", "IPAddressVersion": "IPV4", "Addresses": []}
    assert not is_denied(waf.create_ip_set, Name="NewOne", **addresses)
    assert is_denied(waf.create_ip_set, Name="Old", **addresses)


def test_deleting_is_judged(as_role: Callable[[str], Any], stack: DeployedStack):
    assert not call(as_role("Remover"), "DeleteIPSet", named(stack.resource("Mine")))
    assert call(as_role("Reader"), "DeleteIPSet", named(stack.resource("Mine")))


def switching(role_id: str) -> dict[str, Any]:
    which = {"Name": "Switch", "Scope": "CLOUDFRONT", "Id": "{% $states.input.id %}"}
    states: dict[str, Any] = {
        "Read": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:wafv2:getIPSet",
            "Arguments": which,
            "Output": "{% $states.input %}",
            "Assign": {"token": "{% $states.result.LockToken %}", "was": "{% $states.result.IpSet.Addresses %}"},
            "Next": "Write",
        },
        "Write": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:wafv2:updateIPSet",
            "Arguments": {**which, "Addresses": ["0.0.0.0/1"], "LockToken": "{% $token %}"},
            "Output": "{% $was %}",
            "End": True,
        },
    }
    return machine(role_id, states)


@pytest.fixture(scope="module")
def machines(server: Server, tmp_path_factory: pytest.TempPathFactory) -> DeployedStack:
    both = allow(["wafv2:GetIPSet", "wafv2:UpdateIPSet"], arn_of("Switch"))
    resources = {
        "Switch": ip_set("Switch"),
        "Role": role("states", both),
        "ReaderRole": role("states", allow("wafv2:GetIPSet", arn_of("Switch"))),
        "Machine": switching("Role"),
        "Reader": switching("ReaderRole"),
    }
    return deploy(server, tmp_path_factory.mktemp("waf"), "WafMachines", resources)


def test_a_state_machine_switches(server: Server, machines: DeployedStack):
    which = named(machines.resource("Switch"))
    execution = start(server, machines.resource("Machine"), {"id": which["Id"]})
    assert output_of(finish(server, execution)) == ["192.0.2.0/24"]
    assert server.client("wafv2").get_ip_set(**which)["IPSet"]["Addresses"] == ["0.0.0.0/1"]


def test_a_state_machine_that_may_only_read_does_not(server: Server, machines: DeployedStack):
    which = named(machines.resource("Switch"))
    ended = finish(server, start(server, machines.resource("Reader"), {"id": which["Id"]}))
    # AWS WAF's model has no such error, so that it gets the service's general one.
    assert (ended["error"], "wafv2:UpdateIPSet" in ended["cause"]) == ("Wafv2.Wafv2Exception", True)


def test_a_conflict_has_the_name_of_the_java_class(server: Server, machines: DeployedStack):
    which = named(machines.resource("Switch"))
    server.waf.conflict()
    ended = finish(server, start(server, machines.resource("Machine"), {"id": which["Id"]}))
    assert ended["error"] == "Wafv2.WafOptimisticLockException"


def test_a_function_calls_it_in_its_role(server: Server, tmp_path: Path):
    code = (
        "import boto3\n"
        "def handler(event, context):\n"
        "    waf = boto3.client('wafv2', region_name='us-east-1')\n"
        "    try:\n"
        "        return waf.get_ip_set(**event)['IPSet']['Addresses']\n"
        "    except waf.exceptions.ClientError as error:\n"
        "        return error.response['Error']['Code']\n"
    )
    resources = {
        "Open": ip_set("Open"),
        "Closed": ip_set("Closed"),
        "Role": role("lambda", WRITE_LOGS, allow("wafv2:GetIPSet", arn_of("Open"))),
        "Function": function(code, "Role"),
    }
    deployed = deploy(server, tmp_path, "WafFunction", resources)
    name = deployed.resource("Function")
    assert invoke(server, name, named(deployed.resource("Open")))["payload"] == ["192.0.2.0/24"]
    assert invoke(server, name, named(deployed.resource("Closed")))["payload"] == "AccessDeniedException"
