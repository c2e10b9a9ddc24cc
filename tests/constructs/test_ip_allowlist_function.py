"""IpAllowlistFunction: what it creates, who may do what, and what has the projection run."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from chatops_constructs.waf.waf_scope import WafScope
from chatops_runtime.contracts import allowlist as contract
from tests.constructs.allowlists import TOKYO, US, allowlist, new_stack, pair, synthesised
from tests.constructs.longest_values import LongestValues
from tests.constructs.stacks import Synthesised, text_of
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_nag import findings

SECRET = "/ops/prod/allowlist-secret"


@pytest.fixture(scope="module")
def made() -> Synthesised:
    return synthesised(shared_secret_parameter=SECRET)


def rights(statements: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Each action with its resource and the kinds of items, or whatever else the condition says."""
    found = set()
    for statement in statements:
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        condition = statement.get("Condition", {})
        kinds = condition.get("ForAllValues:StringEquals", {}).get("dynamodb:LeadingKeys")
        what = " ".join(kinds) if kinds else json.dumps(condition) if condition else ""
        found |= {(action, text_of(resource), what) for action in actions for resource in resources}
    return found


TABLE = "<AllowlistTableB3E5EA00.Arn>"
STREAM = "<AllowlistTableB3E5EA00.StreamArn>"


class TestTheRegistrar:
    def test_may_do_this_and_nothing_else(self, made: Synthesised) -> None:
        assert rights(made.statements("AllowlistRegistrarRole")) == {
            ("logs:CreateLogStream", "<AllowlistRegistrarLogsEA3AB792.Arn>", ""),
            ("logs:PutLogEvents", "<AllowlistRegistrarLogsEA3AB792.Arn>", ""),
            ("dynamodb:GetItem", TABLE, "entry link projection"),
            ("dynamodb:Query", TABLE, "entry link"),
            ("dynamodb:PutItem", TABLE, "entry link"),
            ("dynamodb:UpdateItem", TABLE, "link count"),
            ("ssm:GetParameter", f"arn:<AWS::Partition>:ssm:ap-northeast-1:123456789012:parameter{SECRET}", ""),
        }

    def test_without_a_shared_secret_it_reads_no_parameter(self) -> None:
        plain = synthesised()
        assert "ssm:" not in json.dumps(plain.template["Resources"])
        assert contract.SHARED_SECRET_PARAMETER not in json.dumps(plain.template["Resources"])

    def test_a_shared_secret_under_a_key_of_yours(self) -> None:
        app, stack = new_stack()
        key = kms.Key(stack, "Key")
        allowlist(stack, shared_secret_parameter=SECRET, shared_secret_key=key)
        statements = Synthesised.of(app, stack).statements("AllowlistRegistrarRole")
        (decrypt,) = (one for one in statements if one.get("Sid") == "DecryptTheSharedSecret")
        assert decrypt["Action"] == "kms:Decrypt"
        ((key_of_context, arn),) = decrypt["Condition"]["StringEquals"].items()
        assert key_of_context == "kms:EncryptionContext:PARAMETER_ARN"
        assert text_of(arn).endswith(f":parameter{SECRET}")

    def test_its_environment(self, made: Synthesised) -> None:
        variables = made.only("Lambda::Function", "Registrar")["Environment"]["Variables"]
        assert variables[contract.VALID_SECONDS] == "43200"
        assert variables[contract.LINK_SECONDS] == "600"
        assert variables[contract.IPV6_PREFIX] == "64"
        assert variables[contract.SHARED_SECRET_PARAMETER] == SECRET
        assert text_of(variables[contract.URL]) == "<AllowlistDualStackApi04BCEB32.ApiEndpoint>"
        assert text_of(variables[contract.IPV4_URL]) == "<AllowlistIpv4Api1E8772A8.ApiEndpoint>"

    def test_what_is_given_reaches_it(self) -> None:
        made = synthesised(valid_for=cdk.Duration.days(30), link_valid_for=cdk.Duration.hours(1), ipv6_prefix_length=48)
        variables = made.only("Lambda::Function", "Registrar")["Environment"]["Variables"]
        assert variables[contract.VALID_SECONDS] == "2592000"
        assert variables[contract.LINK_SECONDS] == "3600"
        assert variables[contract.IPV6_PREFIX] == "48"

    def test_each_host_may_invoke_it_and_nobody_else(self, made: Synthesised) -> None:
        permissions = [
            one for one in made.resources("Lambda::Permission").values() if "Registrar" in text_of(one["FunctionName"])
        ]
        assert {text_of(one["SourceArn"]) for one in permissions} == {
            f"arn:<AWS::Partition>:execute-api:ap-northeast-1:123456789012:<{api}>/*/*/*"
            for api in ("AllowlistDualStackApi04BCEB32", "AllowlistIpv4Api1E8772A8")
        }
        assert {one["Principal"] for one in permissions} == {"apigateway.amazonaws.com"}


