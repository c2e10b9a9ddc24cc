"""CDK's own pipeline, as this library has it made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aws_cdk import Duration, pipelines
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_iam as iam

from chatops_constructs._problems import is_token
from chatops_constructs.delivery.delivery_checks import GATE
from chatops_constructs.delivery.github_source import ACTION
from chatops_constructs.delivery.secrets_check import secrets_check
from chatops_runtime.contracts import delivery as contract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from chatops_constructs.delivery.cdk_synth import CdkSynth
    from chatops_constructs.delivery.delivery_stage import DeliveryStage
    from chatops_constructs.delivery.github_source import GitHubSource

BUILD_TIMEOUT = Duration.minutes(30)
SOURCE_STAGE = "Source"


class CdkPipeline(pipelines.CodePipeline):
    """`pipelines.CodePipeline` of type V2 for one app, with a gate before each stage that needs one."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        source: GitHubSource,
        connection_arn: str,
        synth: CdkSynth,
        execution_mode: codepipeline.ExecutionMode,
        self_mutation: bool,
        build_image: codebuild.IBuildImage | None,
        compute_type: codebuild.ComputeType | None,
        artifact_bucket: s3.IBucket,
        log_group: logs.ILogGroup,
    ) -> None:
        """Create it, without a stage.

        Args:
            scope: The parent.
            id: The id in `scope`.
            name: Its name.
            source: The repository.
            connection_arn: The connection to it.
            synth: How the app is synthesised.
            execution_mode: Whether a push overtakes another one.
            self_mutation: Whether the pipeline updates itself.
            build_image: Of all builds. None: Amazon Linux 2023 for x86-64.
            compute_type: Of all builds. None: small.
            artifact_bucket: For what goes from step to step.
            log_group: For what the builds write.
        """
        self._source = source
        self._connection_arn = connection_arn
        self._synth = synth
        self._repository = pipelines.CodePipelineSource.connection(
            source.repository,
            source.branch,
            connection_arn=connection_arn,
            action_name=ACTION,
            # A filter takes the place of this: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineTriggerDeclaration.html
            trigger_on_push=True,
        )
        self._built = pipelines.CodeBuildStep(
            "Synth",
            input=self._repository,
            install_commands=synth.installing_with_cdk,
            commands=list(synth.synth_commands),
            primary_output_directory=synth.output,
        )
        super().__init__(
            scope,
            id,
            pipeline_name=name,
            # Without it CDK makes V1, which has neither filters nor rollbacks.
            pipeline_type=codepipeline.PipelineType.V2,
            execution_mode=execution_mode,
            synth=self._built,
            self_mutation=self_mutation,
            cross_account_keys=True,
            enable_key_rotation=True,
            artifact_bucket=artifact_bucket,
            # One build for all of them, none of which is an image.
            publish_assets_in_parallel=False,
            cli_version=synth.cdk_cli,
            cdk_assets_cli_version=synth.cdk_assets,
            code_build_defaults=_build_defaults(synth, build_image, compute_type, log_group),
        )

    def add_delivery(self, scope: Construct, delivery: DeliveryStage) -> None:
        """Add a stage, and before it a gate if anything has to happen first.

        Args:
            scope: The construct that the user made.
            delivery: The stage.
        """
        name = delivery.stage.stage_name
        gate = self._gate(scope, delivery)
        if gate:
            self.add_wave(f"{name}{GATE}", pre=gate)
        self.add_stage(delivery.stage, post=list(delivery.after))

    def complete(self, stages: Sequence[DeliveryStage]) -> None:
        """Build it, and add what CDK's own has no parameters for.

        Args:
            stages: All that were added.
        """
        self.build_pipeline()
        resource = cast("codepipeline.CfnPipeline", self.pipeline.node.default_child)
        trigger = self._source.trigger()
        if trigger is not None:
            # https://github.com/aws/aws-cdk/issues/35379
            resource.add_property_override("Triggers", [trigger])
        names = [stage.stage_name for stage in self.pipeline.stages]
        for each in stages:
            if each.roll_back:
                # https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback-auto.html
                place = names.index(each.stage.stage_name)
                resource.add_property_override(f"Stages.{place}.OnFailure", {"Result": "ROLLBACK"})
        self._let_source_use_the_connection()

    def _gate(self, scope: Construct, delivery: DeliveryStage) -> list[pipelines.Step]:
        """What has to happen before the stage: the approval last, so that nobody approves what cannot go through."""
        steps: list[pipelines.Step] = []
        if delivery.secrets_check:
            steps.append(
                secrets_check(scope, delivery.stage, source=self._repository, synth=self._synth, built=self._built)
            )
        steps += delivery.before
        if delivery.approval:
            approval = pipelines.ManualApprovalStep(contract.APPROVE)
            for step in steps:
                approval.add_step_dependency(step)
            steps.append(approval)
        return steps

    def _let_source_use_the_connection(self) -> None:
        # CDK allows codestar-connections:UseConnection, whatever the connection; one with the new name wants the new
        # action: https://docs.aws.amazon.com/codepipeline/latest/userguide/connections-permissions.html
        if not is_token(self._connection_arn) and ":codeconnections:" not in self._connection_arn:
            return
        action = self.pipeline.node.find_child(SOURCE_STAGE).node.find_child(ACTION)
        role = cast("iam.Role", action.node.find_child("CodePipelineActionRole"))
        role.add_to_policy(
            iam.PolicyStatement(
                sid="UseTheConnection", actions=["codeconnections:UseConnection"], resources=[self._connection_arn]
            )
        )


def _build_defaults(
    synth: CdkSynth,
    build_image: codebuild.IBuildImage | None,
    compute_type: codebuild.ComputeType | None,
    log_group: logs.ILogGroup,
) -> pipelines.CodeBuildOptions:
    versions: dict[str, Any] = {"nodejs": synth.node, "python": synth.python}
    return pipelines.CodeBuildOptions(
        build_environment=codebuild.BuildEnvironment(
            build_image=build_image or codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
            compute_type=compute_type or codebuild.ComputeType.SMALL,
            privileged=False,
        ),
        partial_build_spec=codebuild.BuildSpec.from_object({"phases": {"install": {"runtime-versions": versions}}}),
        logging=codebuild.LoggingOptions(cloud_watch=codebuild.CloudWatchLoggingOptions(log_group=log_group)),
        timeout=BUILD_TIMEOUT,
    )
