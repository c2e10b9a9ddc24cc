"""The role that another account or region has for an endpoint's commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_cdk import Aws, CfnOutput, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from chatops_constructs._log_group import let_logs_use
from chatops_constructs._problems import Problems, matches
from chatops_constructs.accounts.target_account import ROLE_NAME, output_log_name

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from chatops_constructs.actions.log_search import LogSearch
    from chatops_constructs.actions.run_script import RunScript
    from chatops_constructs.run_command.script_document import ScriptDocument

ACCOUNT_ID = re.compile(r"[0-9]{12}")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


class TargetAccountRole(Construct):
    """Lets commands of an endpoint in another account or region work in this one, and do what is named here, only.

    Put it into a stack of the account and region that the commands are to reach, and name its role at the action, with
    `account=TargetAccount(…)`. The same action object, or one that is made by the same function, is given to both
    stacks, so that both mean the same script.

    Creates a role with a name of its own that the endpoint's stack may take, an output with its ARN and, with the first
    script, a log group for the output. Each script adds an SSM document, whose name holds a hash of the script: a
    command whose script differs from what was allowed here finds none, and says so.

    Example:
        from aws_cdk import Stack
        from chatops_constructs import Ec2Targets, RunScript, TargetAccount, TargetAccountRole

        def restart() -> RunScript:
            return RunScript(
                "systemctl restart nginx",
                targets=Ec2Targets.by_tag("Role", "web"),
                account=TargetAccount("arn:aws:iam::222222222222:role/chatops-ops"),
            )

        class ProductionStack(Stack):
            def __init__(self, scope, id, **kwargs):
                super().__init__(scope, id, **kwargs)
                ops = TargetAccountRole(
                    self, "Ops", role_name="chatops-ops", trusted_account="111111111111", trusted_stack="Ops"
                )
                ops.allow_script("Restart", restart())

    Attributes:
        role: The role.
        role_name: Its name.
        documents: The documents of the scripts so far, by id.
        output_log_group: Where the agents write what scripts print; None before the first script.
        role_arn_output: The output with the role's ARN.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        role_name: str,
        trusted_account: str,
        trusted_stack: str | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> None:
        """Create the role, which may do nothing yet.

        Args:
            scope: The parent.
            id: The id in `scope`.
            role_name: The role's name: up to 64 letters, digits, `.`, `-` and `_`, not `aws` or `amazon` in front. The
                names of the documents and of the log group begin with it.
            trusted_account: The id of the endpoint's account.
            trusted_stack: The name of the endpoint's stack: only roles that CloudFormation made for it may take this
                one. Default: any role of that account whose policies let it.
            encryption_key: A customer-managed key for the log group. Default: a key that AWS owns.

        Raises:
            ValueError: A name or the id is none.
        """
        super().__init__(scope, id)
        problems = Problems(self)
        problems.check(
            matches(ROLE_NAME, role_name),
            "role_name",
            role_name,
            "1 to 64 letters, digits, '.', '-' and '_', not aws or amazon in front",
            "write it like 'chatops-ops'",
            tokens=False,
        )
        problems.check(
            matches(ACCOUNT_ID, trusted_account),
            "trusted_account",
            trusted_account,
            "the 12 digits of an account's id",
            "copy it from the endpoint's account",
        )
        problems.check(
            trusted_stack is None or matches(STACK_NAME, trusted_stack),
            "trusted_stack",
            trusted_stack,
            "the name of a stack",
            "leave it out to trust the account",
            tokens=False,
        )
        problems.raise_if_any()
        self.role_name = role_name
        self.documents: dict[str, ScriptDocument] = {}
        self.output_log_group: logs.ILogGroup | None = None
        self._encryption_key = encryption_key
        self.role = iam.Role(
            self,
            "Role",
            role_name=role_name,
            assumed_by=_trusted(trusted_account, trusted_stack),
            description=f"What commands from Slack may do here; taken by account {trusted_account}",
        )
        self.role_arn_output = CfnOutput(
            self, "RoleArn", value=self.role.role_arn, description="For TargetAccount(…) at the endpoint's actions"
        )

    def allow_script(self, id: str, action: RunScript) -> ScriptDocument:
        """Let the role run a script here, on the action's targets.

        IAM holds script and instances apart, so that of several scripts with different targets each may be sent to all
        of these: give what has to be kept apart a `TargetAccountRole` each.

        Args:
            id: The id of the document in this construct.
            action: The action, as the endpoint has it.

        Returns:
            The document with the script.

        Raises:
            ValueError: The action names another role.
        """
        document = action.allow_elsewhere(
            self, id, role_name=self.role_name, role=self.role, output_log_group=self._output()
        )
        self.documents[id] = document
        return document

    def allow_log_search(self, action: LogSearch) -> None:
        """Let the role search the action's log groups, which are of this account and region then.

        Args:
            action: The action, as the endpoint has it.

        Raises:
            ValueError: The action names another role.
        """
        action.allow_elsewhere(self, role_name=self.role_name, role=self.role)

    def _output(self) -> logs.ILogGroup:
        if self.output_log_group is None:
            if self._encryption_key is not None:
                let_logs_use(self._encryption_key, self)
            self.output_log_group = logs.LogGroup(
                self,
                "Output",
                log_group_name=output_log_name(self.role_name),
                retention=logs.RetentionDays.ONE_MONTH,
                removal_policy=RemovalPolicy.DESTROY,
                encryption_key=self._encryption_key,
            )
        return self.output_log_group


def _trusted(account: str, stack: str | None) -> iam.IPrincipal:
    principal = iam.AccountPrincipal(account)
    if stack is None:
        return principal
    # Names that CloudFormation makes begin with the stack's:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    roles = f"arn:{Aws.PARTITION}:iam::{account}:role/{stack}-*"
    return principal.with_conditions({"ArnLike": {"aws:PrincipalArn": roles}})
