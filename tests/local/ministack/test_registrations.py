"""All of it together: two HTTP APIs, callers who sign, a table, its stream, and an IP set that follows it.

One function faces people and may write the table only; another follows the stream and may change the set only.
"""

from __future__ import annotations

import json
import ssl
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from chatops_local.server.edge import UnreachableError
from tests.local.ministack.callers import ANYBODY_HERE
from tests.local.ministack.http_stacks import api, host
from tests.local.ministack.messaging_stacks import until
from tests.local.ministack.stacks import WRITE_LOGS, allow, deploy, deploy_at, function, role
from tests.local.ministack.table_stacks import POLL, stream_of, streaming_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chatops_local.server import DeployedStack, Server

USER4, USER6 = "203.0.113.44", "2001:db8::44"

REGISTERS = """
import json, os, boto3
dynamodb = boto3.client("dynamodb")
def handler(event, context):
    request = event["requestContext"]
    address = request["http"]["sourceIp"]
    family = "6" if ":" in address else "4"
    iam = request.get("authorizer", {}).get("iam")
    owner = iam["userArn"] if iam else "somebody"
    table = os.environ["TABLE"]
    entry = {"kind": {"S": "entry"}, "id": {"S": f"{owner}#{family}#{address}"}, "cidr": {"S": address}}
    count = {
        "TableName": table,
        "Key": {"kind": {"S": "count"}, "id": {"S": family}},
        "UpdateExpression": "ADD entries :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    put = {"TableName": table, "Item": entry, "ConditionExpression": "attribute_not_exists(id)"}
    dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"Update": count}])
    return {"statusCode": 200, "body": json.dumps({"owner": owner, "address": address})}
"""

FOLLOWS = """
import json, os, boto3
dynamodb, waf = boto3.client("dynamodb"), boto3.client("wafv2")
def handler(event, context):
    print("batch", len(event["Records"]))
    found = dynamodb.query(
        TableName=os.environ["TABLE"],
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "entry"}},
        ConsistentRead=True,
    )
    addresses = [item["cidr"]["S"] + "/128" for item in found["Items"] if ":" in item["cidr"]["S"]]
    name, id, _ = os.environ["IP_SET"].split("|")
    named = {"Name": name, "Id": id, "Scope": "REGIONAL"}
    token = waf.get_ip_set(**named)["LockToken"]
    waf.update_ip_set(**named, Addresses=addresses, LockToken=token)
"""


def of_kinds(action: str, *kinds: str) -> dict[str, Any]:
    condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": list(kinds)}}
    return allow(action, {"Fn::GetAtt": ["Table", "Arn"]}, condition)


def environment(**variables: Any) -> dict[str, Any]:
    return {"Environment": {"Variables": {"TABLE": {"Ref": "Table"}, **variables}}}


PAGE_CORS = {
    "AllowOrigins": [{"Fn::GetAtt": ["Dual", "ApiEndpoint"]}],
    "AllowMethods": ["POST"],
    "AllowHeaders": ["authorization"],
}
ENTRIES = {"Filters": [{"Pattern": json.dumps({"dynamodb": {"Keys": {"kind": {"S": ["entry"]}}}})}]}
IP_SET_ARN = {"Fn::GetAtt": ["IpSet", "Arn"]}

