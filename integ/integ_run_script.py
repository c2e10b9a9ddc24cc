"""RunScript on a real instance, whose role has the RunCommandInstancePolicy and nothing else."""

import base64
import json
from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from aws_cdk.integ_tests_alpha import ExpectedResult, IntegTest
from constructs import Construct

from chatops_constructs import (
    Allow,
    Ec2Targets,
    EndpointCommand,
    RunCommandInstancePolicy,
    RunScript,
    SlackCommandEndpoint,
    SlackCredentials,
    SlackWorkspace,
)

TEAM = "T012AB3CD"
ROLE = "chatops-constructs-integ-run-script"
SCRIPT = 'test "$CHATOPS_TEXT" = "a \'b\' $(c)" && echo "it arrived: {{ssm:/x}} $$"\n'


class RunScriptStack(cdk.Stack):
    """An instance in a network of its own, and a command that runs a script there.

    Attributes:
        command: The command.
        document: The name of its document.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create both.

        Args:
            scope: The app.
            id: The stack's name.
        """
        super().__init__(scope, id)
        slack = SlackCommandEndpoint(
            self,
            "Slack",
            workspace=SlackWorkspace.team(TEAM, app="A034CD5EF"),
            credentials=SlackCredentials.from_parameters("/chatops-constructs-integ"),
        )
        self.command: EndpointCommand = slack.add_command(
            "/check",
            RunScript(SCRIPT, targets=Ec2Targets.by_tag("Role", ROLE), accepts_text=True),
            description="whether a script arrives",
            allow=Allow.workspace(),
        )
        document = self.command.action.resources["document"].node.find_child("Resource")
        self.document: str = cast("ssm.CfnDocument", document).ref
        public = ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC)
        instance = ec2.Instance(
            self,
            "Instance",
            vpc=ec2.Vpc(self, "Vpc", max_azs=1, nat_gateways=0, subnet_configuration=[public]),
            associate_public_ip_address=True,
            instance_type=ec2.InstanceType("t4g.nano"),
            machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
            require_imdsv2=True,
            role=iam.Role(
                self,
                "InstanceRole",
                assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
                managed_policies=[RunCommandInstancePolicy.of(self)],
            ),
        )
        cdk.Tags.of(instance).add("Role", ROLE)


def request(text: str) -> dict[str, object]:
    """The input that dispatch would start the command with."""
    variable = f"CHATOPS_TEXT={base64.b64encode(text.encode()).decode()}\n"
    return {
        "version": 1,
        "command": "/check",
        "text": text,
        "team_id": TEAM,
        "channel_id": "C0123OPS",
        "channel_name": "ops",
        "user_id": "U012AB3CD",
        "user_name": "taro",
        # No Slack takes it, so the execution fails at its very end, when it reports.
        "response_url": f"https://hooks.slack.com/commands/{TEAM}/1/chatops-constructs-integ",
        "script_environment": base64.b64encode(variable.encode()).decode(),
    }


app = cdk.App()
stack = RunScriptStack(app, "IntegRunScript")
test = IntegTest(app, "RunScript", test_cases=[stack])
machine = stack.command.state_machine

online = test.assertions.aws_api_call(
    "SSM", "describeInstanceInformation", {"Filters": [{"Key": "tag:Role", "Values": [ROLE]}]}
)
online.expect(ExpectedResult.object_like({"InstanceInformationList": [{"PingStatus": "Online"}]}))
online.wait_for_assertions(total_timeout=cdk.Duration.minutes(10), interval=cdk.Duration.seconds(15))

start = test.assertions.aws_api_call(
    "SFN",
    "startExecution",
    {"stateMachineArn": machine.state_machine_arn, "input": json.dumps(request("a 'b' $(c)"))},
)

sent = test.assertions.aws_api_call(
    "SSM",
    "listCommands",
    {"Filters": [{"Key": "DocumentName", "Value": stack.document}]},
)
sent.expect(ExpectedResult.object_like({"Commands": [{"Status": "Success", "TargetCount": 1, "CompletedCount": 1}]}))
sent.wait_for_assertions(total_timeout=cdk.Duration.minutes(5), interval=cdk.Duration.seconds(10))

online.next(start).next(sent)

app.synth()
