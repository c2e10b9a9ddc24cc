"""ScheduledRunCommand on a real instance: does a run succeed, and does Systems Manager's event end the wait?"""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk.aws_scheduler import ScheduleExpression
from aws_cdk.integ_tests_alpha import ExpectedResult, IntegTest, Match
from constructs import Construct

from chatops_constructs import Ec2Targets, RunOn, ScheduledRunCommand

ROLE = "chatops-constructs-integ-scheduled"


class ScheduledStack(cdk.Stack):
    """An instance in a network of its own, and a task that is started by hand.

    Attributes:
        task: The task.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create both.

        Args:
            scope: The app.
            id: The stack's name.
        """
        super().__init__(scope, id)
        topic = sns.Topic(self, "Told", enforce_ssl=True)
        self.task = ScheduledRunCommand(
            self,
            "Task",
            schedule=ScheduleExpression.rate(cdk.Duration.days(1)),
            enabled=False,
            # Long enough for the signal to be the first: the looks are at 5 s and at 75 s.
            script="sleep 20",
            expected_duration=cdk.Duration.minutes(1),
            timeout=cdk.Duration.minutes(2),
            targets=Ec2Targets.by_tag("Role", ROLE),
            run_on=RunOn.ANY_ONE,
            on_success=[topic],
            on_failure=[topic],
        )
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
                managed_policies=[self.task.instance_policy],
            ),
        )
        cdk.Tags.of(instance).add("Role", ROLE)


app = cdk.App()
stack = ScheduledStack(app, "IntegScheduledRunCommand")
test = IntegTest(app, "ScheduledRunCommand", test_cases=[stack])
machine = stack.task.state_machine

online = test.assertions.aws_api_call(
    "SSM", "describeInstanceInformation", {"Filters": [{"Key": "tag:Role", "Values": [ROLE]}]}
)
online.expect(ExpectedResult.object_like({"InstanceInformationList": [{"PingStatus": "Online"}]}))
online.wait_for_assertions(total_timeout=cdk.Duration.minutes(10), interval=cdk.Duration.seconds(15))

start = test.assertions.aws_api_call(
    "SFN", "startExecution", {"stateMachineArn": machine.state_machine_arn, "input": "{}"}
)
execution = start.get_att_string("executionArn")

ended = test.assertions.aws_api_call("SFN", "describeExecution", {"executionArn": execution})
ended.expect(ExpectedResult.object_like({"status": "SUCCEEDED"}))
ended.wait_for_assertions(total_timeout=cdk.Duration.minutes(4), interval=cdk.Duration.seconds(10))

signalled = test.assertions.aws_api_call(
    "SFN", "getExecutionHistory", {"executionArn": execution, "maxResults": 1000, "includeExecutionData": False}
)
signalled.expect(
    ExpectedResult.object_like(
        {"events": Match.array_with([Match.object_like({"stateEnteredEventDetails": {"name": "Signalled"}})])}
    )
)

online.next(start).next(ended).next(signalled)

app.synth()