RESOURCES: dict[str, Any] = {
    "Table": streaming_table("KEYS_ONLY"),
    "IpSet": {
        "Type": "AWS::WAFv2::IPSet",
        "Properties": {"Scope": "REGIONAL", "IPAddressVersion": "IPV6", "Addresses": []},
    },
    "Role": role("lambda", WRITE_LOGS, of_kinds("dynamodb:PutItem", "entry"), of_kinds("dynamodb:UpdateItem", "count")),
    "Function": function(REGISTERS, "Role", **environment()),
    **api("Dual", "POST /registrations", "POST /iam/registrations", IpAddressType="dualstack"),
    **api("Four", "POST /registrations", IpAddressType="ipv4", CorsConfiguration=PAGE_CORS),
    "FollowerRole": role(
        "lambda",
        WRITE_LOGS,
        of_kinds("dynamodb:Query", "entry"),
        allow(["wafv2:GetIPSet", "wafv2:UpdateIPSet"], IP_SET_ARN),
        allow(list(POLL), stream_of("Table")),
    ),
    "Follower": function(FOLLOWS, "FollowerRole", **environment(IP_SET={"Ref": "IpSet"})),
    "Mapping": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": stream_of("Table"),
            "FunctionName": {"Ref": "Follower"},
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 1000,
            "MaximumBatchingWindowInSeconds": 1,
            "MaximumRetryAttempts": 3,
            "FilterCriteria": ENTRIES,
        },
    },
    "Caller": role(
        ANYBODY_HERE,
        allow(
            "execute-api:Invoke",
            {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Dual}/*/POST/iam/registrations"},
        ),
    ),
}


@pytest.fixture(scope="module")
def stack(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedStack]:
    stack = deploy(server, tmp_path_factory.mktemp("registrations"), "Registrations", RESOURCES)
    yield stack
    # Others list the IP sets that there are.
    server.destroy(stack)


def addresses(server: Server, stack: DeployedStack) -> list[str]:
    name, identity, _ = stack.resource("IpSet").split("|")
    found = server.client("wafv2").get_ip_set(Name=name, Id=identity, Scope="REGIONAL")
    listed: list[str] = found["IPSet"]["Addresses"]
    return listed


def test_a_signed_registration_over_ipv6_reaches_the_set(server: Server, stack: DeployedStack):
    caller = server.role_credentials(stack.resource("Caller"), "alice")
    answer = server.edge.request("POST", host(stack, "Dual"), "/iam/registrations", viewer=USER6, signed_as=caller)
    assert answer.status == 200
    assert json.loads(answer.text)["owner"].endswith("/alice")
    until(lambda: "2001:0db8:0000:0000:0000:0000:0000:0044/128" in addresses(server, stack))
    assert server.edge.request("POST", host(stack, "Dual"), "/iam/registrations", viewer=USER6).status == 403


def test_a_browser_registers_both_of_its_families(server: Server, stack: DeployedStack):
    proxy = server.edge.browser_proxy(viewer=USER4, viewer6="2001:db8::45")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"https": proxy.url}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(proxy.certificate_authority))),
    )
    seen = []
    for api_id in ("Dual", "Four"):
        url, origin = f"https://{host(stack, api_id)}/registrations", f"https://{host(stack, 'Dual')}"
        with opener.open(urllib.request.Request(url, b"", {"Origin": origin})) as answer:
            seen.append(json.load(answer)["address"])
            assert (answer.headers["access-control-allow-origin"] == origin) == (api_id == "Four")
    assert seen == ["2001:db8::45", USER4]
    with pytest.raises(UnreachableError):
        server.edge.request("POST", host(stack, "Four"), "/registrations", viewer=USER6)


def test_many_registrations_cost_few_changes_of_the_set(server: Server, stack: DeployedStack):
    before = server.usage()

    def register(index: int) -> int:
        return server.edge.request("POST", host(stack, "Dual"), "/registrations", viewer=f"2001:db8:1::{index}").status

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(register, range(1, 41))) == [200] * 40
    until(lambda: sum(":0001:" in each for each in addresses(server, stack)) == 40)
    assert (server.usage() - before).api_calls["wafv2:UpdateIPSet"] < 40


@pytest.mark.parametrize("region", ["ap-northeast-1", "us-east-1"])
def test_everything_is_in_the_region_of_its_stack(server: Server, tmp_path: Path, region: str):
    stack = deploy_at(server, tmp_path, region, f"Registrations{region.title().replace('-', '')}", RESOURCES)
    host = f"{stack.resource('Dual')}.execute-api.{region}.amazonaws.com"
    caller = server.role_credentials(stack.resource("Caller"))
    answer = server.edge.request("POST", host, "/iam/registrations", viewer="2001:db8::1", signed_as=caller)
    assert answer.status == 200, answer.text
    waf, (set_name, identity, _) = server.client("wafv2", region), stack.resource("IpSet").split("|")
    until(lambda: waf.get_ip_set(Name=set_name, Id=identity, Scope="REGIONAL")["IPSet"]["Addresses"])
    server.destroy(stack)
