"""The function behind `/deploy`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chatops_constructs._physical_name import physical_name
from chatops_constructs.actions.function_elsewhere import FunctionElsewhere
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_runtime.contracts import delivery as contract
from chatops_runtime.contracts import environment as variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_kms as kms

    from chatops_constructs.actions.action import Action
    from chatops_constructs.slack.credentials import SlackCredentials

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
LONGEST_FUNCTION_NAME = 64
TIMEOUT = Duration.seconds(50)
# https://docs.slack.dev/reference/methods/users.lookupByEmail
SCOPES = frozenset({"users:read", "users:read.email"})


class PipelineApprovals(Construct):
    """The function that approves, rejects and tells the status; made by `DeliveryPipeline.approval_action`.

    Attributes:
        function: The function.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pipeline_name: str,
        pipeline_arn: str,
        gates: Mapping[str, str],
        credentials: SlackCredentials | None,
        people: Mapping[str, str],
        self_approval: bool,
        encryption_key: kms.IKey | None,
    ) -> None:
        """Create the function.

        Args:
            scope: The pipeline.
            id: The id in `scope`.
            pipeline_name: The pipeline's name.
            pipeline_arn: Its ARN.
            gates: By the name of a stage that needs an approval, the pipeline's stage with it.
            credentials: Where the bot token is. None: Slack is not asked who somebody is.
            people: By an author's e-mail address or login the user of Slack, or `automation`.
            self_approval: Whether people may approve what they wrote.
            encryption_key: Encrypts the log group. None: a key that AWS owns.
        """
        super().__init__(scope, id)
        self._name = physical_name(self, longest=LONGEST_FUNCTION_NAME)
        self._asks_slack = credentials is not None
        token = credentials.bot_token_parameter if credentials else None
        self.function: lambda_.Function = RuntimeFunction(
            self,
            "Function",
            handler="chatops_runtime.delivery.approval_handler.handler",
            description="approves and rejects deliveries",
            memory_size=256,
            timeout=TIMEOUT,
            environment={
                contract.PIPELINE: pipeline_name,
                contract.STAGES: json.dumps(dict(gates)),
                contract.PEOPLE: people_json(people),
                contract.SELF_APPROVAL: contract.ALLOWED if self_approval else contract.REFUSED,
                **({variables.BOT_TOKEN_PARAMETER: token} if token else {}),
            },
            encryption_key=encryption_key,
        )
        # A name that other stacks and regions know without a reference.
        cast("lambda_.CfnFunction", self.function.node.default_child).function_name = self._name
        self._let_it_answer(pipeline_arn, gates)
        if credentials is not None:
            credentials.grant_read_bot_token(self.function)

    def slack_action(self) -> Action:
        """Usage: `approve STAGE [reason…] | reject STAGE [reason…] | status`."""
        return FunctionElsewhere(
            self.function,
            name=self._name,
            purpose="the approvals of a pipeline",
            sid="InvokeApprovals",
            scopes=SCOPES if self._asks_slack else frozenset(),
        )

    def _let_it_answer(self, pipeline_arn: str, gates: Mapping[str, str]) -> None:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodepipeline.html: the first two
        # are of a pipeline, an answer is of one action of it.
        for sid, action, resources in (
            ("Look", "codepipeline:GetPipelineState", [pipeline_arn]),
            ("ReadTheCommit", "codepipeline:ListActionExecutions", [pipeline_arn]),
            (
                "Answer",
                "codepipeline:PutApprovalResult",
                [f"{pipeline_arn}/{gate}/{contract.APPROVE}" for gate in gates.values()],
            ),
        ):
            self.function.add_to_role_policy(iam.PolicyStatement(sid=sid, actions=[action], resources=resources))


def people_json(people: Mapping[str, str]) -> str:
    """`people` as the function reads them: by the author in small letters."""
    return json.dumps({author.strip().casefold(): user for author, user in people.items()}, ensure_ascii=False)