class TestTheProjection:
    def test_may_do_this_and_nothing_else(self, made: Synthesised) -> None:
        sets = "arn:<AWS::Partition>:wafv2:ap-northeast-1:123456789012:regional/ipset/Ops_Developers_"
        found = rights(made.statements("AllowlistProjectionFunctionRole"))
        assert {one for one in found if not one[0].startswith(("wafv2:GetIPSet", "wafv2:UpdateIPSet"))} == {
            ("logs:CreateLogStream", "<AllowlistProjectionFunctionLogs292A5801.Arn>", ""),
            ("logs:PutLogEvents", "<AllowlistProjectionFunctionLogs292A5801.Arn>", ""),
            ("dynamodb:Query", TABLE, "entry"),
            ("dynamodb:DeleteItem", TABLE, "entry"),
            ("dynamodb:GetItem", TABLE, "count projection"),
            ("dynamodb:UpdateItem", TABLE, "count projection"),
            ("dynamodb:DescribeStream", STREAM, ""),
            ("dynamodb:GetRecords", STREAM, ""),
            ("dynamodb:GetShardIterator", STREAM, ""),
            ("dynamodb:ListStreams", STREAM, ""),
            ("wafv2:ListIPSets", "*", ""),
        }
        of_sets = [one for one in found if one[0] in ("wafv2:GetIPSet", "wafv2:UpdateIPSet")]
        assert len(of_sets) == 4
        assert all(resource.startswith(sets) for _, resource, _ in of_sets)

    def test_its_environment(self, made: Synthesised) -> None:
        variables = made.only("Lambda::Function", "ProjectionFunction")["Environment"]["Variables"]
        assert set(variables) == {contract.NAME, contract.TABLE, contract.IP_SETS}
        names = json.loads(variables[contract.IP_SETS])
        assert {one["Name"] for one in made.resources("WAFv2::IPSet").values()} == {names["ipv4"], names["ipv6"]}

    def test_changes_of_entries_reach_it_within_a_second_or_so(self, made: Synthesised) -> None:
        source = made.only("Lambda::EventSourceMapping")
        ((one,),) = [[json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]]
        assert one == {"dynamodb": {"Keys": {"kind": {"S": ["entry"]}}}}
        assert source["MaximumBatchingWindowInSeconds"] == 1
        assert source["StartingPosition"] == "TRIM_HORIZON"
        assert source["MaximumRetryAttempts"] == 1, "the timer tries again"
        assert source["MaximumRecordAgeInSeconds"] == 60
        assert "ParallelizationFactor" not in source, "one at a time"

    def test_it_is_called_each_minute(self, made: Synthesised) -> None:
        timer = made.only("Scheduler::Schedule")
        assert timer["ScheduleExpression"] == "rate(1 minute)"
        assert json.loads(timer["Target"]["Input"]) == {"version": 1, "kind": "timer"}

    def test_an_update_of_its_own_stack_has_it_look(self, made: Synthesised) -> None:
        rule = made.only("Events::Rule")
        assert rule["EventPattern"]["detail"]["stack-id"] == [{"Ref": "AWS::StackId"}]
        assert json.loads(rule["Targets"][0]["Input"]) == {"version": 1, "kind": "stack"}

    def test_so_has_one_of_another_stack_of_the_region(self) -> None:
        app, edge = new_stack("Edge")
        ops = cdk.Stack(app, "Ops", env=TOKYO)
        allowlist(ops, ip_sets=pair(edge))
        made = Synthesised.of(app, ops)
        ((stack_id,),) = [made.only("Events::Rule")["EventPattern"]["detail"]["stack-id"]]
        assert text_of(stack_id["prefix"]) == (
            "arn:<AWS::Partition>:cloudformation:ap-northeast-1:123456789012:stack/Edge/"
        )
        assert "Fn::ImportValue" not in json.dumps(made.template), "neither stack holds the other one up"

    def test_no_rule_for_a_stack_of_another_region_whose_events_do_not_come_here(self) -> None:
        app, edge = new_stack("Edge", US)
        ops = cdk.Stack(app, "Ops", env=TOKYO)
        allowlist(ops, ip_sets=pair(edge, waf_scope=WafScope.CLOUDFRONT))
        assert Synthesised.of(app, ops).count("Events::Rule") == 0

    def test_a_pair_of_a_nested_stack(self) -> None:
        app, stack = new_stack()
        allowlist(stack, ip_sets=pair(cdk.NestedStack(stack, "Nested")))
        rule = Synthesised.of(app, stack).only("Events::Rule")
        ((stack_id,),) = [rule["EventPattern"]["detail"]["stack-id"]]
        assert "Nested" in text_of(stack_id)


