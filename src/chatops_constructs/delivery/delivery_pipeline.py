"""From a push to production, with an approval in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from chatops_constructs._asked_once import arn_beside
from chatops_constructs._log_group import own_log_group
from chatops_constructs._physical_name import physical_name
from chatops_constructs._problems import Problems
from chatops_constructs.delivery.approval_checks import check_approvals
from chatops_constructs.delivery.artifact_bucket import artifact_bucket as own_bucket
from chatops_constructs.delivery.cdk_pipeline import CdkPipeline
from chatops_constructs.delivery.delivery_checks import GATE, check_parameters, check_places, check_stages
from chatops_constructs.delivery.delivery_findings import acknowledge_pipeline
from chatops_constructs.delivery.delivery_stage import DeliveryStage
from chatops_constructs.delivery.pipeline_approvals import PipelineApprovals
from chatops_constructs.delivery.pipeline_notices import PipelineNotices, is_target
from chatops_constructs.slack.command_button import CommandButton
from chatops_runtime.contracts import pipeline_notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_sns as sns

    from chatops_constructs.actions.action import Action
    from chatops_constructs.delivery.cdk_synth import CdkSynth
    from chatops_constructs.delivery.github_source import GitHubSource
    from chatops_constructs.slack.credentials import SlackCredentials
    from chatops_constructs.slack.notifier import SlackNotifier

# https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html
LONGEST_PIPELINE_NAME = 100

APPROVALS = "Approvals"

TOLD_BY = {
    pipeline_notice.WAITING: "on_approval",
    pipeline_notice.FAILED: "on_failure",
    pipeline_notice.SUCCEEDED: "on_success",
}
"""The parameters that name who is told, by the outcome."""


class DeliveryPipeline(Construct):
    """Delivers a CDK app from a push to production: synthesised once, checked, deployed stage after stage.

    A pipeline of CodePipeline, type V2, made of CDK's own `pipelines.CodePipeline`: it updates itself, publishes
    assets, and deploys each stage to its account. The repository comes through a connection of CodeConnections, so that
    there is no token. Builds run on a pinned Node and Python, install by hash, and need no Docker and no privileged
    mode.

    Before a stage there is a stage of the pipeline called `<stage>-gate`: its secrets are looked for in the stage's
    account, the steps of `before` run, and then, if so wanted, it waits for an approval: in the console of
    CodePipeline, or in Slack with `approval_action`.

    The stack that it is in needs an account and a region if a stage is in another one, and accounts that trust it:
    `cdk bootstrap --trust`. Push what this creates first with `cdk deploy`, once; from then on it deploys itself.

    Example:
        import aws_cdk as cdk
        from chatops_constructs import CdkSynth, DeliveryPipeline, DeliveryStage, GitHubSource

        class Delivery(cdk.Stack):
            def __init__(self, scope, id):
                super().__init__(scope, id, env=cdk.Environment(account="111111111111", region="us-east-1"))
                staging = cdk.Environment(account="222222222222", region="us-east-1")
                production = cdk.Environment(account="333333333333", region="us-east-1")
                self.delivery = DeliveryPipeline(
                    self,
                    "Delivery",
                    source=GitHubSource("acme/bots", branch="main"),
                    synth=CdkSynth.pip(),
                    stages=[
                        DeliveryStage(BotsStage(self, "staging", env=staging)),
                        DeliveryStage(BotsStage(self, "production", env=production), approval=True),
                    ],
                )

    Attributes:
        pipeline: The pipeline, built: nothing can be added to it.
        pipeline_name: Its name, in plain.
        pipeline_arn: Its ARN.
        artifact_bucket: Holds what goes from step to step.
        log_group: Takes what the builds write.
        connection_arn: The connection to GitHub.
        notices: What tells of waiting approvals, failures and successes; None if nobody is told.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        source: GitHubSource,
        synth: CdkSynth,
        stages: Sequence[DeliveryStage],
        pipeline_name: str | None = None,
        execution_mode: codepipeline.ExecutionMode = codepipeline.ExecutionMode.SUPERSEDED,
        self_mutation: bool = True,
        build_image: codebuild.IBuildImage | None = None,
        compute_type: codebuild.ComputeType | None = None,
        on_approval: Sequence[sns.ITopic | SlackNotifier] = (),
        on_failure: Sequence[sns.ITopic | SlackNotifier] = (),
        on_success: Sequence[sns.ITopic | SlackNotifier] = (),
        artifact_bucket: s3.IBucket | None = None,
        encryption_key: kms.IKey | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> None:
        """Create the pipeline.

        Args:
            scope: The parent: a stack.
            id: The id in `scope`.
            source: The repository and its branch.
            synth: How the app is synthesised.
            stages: Where it goes, in this order.
            pipeline_name: The pipeline's name. Default: one made of the construct's path.
            execution_mode: What becomes of a push while an earlier one is on its way: with `SUPERSEDED` it overtakes
                the ones that wait between two stages, with `QUEUED` none is left out. Default: SUPERSEDED.
            self_mutation: Whether the pipeline brings itself up to date before it deploys. Default: True.
            build_image: The image of the builds; it has to have the Node and the Python of `synth`. Default: Amazon
                Linux 2023 for x86-64.
            compute_type: The size of their machines. Default: small.
            on_approval: Topics and notifiers that are told when an approval waits. Default: none.
            on_failure: Those that are told when an execution failed. Default: none.
            on_success: Those that are told when one went through to its end. Default: none.
            artifact_bucket: An existing bucket for the artifacts; its key has to let the stages' accounts in. Default:
                an own one, which keeps them for 90 days.
            encryption_key: A customer-managed key for the own bucket, the log group and queue. Default: an own key for
                the bucket, keys of AWS for the rest.
            log_group: An existing log group for the builds. Default: an own one, kept for one month.

        Raises:
            ValueError: A parameter is not as described; the text names it, what is allowed and what to do.
        """
        super().__init__(scope, id)
        told = {
            pipeline_notice.WAITING: on_approval,
            pipeline_notice.FAILED: on_failure,
            pipeline_notice.SUCCEEDED: on_success,
        }
        self._check(
            stages, told, source=source, synth=synth, pipeline_name=pipeline_name, execution_mode=execution_mode
        )
        self._encryption_key = encryption_key
        self._gates = {
            each.stage.stage_name: f"{each.stage.stage_name}{GATE}" for each in stages if each.approval is True
        }
        self.pipeline_name: str = pipeline_name or physical_name(self, longest=LONGEST_PIPELINE_NAME)
        self.pipeline_arn: str = arn_beside(self, "codepipeline", self.pipeline_name)
        self.connection_arn: str = source.connection(self)
        self.artifact_bucket: s3.IBucket = artifact_bucket or own_bucket(self, encryption_key=encryption_key)
        self.log_group: logs.ILogGroup = log_group or own_log_group(self, "Builds", encryption_key=encryption_key)
        whole = CdkPipeline(
            self,
            "Pipeline",
            name=self.pipeline_name,
            source=source,
            connection_arn=self.connection_arn,
            synth=synth,
            execution_mode=execution_mode,
            self_mutation=self_mutation,
            build_image=build_image,
            compute_type=compute_type,
            artifact_bucket=self.artifact_bucket,
            log_group=self.log_group,
        )
        for each in stages:
            whole.add_delivery(self, each)
        whole.complete(stages)
        self.pipeline: codepipeline.Pipeline = whole.pipeline
        acknowledge_pipeline(whole, self.artifact_bucket)
        self.notices: PipelineNotices | None = self._create_notices(told)

    def approval_action(
        self,
        *,
        credentials: SlackCredentials | None = None,
        people: Mapping[str, str] | None = None,
        allow_self_approval: bool = False,
    ) -> Action:
        """`approve STAGE [reason…]`, `reject STAGE [reason…]` and `status`, as a command of Slack.

        Who may is what `allow` of the command says; and nobody may approve what they wrote. Who wrote it is the author
        of the commit that the execution is of: found in `people`, or else asked from Slack by the e-mail address. If
        that cannot be told, the approval is refused. An endpoint in another stack or region of the account will do.

        Example:
            from chatops_constructs import Allow, SlackCredentials

            slack.add_command(
                "/deploy",
                delivery.approval_action(
                    credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
                    people={"octocat": "U012AB", "renovate[bot]": "automation"},
                ),
                description="approves deliveries",
                allow=Allow.user_group("S0RELEASE"),
            )

        Args:
            credentials: Where the bot token is, with which Slack is asked who has an e-mail address. The app needs the
                scopes `users:read` and `users:read.email`. Default: those in `people` are known, and nobody else.
            people: The Slack user's id by an author's e-mail address or login at GitHub, for those whose commits have
                another address than their Slack account; `"automation"` for what is no person, whose commits everybody
                who is allowed may approve. Default: nobody.
            allow_self_approval: Whether people may approve what they wrote, and everything whose author is unknown.
                Default: False.

        Raises:
            ValueError: No stage waits for an approval, the action was made before, or a parameter is not as described.
        """
        people = people or {}
        problems = Problems(self)
        check_approvals(
            problems,
            gates=self._gates,
            is_made=self.node.try_find_child(APPROVALS) is not None,
            credentials=credentials,
            people=people,
            allow_self_approval=allow_self_approval,
        )
        problems.raise_if_any()
        return PipelineApprovals(
            self,
            APPROVALS,
            pipeline_name=self.pipeline_name,
            pipeline_arn=self.pipeline_arn,
            gates=self._gates,
            credentials=None if allow_self_approval else credentials,
            people=people,
            self_approval=allow_self_approval,
            encryption_key=self._encryption_key,
        ).slack_action()

    @staticmethod
    def approval_buttons(command: str) -> list[CommandButton]:
        """Buttons for a notifier of `on_approval`, which approve and reject the execution that its notice shows.

        A click runs the command as whoever clicked, in that channel. Below other notices there are none.

        Example:
            from chatops_constructs import DeliveryPipeline, SlackCredentials, SlackNotifier

            releases = SlackNotifier(
                self,
                "Releases",
                channel="C0RELEASES",
                credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True),
                commands=DeliveryPipeline.approval_buttons("/deploy"),
            )

        Args:
            command: The command with `approval_action`.
        """
        pattern = pipeline_notice.WAITING_PATTERN
        return [
            CommandButton(command, label=label, argument_from=pattern, text=label.lower())
            for label in ("Approve", "Reject")
        ]

    def _check(
        self,
        stages: Sequence[DeliveryStage],
        told: Mapping[str, Sequence[sns.ITopic | SlackNotifier]],
        **others: Any,  # noqa: ANN401 - of `check_parameters`
    ) -> None:
        problems = Problems(self)
        check_parameters(problems, **others)
        named = {each.stage.stage_name: each for each in stages if isinstance(each, DeliveryStage)}
        check_stages(problems, stages, [each.stage.stage_name for each in stages if isinstance(each, DeliveryStage)])
        checked = {name: each.stage for name, each in named.items() if each.secrets_check}
        check_places(problems, {name: (stage.account, stage.region) for name, stage in checked.items()})
        problems.check(
            not told[pipeline_notice.WAITING] or any(each.approval for each in named.values()),
            "on_approval",
            told[pipeline_notice.WAITING],
            "nobody, since no stage needs an approval",
            "leave it out, or write DeliveryStage(…, approval=True)",
        )
        for outcome, targets in told.items():
            problems.check(
                all(map(is_target, targets)),
                TOLD_BY[outcome],
                targets,
                "topics and SlackNotifiers",
                "give an sns.Topic or a SlackNotifier",
            )
        problems.raise_if_any()

    def _create_notices(self, told: Mapping[str, Sequence[sns.ITopic | SlackNotifier]]) -> PipelineNotices | None:
        if not any(told.values()):
            return None
        return PipelineNotices(
            self,
            "Notices",
            pipeline_name=self.pipeline_name,
            pipeline_arn=self.pipeline_arn,
            gates=self._gates,
            told=told,
            encryption_key=self._encryption_key,
        )
