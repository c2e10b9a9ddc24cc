"""The same resources, written by hand with aws_cdk: what somebody writes who knows exactly which ones are needed.

What is text in both, state machines' definitions and documents' contents, is read from files here, and so is the code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

from benchmarks.synth.pieces import Pieces, allow

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

ACCESS_LOG = '{"requestId": "$context.requestId", "status": "$context.status"}'
SIGNING_SECRET = "/ops/prod/slack-signing-secret"
OFF_SWITCH = "/chatops/S/off-switch"
ENDINGS_RULE = "S_Endings"
MACHINES_IN_A_RULE = 10
MACHINES_IN_A_POLICY = 36


class ByHand(Pieces):
    """An endpoint with that many commands, each of them a script on the same instances."""

    def __init__(self, scope: Construct, id: str, *, commands: int, files: Path) -> None:
        """Create the stack from what `files` holds."""
        super().__init__(scope, id, files=files)
        self._of_this_account = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
        self._telemetry = self.managed_policy(
            "Telemetry", allow(["logs:CreateLogDelivery"], "*"), allow(["xray:PutTraceSegments"], "*")
        )
        self._follow = self.managed_policy("Follow", allow(["ssm:ListCommands", "ssm:CancelCommand"], "*"))
        self._output = self.log_group("Output")
        instances = self.managed_policy(
            "Instances",
            allow(["ssmmessages:OpenDataChannel"], "*"),
            allow(["logs:PutLogEvents"], self._output.log_group_arn),
        )
        CfnOutput(self, "InstancePolicy", value=instances.managed_policy_arn, description="For instances' roles")
        self._machine_logs = self.log_group("MachineLogs", "/aws/vendedlogs/states/S-Slack-Logs")
        self._dispatch = self._create_dispatch()
        self._report = self.function("Report", "report", Duration.minutes(1), {"CHATOPS_TEAM_ID": "T012AB3CD"})
        self._create_api()
        self._create_signal()
        self._create_telling()
        self._create_refusals()
        machines = [self._create_command(number) for number in range(commands)]
        self._dispatch.add_to_role_policy(
            allow(["states:StartExecution"], *[machine.state_machine_arn for machine in machines])
        )
        self._create_endings([self._arn("states", f"stateMachine:S_Machine{number}") for number in range(commands)])
        self._create_decisions([self._arn("states", f"execution:S_Machine{number}:*") for number in range(commands)])

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{Aws.PARTITION}:{service}:{self._of_this_account}:{resource}"

    def _create_dispatch(self) -> lambda_.Function:
        self._table = lambda_.LayerVersion(
            self,
            "Table",
            code=lambda_.Code.from_asset(str(self.files / "table")),
            description="The commands",
            removal_policy=RemovalPolicy.DESTROY,
        )
        switch = ssm.StringParameter(
            self, "OffSwitch", parameter_name=OFF_SWITCH, string_value="on", allowed_pattern="^(on|off( .+)?)$"
        )
        CfnOutput(self, "SwitchOff", value=f"aws ssm put-parameter --name {OFF_SWITCH}", description="Stops commands")
        variables = {
            "CHATOPS_TEAM_ID": "T012AB3CD",
            "CHATOPS_APP_ID": "A034CD5EF",
            "CHATOPS_SIGNING_SECRET_PARAMETER": SIGNING_SECRET,
            "CHATOPS_OFF_SWITCH_PARAMETER": OFF_SWITCH,
        }
        dispatch = self.function("Dispatch", "dispatch", Duration.seconds(10), variables, [self._table])
        dispatch.add_to_role_policy(
            allow(
                ["ssm:GetParameters"],
                self._arn("ssm", f"parameter{SIGNING_SECRET}"),
                self._arn("ssm", f"parameter{OFF_SWITCH}"),
            )
        )
        dispatch.node.add_dependency(switch)
        return dispatch

    def _create_api(self) -> None:
        access_logs = self.log_group("AccessLogs", "/aws/vendedlogs/apigateway/S-Slack")
        api = apigatewayv2.HttpApi(
            self,
            "Api",
            api_name="S-Slack",
            description="Receives Slack's requests",
            ip_address_type=apigatewayv2.IpAddressType.DUAL_STACK,
            create_default_stage=False,
        )
        stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=api,
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(rate_limit=20, burst_limit=50),
        )
        resource: Any = stage.node.default_child
        resource.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=access_logs.log_group_arn, format=ACCESS_LOG
        )
        api.add_routes(
            path="/slack/commands",
            methods=[apigatewayv2.HttpMethod.POST],
            integration=HttpLambdaIntegration("Integration", self._dispatch),
        )
        CfnOutput(self, "Url", value=f"{api.api_endpoint}/slack/commands", description="Request URL")

    def _create_signal(self) -> None:
        role = self.machine_role("ResumerRole", [self._telemetry])
        role.add_to_policy(allow(["states:SendTaskSuccess"], self._arn("states", "stateMachine:S_*")))
        log_group = self.log_group("ResumerLogs", "/aws/vendedlogs/states/S-Resumer-Logs")
        resumer = self.machine("Resumer", role, log_group, {"Partition": Aws.PARTITION}, express=True)
        events.Rule(
            self,
            "Signal",
            description="Commands of this stack's documents that are over",
            event_pattern=events.EventPattern(
                source=["aws.ssm"],
                detail_type=["EC2 Command Status-change Notification"],
                detail={"document-name": [{"prefix": "S_"}], "status": ["Success", "Failed", "TimedOut", "Cancelled"]},
            ),
            targets=[targets.SfnStateMachine(resumer)],
        )

    def _create_telling(self) -> None:
        """The audit log, dead letters, the policy for both and for report, and a saved query."""
        audit = logs.LogGroup(
            self,
            "AuditLog",
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=RemovalPolicy.RETAIN,
            deletion_protection_enabled=True,
        )
        stream = logs.LogStream(self, "AuditStream", log_group=audit, removal_policy=RemovalPolicy.RETAIN)
        self._dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        self._dead_letters.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[self._dead_letters.queue_arn],
                conditions={"ArnLike": {"aws:SourceArn": self._arn("events", f"rule/{ENDINGS_RULE}-*")}},
            )
        )
        self._audit_and_keep = [
            allow(
                ["logs:PutLogEvents"],
                self._arn("logs", f"log-group:{audit.log_group_name}:log-stream:{stream.log_stream_name}"),
            ),
            allow(["sqs:SendMessage"], self._dead_letters.queue_arn),
        ]
        report_arn = self._report.function_arn
        self._telling = self.managed_policy(
            "Telling", allow(["lambda:InvokeFunction"], report_arn), *self._audit_and_keep
        )
        self._of_audit = {
            "Partition": Aws.PARTITION,
            "LogGroupName": audit.log_group_name,
            "LogStreamName": stream.log_stream_name,
            "QueueUrl": self._dead_letters.queue_url,
        }
        self._of_telling = {**self._of_audit, "FunctionName": report_arn}
        logs.CfnQueryDefinition(
            self,
            "SavedQuery",
            name="chatops/S/A command by its id",
            query_string='fields @timestamp, @log, @message | filter @message like "0123456789"',
            log_group_names=[
                group.log_group_name
                for group in (self._dispatch.log_group, self._report.log_group, self._machine_logs, audit)
            ],
        )

    def _create_refusals(self) -> None:
        role = self.machine_role("RefusalsRole", [self._telemetry])
        for statement in self._audit_and_keep:
            role.add_to_policy(statement)
        self.machine("Refusals", role, self._machine_logs, self._of_audit)
        self._dispatch.add_to_role_policy(
            allow(["states:StartExecution"], self._arn("states", "stateMachine:S_Refusals"))
        )

    def _create_decisions(self, executions: list[str]) -> None:
        """What a click on Cancel leads to."""
        decide = self.function("Decide", "decide", Duration.minutes(1), {"CHATOPS_TEAM_ID": "T012AB3CD"}, [self._table])
        role = self.machine_role("DecisionsRole", [self._telemetry])
        role.add_to_policy(allow(["lambda:InvokeFunction"], decide.function_arn, self._report.function_arn))
        functions = {"FunctionName": decide.function_arn, "FunctionName2": self._report.function_arn}
        self.machine("Decisions", role, self._machine_logs, {"Partition": Aws.PARTITION, **functions})
        self._dispatch.add_to_role_policy(
            allow(["states:StartExecution"], self._arn("states", "stateMachine:S_Decisions"))
        )
        stopping = ["states:GetExecutionHistory", "states:StopExecution"]
        policies = [
            allow(stopping, *executions[first : first + MACHINES_IN_A_POLICY])
            for first in range(0, len(executions), MACHINES_IN_A_POLICY)
        ]
        for number, statement in enumerate([*policies, allow(["ssm:ListCommands", "ssm:CancelCommand"], "*")]):
            policy = self.managed_policy(f"Deciding{number}", statement)
            policy.attach_to_role(cast("iam.IRole", decide.role))

    def _create_endings(self, machines: list[str]) -> None:
        arn = self._arn("states", "stateMachine:S_Endings")
        role = self.machine_role("EndingsRole", [self._telemetry, self._telling])
        role.add_to_policy(allow(["states:StartExecution"], arn))
        own = {"StateMachineArn": Aws.REGION, "StateMachineArn2": Aws.ACCOUNT_ID}
        self.machine("Endings", role, self._machine_logs, {**self._of_telling, **own})
        starter = iam.Role(
            self,
            "StarterRole",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com"),
            description="Starts the machine that tells of endings",
        )
        starter.add_to_policy(allow(["states:StartExecution"], arn))
        for number, first in enumerate(range(0, len(machines), MACHINES_IN_A_RULE), start=1):
            events.CfnRule(
                self,
                f"Ended{number}",
                name=f"{ENDINGS_RULE}-{number}",
                description="Commands that were aborted, timed out or broke",
                event_pattern={
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {"stateMachineArn": machines[first : first + MACHINES_IN_A_RULE]},
                },
                targets=[
                    events.CfnRule.TargetProperty(
                        id="Endings",
                        arn=arn,
                        role_arn=starter.role_arn,
                        dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=self._dead_letters.queue_arn),
                    )
                ],
            )

    def _create_command(self, number: int) -> sfn.StateMachine:
        document = ssm.CfnDocument(
            self,
            f"Document{number}",
            name=f"S_Run{number}_Document",
            document_type="Command",
            document_format="JSON",
            target_type="/AWS::EC2::Instance",
            update_method="NewVersion",
            content=json.loads((self.files / f"Document{number}.json").read_text(encoding="utf-8")),
        )
        role = self.machine_role(f"Machine{number}Role", [self._telemetry, self._follow, self._telling])
        role.add_to_policy(
            allow(["ssm:SendCommand", "ssm:DescribeDocument"], self._arn("ssm", f"document/{document.ref}"))
        )
        iam.Policy(
            self,
            f"Instances{number}",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    sid="SendToTheTaggedInstances",
                    actions=["ssm:SendCommand"],
                    resources=[self._arn("ec2", "instance/*")],
                    conditions={"StringEquals": {"ssm:resourceTag/Role": ["web"]}},
                )
            ],
        )
        substitutions = {**self._of_telling, "Name": document.ref, "loggroup": self._output.log_group_name}
        return self.machine(f"Machine{number}", role, self._machine_logs, substitutions)