class TestTheTable:
    def test_is_as_its_contract_says(self, made: Synthesised) -> None:
        table = made.only("DynamoDB::Table")
        assert table["KeySchema"] == [
            {"AttributeName": contract.KIND, "KeyType": "HASH"},
            {"AttributeName": contract.ID, "KeyType": "RANGE"},
        ]
        assert table["TimeToLiveSpecification"] == {"AttributeName": contract.DELETE_AT, "Enabled": True}
        assert table["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}

    def test_everything_under_a_key_and_in_log_groups_of_yours(self) -> None:
        app, stack = new_stack()
        key = kms.Key(stack, "Key", enable_key_rotation=True)
        mine = {name: logs.LogGroup(stack, name) for name in ("Functions", "Access")}
        allowlist(stack, encryption_key=key)
        allowlist(
            stack, "Other", ip_sets=pair(stack, "Others"), log_group=mine["Functions"], access_log_group=mine["Access"]
        )
        made = Synthesised.of(app, stack)
        assert made.only("DynamoDB::Table", "Allowlist")["SSESpecification"]["SSEEnabled"] is True
        own = [one for id, one in made.resources("Logs::LogGroup").items() if id.startswith("Allowlist")]
        assert len(own) == 3
        assert all("KmsKeyId" in one for one in own)
        assert made.count("Logs::LogGroup") == 5
        for role in ("AllowlistRegistrarRole", "AllowlistProjectionFunctionRole"):
            (use,) = (one for one in made.statements(role) if one.get("Sid") == "UseKeyOfTable")
            assert use["Condition"] == {"StringEquals": {"kms:ViaService": "dynamodb.ap-northeast-1.amazonaws.com"}}


class TestTheAlarm:
    def test_is_of_what_the_projection_writes(self, made: Synthesised) -> None:
        alarm = made.only("CloudWatch::Alarm")
        assert (alarm["Namespace"], alarm["MetricName"]) == (contract.NAMESPACE, contract.METRIC_BEHIND)
        assert (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Period"]) == (1, 3, 60)
        variables = made.only("Lambda::Function", "ProjectionFunction")["Environment"]["Variables"]
        assert alarm["Dimensions"] == [{"Name": contract.DIMENSION, "Value": variables[contract.NAME]}]

    def test_the_metric_of_entries(self) -> None:
        _, stack = new_stack()
        metric = allowlist(stack).entries_metric
        assert (metric.namespace, metric.metric_name) == (contract.NAMESPACE, contract.METRIC_ENTRIES)


class TestGrants:
    def granted(self, what: str) -> list[str]:
        app, stack = new_stack()
        role = iam.Role(stack, "Robot", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        getattr(allowlist(stack), what)(role)
        assert findings(app, stack) == set(), "no wildcard on a role of yours"
        statements = Synthesised.of(app, stack).statements("RobotDefaultPolicy")
        return sorted(f"{action} {resource}" for action, resource, _ in rights(statements))

    def test_to_register_is_to_call_what_asks_for_a_signature(self) -> None:
        arn = "execute-api:Invoke arn:<AWS::Partition>:execute-api:ap-northeast-1:123456789012:"
        assert self.granted("grant_register") == sorted(
            f"{arn}<{api}>/$default/{method}/iam/registrations"
            for api in ("AllowlistDualStackApi04BCEB32", "AllowlistIpv4Api1E8772A8")
            for method in ("GET", "POST", "DELETE")
        )

    def test_to_administer_is_to_invoke_the_registrar(self) -> None:
        (granted,) = self.granted("grant_administration")
        prefix = "lambda:InvokeFunction arn:<AWS::Partition>:lambda:ap-northeast-1:123456789012:function:Ops_Allowlist_"
        assert granted.startswith(prefix)
        assert "*" not in granted


@pytest.fixture(scope="module")
def longest() -> Synthesised:
    app, edge = new_stack("E" * 128, US)
    ops = cdk.Stack(app, "O" * 128, env=TOKYO)
    developers = pair(edge, "Developers" * 20, WafScope.CLOUDFRONT)
    allowlist(ops, "Allowlist" * 20, ip_sets=developers, shared_secret_parameter=f"/{'p' * 899}")
    return Synthesised.of(app, ops)


class TestLimits:
    """With the longest names there may be."""

    def test_the_environments(self, longest: Synthesised) -> None:
        """https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 4 KB, all variables together."""
        values = LongestValues(longest.template)
        for function in longest.resources("Lambda::Function").values():
            variables = values.resolve(function["Environment"]["Variables"])
            assert sum(len(f"{name}={value}") + 1 for name, value in variables.items()) <= 4_096

    def test_the_names_and_descriptions(self, longest: Synthesised) -> None:
        """https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html and
        https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html: 64 and 128; 256 and 1,024.
        """
        for function in longest.resources("Lambda::Function").values():
            assert len(function.get("FunctionName", "")) <= 64
            assert len(function["Description"]) <= 256
        for api in longest.resources("ApiGatewayV2::Api").values():
            assert len(api["Name"]) <= 128
            assert len(api["Description"]) <= 1_024
        for schedule in longest.resources("Scheduler::Schedule").values():
            # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
            assert len(schedule["Description"]) <= 512

    def test_the_registrars_policy(self, longest: Synthesised) -> None:
        """https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 20 KB, so not one for each route."""
        allowed = [text_of(one["FunctionName"]) for one in longest.resources("Lambda::Permission").values()]
        assert len([name for name in allowed if "Registrar" in name]) == 2


@pytest.mark.parametrize("env", [TOKYO, None])
def test_no_finding(env: cdk.Environment | None) -> None:
    app, stack = new_stack(env=env)
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    group = logs.LogGroup.from_log_group_name(stack, "Imported", "/ops/allowlist")
    allowlist(stack, encryption_key=key, shared_secret_parameter=SECRET, shared_secret_key=key)
    allowlist(stack, "Other", ip_sets=pair(stack, "Others"), log_group=group)
    assert findings(app, stack) == set()


def test_cfn_lint_finds_nothing(made: Synthesised) -> None:
    assert unexplained(made.template) == []


def test_logical_ids_stay(made: Synthesised) -> None:
    """Another id is another resource: the table would be empty, and the links would lead nowhere."""
    kept = ("DynamoDB::Table", "ApiGatewayV2::Api", "ApiGatewayV2::Stage", "Lambda::Function", "IAM::Role")
    ids = {id for kind in kept for id in made.resources(kind)}
    assert {id for id in ids if id.startswith("Allowlist")} == {
        "AllowlistDualStackApi04BCEB32",
        "AllowlistDualStackStage447D9DEA",
        "AllowlistIpv4Api1E8772A8",
        "AllowlistIpv4StageEE6A5320",
        "AllowlistProjectionFunction78C3515B",
        "AllowlistProjectionFunctionRole2B7480D7",
        "AllowlistProjectionScheduleRoleEE3B9D73",
        "AllowlistRegistrar8CFA804F",
        "AllowlistRegistrarRoleCBC0C5A4",
        "AllowlistTableB3E5EA00",
    }
