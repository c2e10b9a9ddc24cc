"""What an instance needs so that Run Command reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs

from chatops_constructs._acknowledge import LOG_STREAMS, acknowledge, acknowledge_resource
from chatops_constructs._one_per_stack import one_per_stack
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from constructs import Construct

# https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html and
# https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
AGENT_ACTIONS = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    # The agent looks whether the log group is there before it writes to it:
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-rc-setting-up-cwlogs.html
    "logs:DescribeLogGroups",
]


class RunCommandInstancePolicy(iam.ManagedPolicy):
    """A managed policy for the role in an instance's profile: what Run Command needs there, and no more.

    Creates one `AWS::IAM::ManagedPolicy` and an output with its ARN. It lets the agent register and talk to Systems
    Manager, and write the output of scripts to the log groups that the stack's actions name. It is narrower than AWS's
    `AmazonSSMManagedInstanceCore`, which also lets an instance read every SSM parameter of the account, Slack's signing
    secret among them.

    Example:
        from chatops_constructs import RunCommandInstancePolicy

        web.role.add_managed_policy(RunCommandInstancePolicy.of(self))
    """

    def __init__(self, scope: Construct, id: str) -> None:
        """Create the policy and its output; `of` gives the stack's own.

        Args:
            scope: The parent.
            id: The id in `scope`.
        """
        super().__init__(
            scope,
            id,
            description="For instance profiles: lets Systems Manager Run Command reach the instance",
            statements=[iam.PolicyStatement(sid="TalkToSystemsManager", actions=AGENT_ACTIONS, resources=["*"])],
        )
        acknowledge(
            self,
            "AwsSolutions-IAM5[Resource::*]",
            "the agent's actions have no resource types in IAM, but for one that an instance may call for itself only",
        )
        # By this mark tools that read the template find the policy.
        cast("iam.CfnManagedPolicy", self.node.default_child).add_metadata(
            template_metadata.INSTANCE_POLICY, {"version": template_metadata.VERSION}
        )
        self._log_groups: list[logs.ILogGroup] = []
        CfnOutput(
            self, "Arn", value=self.managed_policy_arn, description="Attach this policy to the roles of your instances"
        )

    def grant_write_output(self, log_group: logs.ILogGroup) -> None:
        """Let the agent write the output of scripts to `log_group`.

        Args:
            log_group: The log group that an action names as its `output_log_group`.
        """
        if log_group in self._log_groups:
            return
        self._log_groups.append(log_group)
        arn = log_group.log_group_arn
        self.add_statements(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                resources=[arn],
            ),
        )
        acknowledge_resource(self, arn, LOG_STREAMS)

    @classmethod
    def of(cls, scope: Construct) -> RunCommandInstancePolicy:
        """The policy of `scope`'s stack, created at the first call.

        Args:
            scope: Any construct in the stack.
        """
        return one_per_stack(scope, "RunCommandInstancePolicy", cls)
