"""The same resources, written by hand with aws_cdk: what somebody writes who knows exactly which ones are needed.

What is text in both, state machines' definitions and documents' contents, is read from files here, and so is the code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_cdk import Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

if TYPE_CHECKING:
    from pathlib import Path

    from constructs import Construct

ACCESS_LOG = '{"requestId": "$context.requestId", "status": "$context.status"}'


class ByHand(Stack):
    """An endpoint with that many commands, each of them a script on the same instances."""

    def __init__(self, scope: Construct, id: str, *, commands: int, files: Path) -> None:
        """Create the stack from what `files` holds."""
        super().__init__(scope, id)
        self._files = files
        self._arns = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
        self._telemetry = self._managed_policy("Telemetry", ["logs:CreateLogDelivery", "xray:PutTraceSegments"], ["*"])
        self._follow = self._managed_policy("Follow", ["ssm:ListCommands", "ssm:CancelCommand"], ["*"])
        self._output = self._log_group("Output")
        self._managed_policy(
            "Instances", ["logs:PutLogEvents"], [self._output.log_group_arn], ["ssmmessages:OpenDataChannel"]
        )
        self._machine_logs = self._log_group("MachineLogs", "/aws/vendedlogs/states/S-Slack-Logs")
        self._dispatch = self._create_dispatch()
        self._report = self._function("Report", "report", Duration.minutes(1), {"CHATOPS_TEAM_ID": "T012AB3CD"})
        self._create_api()
        self._create_signal()
        machines = [self._create_command(number) for number in range(commands)]
        self._dispatch.add_to_role_policy(
            iam.PolicyStatement(
                actions=["states:StartExecution"], resources=[machine.state_machine_arn for machine in machines]
            )
        )

    def _create_dispatch(self) -> lambda_.Function:
        table = lambda_.LayerVersion(
            self,
            "Table",
            code=lambda_.Code.from_asset(str(self._files / "table")),
            description="The commands",
            removal_policy=RemovalPolicy.DESTROY,
        )
        parameter = "/ops/prod/slack-signing-secret"
        variables = {
            "CHATOPS_TEAM_ID": "T012AB3CD",
            "CHATOPS_APP_ID": "A034CD5EF",
            "CHATOPS_SIGNING_SECRET_PARAMETER": parameter,
        }
        dispatch = self._function("Dispatch", "dispatch", Duration.seconds(10), variables, [table])
        dispatch.add_to_role_policy(
            iam.PolicyStatement(
                sid="ReadTheSigningSecret",
                actions=["ssm:GetParameter"],
                resources=[f"arn:{Aws.PARTITION}:ssm:{self._arns}:parameter{parameter}"],
            )
        )
        return dispatch

    def _create_api(self) -> None:
        access_logs = self._log_group("AccessLogs", "/aws/vendedlogs/apigateway/S-Slack")
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
        role = self._machine_role("ResumerRole", [self._telemetry])
        role.add_to_policy(
            iam.PolicyStatement(
                sid="ReturnTokens",
                actions=["states:SendTaskSuccess"],
                resources=[f"arn:{Aws.PARTITION}:states:{self._arns}:stateMachine:S_*"],
            )
        )
        log_group = self._log_group("ResumerLogs", "/aws/vendedlogs/states/S-Resumer-Logs")
        resumer = self._machine("Resumer", role, log_group, {"Partition": Aws.PARTITION}, express=True)
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

    def _create_command(self, number: int) -> sfn.StateMachine:
        document = ssm.CfnDocument(
            self,
            f"Document{number}",
            name=f"S_Run{number}_Document",
            document_type="Command",
            document_format="JSON",
            target_type="/AWS::EC2::Instance",
            update_method="NewVersion",
            content=json.loads((self._files / f"Document{number}.json").read_text(encoding="utf-8")),
        )
        role = self._machine_role(f"Machine{number}Role", [self._telemetry, self._follow])
        role.add_to_policy(
            iam.PolicyStatement(
                sid="SendThisScript",
                actions=["ssm:SendCommand", "ssm:DescribeDocument"],
                resources=[f"arn:{Aws.PARTITION}:ssm:{self._arns}:document/{document.ref}"],
            )
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[self._report.function_arn])
        )
        iam.Policy(
            self,
            f"Instances{number}",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    sid="SendToTheTaggedInstances",
                    actions=["ssm:SendCommand"],
                    resources=[f"arn:{Aws.PARTITION}:ec2:{self._arns}:instance/*"],
                    conditions={"StringEquals": {"ssm:resourceTag/Role": ["web"]}},
                )
            ],
        )
        substitutions = {
            "Partition": Aws.PARTITION,
            "Name": document.ref,
            "loggroup": self._output.log_group_name,
            "FunctionName": self._report.function_arn,
        }
        return self._machine(f"Machine{number}", role, self._machine_logs, substitutions)

    def _function(
        self,
        id: str,
        room: str,
        timeout: Duration,
        variables: dict[str, str],
        layers: list[lambda_.ILayerVersion] | None = None,
    ) -> lambda_.Function:
        log_group = self._log_group(f"{id}Logs")
        role = iam.Role(
            self,
            f"{id}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {room} may do",
        )
        log_group.grant_write(role)
        return lambda_.Function(
            self,
            id,
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"chatops_runtime.{room}.handler.handler",
            code=lambda_.Code.from_asset(str(self._files / room)),
            description=room,
            memory_size=256,
            timeout=timeout,
            environment=variables,
            layers=layers,
            log_group=log_group,
            role=role,
        )

    def _machine_role(self, id: str, policies: list[iam.IManagedPolicy]) -> iam.Role:
        return iam.Role(
            self,
            id,
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            managed_policies=policies,
            description=f"What {id} may do",
        )

    def _machine(
        self, id: str, role: iam.Role, log_group: logs.LogGroup, substitutions: dict[str, str], *, express: bool = False
    ) -> sfn.StateMachine:
        return sfn.StateMachine(
            self,
            id,
            state_machine_name=f"S_{id}",
            state_machine_type=sfn.StateMachineType.EXPRESS if express else sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_file(str(self._files / f"{id}.asl.json")),
            definition_substitutions=substitutions,
            role=role.without_policy_updates(),
            logs=sfn.LogOptions(destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False),
            tracing_enabled=True,
        )

    def _managed_policy(
        self, id: str, actions: list[str], resources: list[str], *others: list[str]
    ) -> iam.ManagedPolicy:
        statements = [iam.PolicyStatement(actions=actions, resources=resources)]
        statements += [iam.PolicyStatement(actions=other, resources=["*"]) for other in others]
        return iam.ManagedPolicy(self, id, description=f"{id} of commands", statements=statements)

    def _log_group(self, id: str, name: str | None = None) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            id,
            log_group_name=name,
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
