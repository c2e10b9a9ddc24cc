"""DeliveryPipeline: what CodePipeline, CodeBuild and the roles become."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

from chatops_constructs import CdkSynth, DeliveryStage, GitHubSource
from tests.constructs.deliveries import (
    CONNECTION,
    PRODUCTION,
    STAGING,
    BotsStage,
    actions_of,
    maximal,
    minimal,
    new_stack,
    pipeline,
    source,
    stages_of,
)
from tests.constructs.stacks import Synthesised, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKUP_ROLE = "arn:<AWS::Partition>:iam::{account}:role/cdk-hnb659fds-lookup-role-{account}-us-east-1"


def synthesised(stack: cdk.Stack) -> Synthesised:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    return Synthesised.of(app, stack)


def buildspec(of: Synthesised, part_of_id: str) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(text_of(of.only("CodeBuild::Project", part_of_id)["Source"]["BuildSpec"]))
    return spec


def commands(spec: dict[str, Any]) -> list[str]:
    return [command for phase in spec["phases"].values() for command in phase["commands"]]


def allowed(of: Synthesised) -> Iterator[tuple[str, str, Any]]:
    """The policy, the action and the resource of all that any role here may."""
    for id, policy in of.resources("IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            actions, resources = statement["Action"], statement["Resource"]
            for action in [actions] if isinstance(actions, str) else actions:
                for resource in resources if isinstance(resources, list) else [resources]:
                    yield id, action, resource


class TestThePipeline:
    def test_is_v2_and_a_push_overtakes_one_that_waits(self) -> None:
        made = minimal().only("CodePipeline::Pipeline")
        assert (made["PipelineType"], made["ExecutionMode"]) == ("V2", "SUPERSEDED")

    def test_goes_from_the_source_to_production(self) -> None:
        assert list(stages_of(minimal())) == [
            "Source",
            "Build",
            "UpdatePipeline",
            "Assets",
            "staging-gate",
            "staging",
            "production-gate",
            "production",
        ]

    def test_approval_comes_last_before_its_stage(self) -> None:
        stages = stages_of(maximal())
        assert actions_of(stages["staging-gate"]) == {"Secrets": 1}
        assert actions_of(stages["production-gate"]) == {"Secrets": 1, "Load": 1, "Approve": 2}
        approval = next(one for one in stages["production-gate"]["Actions"] if one["Name"] == "Approve")
        assert approval["ActionTypeId"] == {
            "Category": "Approval",
            "Owner": "AWS",
            "Provider": "Manual",
            "Version": "1",
        }

    def test_tests_come_after_the_deployment(self) -> None:
        assert actions_of(stages_of(maximal())["staging"]) == {
            "Bots.Prepare": 1,
            "Bots.Deploy": 2,
            "Smoke": 3,
        }

    def test_a_stage_without_anything_before_it_has_no_gate(self) -> None:
        stack = new_stack()
        stage = DeliveryStage(BotsStage(stack, "staging", env=STAGING), approval=False, secrets_check=False)
        pipeline(stack, stages=[stage])
        assert list(stages_of(synthesised(stack)))[-2:] == ["Assets", "staging"]

    def test_rolls_back_what_is_to_be_and_no_gate(self) -> None:
        rolled = {
            name for name, stage in stages_of(maximal()).items() if stage.get("OnFailure") == {"Result": "ROLLBACK"}
        }
        assert rolled == {"staging", "production"}
        assert not any("OnFailure" in stage for stage in stages_of(minimal()).values())

    def test_can_keep_every_push_and_leave_itself_as_it_is(self) -> None:
        stack = new_stack()
        made = pipeline(
            stack,
            execution_mode=codepipeline.ExecutionMode.QUEUED,
            self_mutation=False,
            pipeline_name="bots",
        )
        of = synthesised(stack)
        declared = of.only("CodePipeline::Pipeline")
        assert (declared["ExecutionMode"], declared["Name"], made.pipeline_name) == ("QUEUED", "bots", "bots")
        assert "UpdatePipeline" not in stages_of(of)


class TestTheSource:
    def test_is_a_connection_and_neither_a_token_nor_a_webhook(self) -> None:
        (action,) = stages_of(minimal())["Source"]["Actions"]
        assert action["ActionTypeId"]["Provider"] == "CodeStarSourceConnection"
        configuration = action["Configuration"]
        assert configuration["ConnectionArn"] == CONNECTION
        assert (configuration["FullRepositoryId"], configuration["BranchName"]) == ("acme/bots", "main")
        assert "OAuthToken" not in json.dumps(minimal().template)
        assert minimal().count("CodePipeline::Webhook") == 0

    def test_without_a_filter_the_connection_tells_of_every_push_to_the_branch(self) -> None:
        assert "Triggers" not in minimal().only("CodePipeline::Pipeline")
        (action,) = stages_of(minimal())["Source"]["Actions"]
        assert action["Configuration"]["DetectChanges"] is True

    def test_filters_by_the_files_of_a_push(self) -> None:
        (trigger,) = maximal().only("CodePipeline::Pipeline")["Triggers"]
        assert trigger == {
            "ProviderType": "CodeStarSourceConnection",
            "GitConfiguration": {
                "SourceActionName": "GitHub",
                "Push": [
                    {
                        "Branches": {"Includes": ["main"]},
                        "FilePaths": {"Includes": ["bots/**"], "Excludes": ["**/*.md"]},
                    }
                ],
            },
        }
        (action,) = stages_of(maximal())["Source"]["Actions"]
        assert action["Name"] == "GitHub"

    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            ({"paths": ["a/**"]}, {"Includes": ["a/**"]}),
            ({"excluded_paths": ["docs/**"]}, {"Excludes": ["docs/**"]}),
        ],
    )
    def test_filters_by_one_of_both_lists(self, paths: dict[str, list[str]], expected: dict[str, list[str]]) -> None:
        trigger: Any = source(**paths).trigger()
        assert trigger["GitConfiguration"]["Push"][0]["FilePaths"] == expected

    def test_may_use_a_connection_with_the_new_name_by_its_own_action(self) -> None:
        uses = {action for _, action, resource in allowed(minimal()) if resource == CONNECTION}
        assert uses == {"codestar-connections:UseConnection", "codeconnections:UseConnection"}

    def test_may_use_a_connection_with_the_old_name_as_ever(self) -> None:
        old = CONNECTION.replace("codeconnections", "codestar-connections")
        stack = new_stack()
        pipeline(stack, source=source(connection_arn=old))
        uses = {action for _, action, resource in allowed(synthesised(stack)) if resource == old}
        assert uses == {"codestar-connections:UseConnection"}

    def test_makes_a_connection_and_says_that_somebody_has_to_finish_it(self) -> None:
        stack = new_stack()
        made = pipeline(stack, source=GitHubSource("acme/bots"))
        of = synthesised(stack)
        connection = of.only("CodeConnections::Connection")
        assert connection["ProviderType"] == "GitHub"
        assert len(connection["ConnectionName"]) <= 32
        (output,) = (one for id, one in of.template["Outputs"].items() if "ConnectionToFinish" in id)
        assert output["Description"].startswith("PENDING")
        assert stack.resolve(made.connection_arn) == output["Value"]
        uses = {action for _, action, resource in allowed(of) if resource == output["Value"]}
        assert uses == {"codestar-connections:UseConnection", "codeconnections:UseConnection"}


class TestBuilds:
    def test_none_is_privileged(self) -> None:
        for of in (minimal(), maximal()):
            projects = of.resources("CodeBuild::Project")
            assert len(projects) >= 5
            assert {project["Environment"]["PrivilegedMode"] for project in projects.values()} == {False}

    def test_all_have_the_same_node_and_python(self) -> None:
        for id, project in minimal().resources("CodeBuild::Project").items():
            text = text_of(project["Source"]["BuildSpec"])
            if text.startswith("buildspec-"):  # in a file of the cloud assembly: of the assets
                text = (minimal().directory / text).read_text(encoding="utf-8")
            assert '"nodejs": "24"' in text, id
            assert '"python": "3.13"' in text, id
            assert project["Environment"]["Image"] == "aws/codebuild/amazonlinux-x86_64-standard:5.0"

    def test_synthesising_installs_by_hash_and_a_pinned_command_line(self) -> None:
        spec = buildspec(minimal(), "Synth")
        assert commands(spec) == [
            "python -m pip install --require-hashes --requirement requirements.txt",
            "npm install --global --no-fund --no-audit aws-cdk@2.1148.1",
            "cdk synth --quiet",
        ]
        assert spec["artifacts"] == {"base-directory": "cdk.out", "files": ["**/*"]}

    def test_synthesising_with_uv_keeps_to_its_lock_in_a_folder(self) -> None:
        spec = buildspec(maximal(), "Synth")
        assert commands(spec) == [
            "cd services/bots",
            "python -m pip install uv==0.13.9",
            "uv sync --frozen",
            "npm install --global --no-fund --no-audit aws-cdk@2.1148.1",
            "uv run --frozen cdk synth --quiet",
        ]
        assert spec["artifacts"]["base-directory"] == "services/bots/cdk.out"

    def test_synthesising_can_be_anything(self) -> None:
        stack = new_stack()
        synth = CdkSynth.commands(install=["make deps"], synth=["make test", "make synth"], node="22", python="3.12")
        pipeline(stack, synth=synth)
        spec = buildspec(synthesised(stack), "Synth")
        assert commands(spec) == ["make deps", "make test", "make synth"]
        assert spec["phases"]["install"]["runtime-versions"] == {"nodejs": "22", "python": "3.12"}

    def test_cdks_own_steps_use_pinned_releases(self) -> None:
        assert "npm install -g aws-cdk@2.1148.1" in commands(buildspec(minimal(), "SelfMutation"))
        project = minimal().only("CodeBuild::Project", "AssetsFile")
        spec = (minimal().directory / text_of(project["Source"]["BuildSpec"])).read_text(encoding="utf-8")
        assert "cdk-assets@4.7.3" in spec

    def test_cdks_own_steps_use_the_releases_that_are_named(self) -> None:
        stack = new_stack()
        pipeline(stack, synth=CdkSynth.pip(cdk_cli="2.2000.0", cdk_assets="4.8.0"))
        of = synthesised(stack)
        assert "aws-cdk@2.2000.0" in " ".join(commands(buildspec(of, "Synth")))
        assert "aws-cdk@2.2000.0" in " ".join(commands(buildspec(of, "SelfMutation")))
        project = of.only("CodeBuild::Project", "AssetsFile")
        spec = (of.directory / text_of(project["Source"]["BuildSpec"])).read_text(encoding="utf-8")
        assert "cdk-assets@4.8.0" in spec

    def test_one_build_publishes_all_assets(self) -> None:
        assert list(actions_of(stages_of(maximal())["Assets"])) == ["FileAssets"]

    def test_write_to_one_log_group_that_ends(self) -> None:
        group = minimal().only("Logs::LogGroup")
        assert group["RetentionInDays"] == 30
        groups = {
            json.dumps(project["LogsConfig"]["CloudWatchLogs"]["GroupName"])
            for project in minimal().resources("CodeBuild::Project").values()
        }
        assert len(groups) == 1

    def test_can_be_bigger_and_of_another_image(self) -> None:
        stack = new_stack()
        pipeline(
            stack,
            build_image=codebuild.LinuxBuildImage.STANDARD_7_0,
            compute_type=codebuild.ComputeType.LARGE,
            log_group=logs.LogGroup.from_log_group_name(stack, "Mine", "/builds"),
        )
        for project in synthesised(stack).resources("CodeBuild::Project").values():
            assert project["Environment"]["Image"] == "aws/codebuild/standard:7.0"
            assert project["Environment"]["ComputeType"] == "BUILD_GENERAL1_LARGE"
            assert project["LogsConfig"]["CloudWatchLogs"]["GroupName"] == "/builds"


class TestTheSecretsCheck:
    @pytest.mark.parametrize(("stage", "account"), [("staging", "222222222222"), ("production", "333333333333")])
    def test_looks_in_the_stages_account_with_one_right(self, stage: str, account: str) -> None:
        role = LOOKUP_ROLE.format(account=account)
        assert commands(buildspec(minimal(), f"{stage}gate"))[-1] == (
            f"chatops-constructs secrets check cdk.out --stage {stage} --values no --role-arn {role}"
        )
        assumed = [
            text_of(resource)
            for policy, action, resource in allowed(minimal())
            if f"{stage}gateSecrets" in policy and action == "sts:AssumeRole"
        ]
        assert assumed == [role]

    def test_looks_at_what_was_synthesised(self) -> None:
        link, install, check = commands(buildspec(minimal(), "staginggate"))
        assert 'ln -s -- "$CODEBUILD_SRC_DIR_Synth_Output" "cdk.out"' in link
        assert "--require-hashes" in install
        assert check.startswith("chatops-constructs secrets check cdk.out")

    def test_runs_in_the_environment_of_uv(self) -> None:
        assert commands(buildspec(maximal(), "staginggate"))[-1].startswith("uv run --frozen chatops-constructs ")

    def test_knows_another_bootstrapping(self) -> None:
        app = cdk.App(context={"@aws-cdk/core:bootstrapQualifier": "acme"}, analytics_reporting=False)
        stack = cdk.Stack(app, "Tools", env=PRODUCTION)
        pipeline(stack)
        assert (
            ":role/cdk-acme-lookup-role-222222222222-us-east-1"
            in commands(buildspec(Synthesised.of(app, stack), "staginggate"))[-1]
        )


class TestArtifacts:
    def test_are_encrypted_and_gone_after_a_while(self) -> None:
        bucket = minimal().only("S3::Bucket")
        rule = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 90
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert minimal().only("KMS::Key")["EnableKeyRotation"] is True

    def test_are_encrypted_with_the_key_that_is_given(self) -> None:
        assert maximal().count("KMS::Key") == 1

    def test_may_be_read_where_they_are_deployed(self) -> None:
        """By the roles of CDK's bootstrapping in the stages' accounts, through the bucket's and the key's policies."""
        policies = json.dumps([minimal().only("S3::BucketPolicy"), minimal().only("KMS::Key")["KeyPolicy"]])
        for account in ("222222222222", "333333333333"):
            assert policies.count(f":iam::{account}:role/cdk-hnb659fds-deploy-role-{account}-us-east-1") >= 2

    def test_may_be_in_a_bucket_of_ones_own(self) -> None:
        stack = new_stack()
        made = pipeline(stack, artifact_bucket=s3.Bucket(stack, "Mine", encryption=s3.BucketEncryption.KMS))
        assert synthesised(stack).count("S3::Bucket") == 1
        assert made.artifact_bucket.node.id == "Mine"


class TestRights:
    def test_no_action_of_ours_is_for_everything(self) -> None:
        """What is left is CDK's own: `delivery_findings`."""
        everywhere = {(id, action) for id, action, resource in allowed(maximal()) if resource == "*"}
        ours = {one for one in everywhere if "Delivery" in one[0]}
        policies = {id for id, _ in ours}
        assert {"SelfMutation" in id or "AssetsFileRole" in id for id in policies} == {True}

    def test_the_approvals_may_look_and_answer_and_nothing_else(self) -> None:
        pipeline_arn = "arn:<AWS::Partition>:codepipeline:us-east-1:111111111111:Tools_Delivery_"
        rights = {
            (action, text_of(resource).partition("Tools_Delivery_")[2].partition("/")[2])
            for id, action, resource in allowed(maximal())
            if "DeliveryApprovals" in id
            and action.startswith("codepipeline:")
            and text_of(resource).startswith(pipeline_arn)
        }
        assert rights == {
            ("codepipeline:GetPipelineState", ""),
            ("codepipeline:ListActionExecutions", ""),
            ("codepipeline:PutApprovalResult", "production-gate/Approve"),
        }
        others = {
            action
            for id, action, _ in allowed(maximal())
            if "DeliveryApprovals" in id and not action.startswith(("codepipeline:", "logs:"))
        }
        assert others == {"ssm:GetParameter"}

    def test_the_notices_may_read_and_tell_and_nothing_else(self) -> None:
        rights = {
            action for id, action, _ in allowed(maximal()) if "DeliveryNotices" in id and not action.startswith("logs:")
        }
        assert rights == {
            "codepipeline:ListActionExecutions",
            "sns:Publish",
            "sqs:SendMessage",
            "kms:Decrypt",
            "kms:GenerateDataKey",
        }
