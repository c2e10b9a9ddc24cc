"""WafMaintenanceSwitch: who switches, from where, and with which rights."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from chatops_constructs import RunScript
from chatops_constructs.waf.switched_by import SwitchedBy
from chatops_constructs.waf.waf_scope import WafScope
from chatops_runtime.contracts import maintenance as contract
from chatops_runtime.contracts.relay import FUNCTION_ARN
from tests.constructs.maintenance import PASSING, TOKYO, US, WINDOW, new_stack, switch, template
from tests.constructs.stacks import WEB, Synthesised, add, endpoint
from tests.constructs.test_cfn_lint import unexplained
from tests.constructs.test_nag import findings


@pytest.fixture(scope="module")
def made() -> Synthesised:
    return template(pass_through=PASSING, switched_by=SwitchedBy.run_time(windows=[WINDOW]))


class TestSwitchedByDeploy:
    def test_nothing_but_ip_sets_and_the_web_acl(self) -> None:
        synthesised = template(switched_by=SwitchedBy.deploy(enabled=True))
        types = [resource["Type"] for resource in synthesised.template["Resources"].values()]
        assert sorted(types) == ["AWS::WAFv2::IPSet", "AWS::WAFv2::IPSet", "AWS::WAFv2::WebACL"]

    def test_no_command_of_slack(self) -> None:
        _, stack = new_stack()
        with pytest.raises(ValueError, match=r"switched_by is 'SwitchedBy.deploy'; allowed: SwitchedBy.run_time\(\)"):
            switch(stack, switched_by=SwitchedBy.deploy(enabled=True)).slack_action()


class TestSwitchedAtRunTime:
    def test_the_function_may_do_this_and_nothing_else(self, made: Synthesised) -> None:
        statements = made.statements("FunctionRole")
        allowed = {
            action: statement["Resource"]
            for statement in statements
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        assert set(allowed) == {
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "wafv2:GetIPSet",
            "wafv2:ListIPSets",
            "wafv2:UpdateIPSet",
        }
        text = json.dumps(allowed["wafv2:UpdateIPSet"])
        assert len(allowed["wafv2:UpdateIPSet"]) == 2
        assert text.count("Edge_Maintenance_Switch") == 2, "the sets of those who pass are not among them"

    def test_its_environment_is_what_the_handler_reads(self, made: Synthesised) -> None:
        variables = made.only("Lambda::Function")["Environment"]["Variables"]
        assert set(variables) == {
            contract.SWITCH_NAME,
            contract.TABLE,
            contract.IP_SETS,
            contract.LONGEST_PLANNED_SECONDS,
        }
        assert variables[contract.LONGEST_PLANNED_SECONDS] == "14400"
        names = json.loads(variables[contract.IP_SETS])
        assert {one["Name"] for one in made.resources("WAFv2::IPSet").values()} >= {names["ipv4"], names["ipv6"]}

    def test_its_handler_is_in_the_asset(self, made: Synthesised) -> None:
        function = made.only("Lambda::Function")
        assert function["Handler"] == "chatops_runtime.maintenance.handler.handler"
        assert (made.asset(function["Code"]) / "chatops_runtime/maintenance/handler.py").exists()
        assert len(function["FunctionName"]) <= 64

    def test_the_timer_and_the_windows(self, made: Synthesised) -> None:
        timer = made.only("Scheduler::Schedule", "Timer")
        assert timer["ScheduleExpression"] == "rate(1 minute)"
        assert json.loads(timer["Target"]["Input"]) == {"version": 1, "kind": "timer"}
        window = made.only("Scheduler::Schedule", "SundayNight")
        assert window["ScheduleExpression"] == "cron(0 2 ? * SUN *)"
        assert window["ScheduleExpressionTimezone"] == "Asia/Tokyo"
        assert json.loads(window["Target"]["Input"]) == {
            "version": 1,
            "kind": "window",
            "window": "SundayNight",
            "scheduled_at": "<aws.scheduler.scheduled-time>",
            "seconds": 3600,
        }

    def test_an_update_of_this_stack_has_it_look(self, made: Synthesised) -> None:
        rule = made.only("Events::Rule")
        detail = rule["EventPattern"]["detail"]
        assert detail["stack-id"] == [{"Ref": "AWS::StackId"}]
        assert {"UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"} <= set(detail["status-details"]["status"])
        assert json.loads(rule["Targets"][0]["Input"]) == {"version": 1, "kind": "stack"}

    def test_the_alarm(self, made: Synthesised) -> None:
        alarm = made.only("CloudWatch::Alarm")
        assert alarm["Namespace"] == contract.NAMESPACE
        assert alarm["MetricName"] == contract.METRIC_OVERDUE
        (dimension,) = alarm["Dimensions"]
        variables = made.only("Lambda::Function")["Environment"]["Variables"]
        assert dimension == {"Name": contract.DIMENSION, "Value": variables[contract.SWITCH_NAME]}

    def test_everything_of_a_users_key_and_log_group(self) -> None:
        app, stack = new_stack()
        key = kms.Key(stack, "Key", enable_key_rotation=True)
        switch(stack, encryption_key=key)
        switch(stack, "Other", log_group=logs.LogGroup(stack, "Mine"))
        synthesised = Synthesised.of(app, stack)
        assert synthesised.only("DynamoDB::Table", "MaintenanceRunTime")["SSESpecification"]["SSEEnabled"] is True
        assert "KmsKeyId" in synthesised.only("Logs::LogGroup", "MaintenanceRunTime")
        assert synthesised.count("Logs::LogGroup") == 2
        (use,) = (one for one in synthesised.statements("FunctionRole") if one.get("Sid") == "UseKeyOfTable")
        assert use["Condition"] == {"StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"}}


class TestSlackAction:
    def machine(self, env: cdk.Environment | None, *, same: bool = False) -> tuple[Synthesised, str]:
        app, edge = new_stack(env=US if env else None)
        scope = WafScope.CLOUDFRONT if env else WafScope.REGIONAL
        maintenance = switch(edge, waf_scope=scope)
        ops = edge if same else cdk.Stack(app, "Ops", env=env)
        add(endpoint(ops), "/maintenance", maintenance.slack_action())
        synthesised = Synthesised.of(app, ops)
        return synthesised, json.dumps(synthesised.definition("Maintenance"))

    def test_in_the_same_stack_it_is_the_function_itself(self) -> None:
        synthesised, definition = self.machine(US, same=True)
        assert "MaintenanceRunTimeFunction" in definition
        assert "Relay" not in json.dumps(synthesised.template)

    @pytest.mark.parametrize("env", [US, None])
    def test_in_another_stack_of_the_region_it_is_the_function_by_its_name(self, env: cdk.Environment | None) -> None:
        synthesised, definition = self.machine(env)
        assert ":function:Edge_Maintenance_" in definition
        assert "Fn::ImportValue" not in json.dumps(synthesised.template)

    def test_in_another_region_it_is_a_relay_that_may_invoke_that_one_function(self) -> None:
        synthesised, definition = self.machine(TOKYO)
        assert "Relay" in definition
        assert "us-east-1" not in definition
        relay = synthesised.only("Lambda::Function", "Relay")
        arn = relay["Environment"]["Variables"][FUNCTION_ARN]
        (statement,) = (one for one in synthesised.statements("RelayRole") if one.get("Sid") == "InvokeSwitch")
        assert statement["Resource"] == arn
        assert statement["Action"] == "lambda:InvokeFunction"
        assert ":lambda:us-east-1:123456789012:function:Edge_Maintenance_" in json.dumps(arn)
        assert not [kind for kind in synthesised.template["Resources"].values() if kind["Type"].startswith("Custom::")]

    @pytest.mark.parametrize(
        ("env", "text"),
        [
            (cdk.Environment(account="210987654321", region="us-east-1"), "the endpoint's account is '210987654321'"),
            (None, "the region of the stack is 'Ops'"),
        ],
    )
    def test_where_it_cannot_be_reached(self, env: cdk.Environment | None, text: str) -> None:
        app, edge = new_stack()
        action = switch(edge).slack_action()
        slack = endpoint(cdk.Stack(app, "Ops", env=env))
        with pytest.raises(ValueError, match=text):
            add(slack, "/maintenance", action)

    def test_beside_other_commands(self) -> None:
        app, edge = new_stack()
        action = switch(edge).slack_action()
        slack = endpoint(cdk.Stack(app, "Ops", env=TOKYO))
        add(slack, "/maintenance", action)
        add(slack, "/maintenance-staging", action)
        add(slack, "/ps", RunScript("ps", targets=WEB))
        assert findings(app, app) == set()


def test_logical_ids_stay(made: Synthesised) -> None:
    """Another id is another resource: the table would be empty, and the site open."""
    assert {id for id in made.template["Resources"] if "DefaultPolicy" not in id and "AllowEventRule" not in id} == {
        "MaintenancePassThroughIpv4828B5DFC",
        "MaintenancePassThroughIpv610D43B9B",
        "MaintenanceRunTimeFunctionFEEAA5DC",
        "MaintenanceRunTimeFunctionLogsABBF9A50",
        "MaintenanceRunTimeFunctionRole9969308B",
        "MaintenanceRunTimeFunctionRoleUpdateIpSets8D296B87",
        "MaintenanceRunTimeOverdueAlarmB0683046",
        "MaintenanceRunTimeScheduleRole82B48B86",
        "MaintenanceRunTimeStackUpdated592DDF50",
        "MaintenanceRunTimeTable647054D8",
        "MaintenanceRunTimeTimerB22883C2",
        "MaintenanceRunTimeWindowSundayNightFC179EA6",
        "MaintenanceSwitchIpv4C34689A5",
        "MaintenanceSwitchIpv685764EBE",
        "MaintenanceWebAclF1B7FE1D",
    }


@pytest.mark.parametrize("env", [US, TOKYO, None])
def test_no_finding(env: cdk.Environment | None) -> None:
    app, stack = new_stack(env)
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    scope = WafScope.CLOUDFRONT if env is US else WafScope.REGIONAL
    by = SwitchedBy.run_time(windows=[WINDOW])
    maintenance = switch(stack, waf_scope=scope, pass_through=PASSING, switched_by=by, encryption_key=key)
    _ = maintenance.web_acl, maintenance.rule_group
    assert findings(app, stack) == set()


def test_cfn_lint_finds_nothing() -> None:
    app, stack = new_stack()
    header = "X-Forwarded-For"
    by = SwitchedBy.run_time(windows=[WINDOW])
    maintenance = switch(stack, pass_through=PASSING, forwarded_ip_header=header, json_paths=["/api/"], switched_by=by)
    _ = maintenance.web_acl, maintenance.rule_group
    assert unexplained(Synthesised.of(app, stack).template) == []
