"""What no pipeline can be made of, told before anything is made."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_codepipeline as codepipeline

from chatops_constructs import CdkSynth, DeliveryStage, GitHubSource, SlackCredentials
from tests.constructs.deliveries import CREDENTIALS, PRODUCTION, STAGING, BotsStage, new_stack, pipeline, source


class TestTheSource:
    @pytest.mark.parametrize(
        "repository", ["bots", "acme/bots/more", "https://github.com/acme/bots", "acme bots", "/bots", "acme/", "-a/b"]
    )
    def test_repository(self, repository: str) -> None:
        with pytest.raises(ValueError, match=r"repository is .*; allowed: owner/name"):
            GitHubSource(repository)

    @pytest.mark.parametrize("branch", ["", "refs/heads/main", "a b", "release/*"])
    def test_branch(self, branch: str) -> None:
        with pytest.raises(ValueError, match=r"branch is .*; allowed: the name of one branch"):
            GitHubSource("acme/bots", branch=branch)

    @pytest.mark.parametrize(
        "arn",
        [
            "",
            "arn:aws:codeconnections:us-east-1:111111111111:host/x",
            "arn:aws:codeconnections:us-east-1:1:connection/x",
            "arn:aws:iam::111111111111:role/x",
            "aaaaaaaa-1111-2222-3333-444444444444",
        ],
    )
    def test_connection(self, arn: str) -> None:
        with pytest.raises(ValueError, match=r"connection_arn is .*leave it out to have one created"):
            GitHubSource("acme/bots", connection_arn=arn)

    @pytest.mark.parametrize(
        "arn",
        [
            "arn:aws:codestar-connections:us-east-1:111111111111:connection/aaaaaaaa-1111-2222-3333-444444444444",
            "arn:aws-us-gov:codeconnections:us-gov-west-1:111111111111:connection/aaaaaaaa",
            pytest.param(cdk.Fn.import_value("Connection"), id="imported"),
        ],
    )
    def test_connections_that_are_fine(self, arn: str) -> None:
        assert GitHubSource("acme/bots", connection_arn=arn).connection_arn == arn

    @pytest.mark.parametrize("name", ["paths", "excluded_paths"])
    @pytest.mark.parametrize("patterns", [["/bots/**"], ["./bots"], [""], ["x" * 256], ["a"] * 9, "bots/**"])
    def test_patterns(self, name: str, patterns: Any) -> None:
        with pytest.raises(ValueError, match=f"{name} is "):
            source(**{name: patterns})

    def test_everything_is_told_at_once(self) -> None:
        with pytest.raises(ValueError, match=r"(?s)repository .* and branch .* and connection_arn"):
            GitHubSource("bots", branch="", connection_arn="x")


class TestSynthesising:
    @pytest.mark.parametrize("directory", ["/srv", "./bots", "bots/", "../bots", "a b", "", "bots; rm -rf ."])
    def test_directory(self, directory: str) -> None:
        with pytest.raises(ValueError, match="directory is "):
            CdkSynth.pip(directory=directory)

    @pytest.mark.parametrize("version", ["", "latest", ">=24", "24; curl x"])
    @pytest.mark.parametrize("name", ["node", "python", "cdk_cli", "cdk_assets"])
    def test_versions(self, name: str, version: str) -> None:
        settings: Any = {name: version}
        with pytest.raises(ValueError, match=f"{name} is "):
            CdkSynth.pip(**settings)

    @pytest.mark.parametrize(
        ("name", "version"), [("node", "20"), ("node", "18.20"), ("python", "3.9"), ("python", "2")]
    )
    def test_versions_that_are_out_of_support(self, name: str, version: str) -> None:
        settings: Any = {name: version}
        with pytest.raises(ValueError, match=rf"{name} is '{version}'; allowed: .* or newer"):
            CdkSynth.uv(**settings)

    def test_requirements_and_uv(self) -> None:
        with pytest.raises(ValueError, match="requirements is "):
            CdkSynth.pip("--no-deps x")
        with pytest.raises(ValueError, match="uv is "):
            CdkSynth.uv(uv="newest")

    @pytest.mark.parametrize("synth", [[], [""], ["  "]])
    def test_commands(self, synth: list[str]) -> None:
        with pytest.raises(ValueError, match="synth is "):
            CdkSynth.commands(install=[], synth=synth)


class TestThePipeline:
    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"source": "acme/bots"}, "source is 'acme/bots'; allowed: a GitHubSource"),
            ({"synth": "cdk synth"}, "synth is 'cdk synth'; allowed: a CdkSynth"),
            ({"pipeline_name": "my pipeline"}, "pipeline_name is 'my pipeline'"),
            ({"execution_mode": codepipeline.ExecutionMode.PARALLEL}, "execution_mode is .*SUPERSEDED or QUEUED"),
            ({"on_failure": ["arn:aws:sns:…"]}, "on_failure is .*topics and SlackNotifiers"),
            ({"on_approval": [None]}, "on_approval is .*topics and SlackNotifiers"),
            ({"stages": []}, "stages is .*one DeliveryStage or more"),
        ],
    )
    def test_parameters(self, changed: dict[str, Any], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            pipeline(new_stack(), **changed)

    def test_stages_that_are_none(self) -> None:
        stack = new_stack()
        with pytest.raises(ValueError, match=r"stages is .*one DeliveryStage or more"):
            pipeline(stack, stages=[BotsStage(stack, "staging", env=STAGING)])

    def test_production_without_a_word_about_approval(self) -> None:
        stack = new_stack()
        with pytest.raises(ValueError, match=r"approval of the last stage \(production\) is None; .*approval=False"):
            pipeline(stack, stages=[DeliveryStage(BotsStage(stack, "production", env=PRODUCTION))])

    def test_two_stages_of_one_name(self) -> None:
        stack = new_stack()
        other = cdk.Stack(stack.node.scope, "Other")  # type: ignore[arg-type]
        stages = [
            DeliveryStage(BotsStage(stack, "staging", env=STAGING)),
            DeliveryStage(BotsStage(other, "Staging", env=STAGING), approval=True),
        ]
        with pytest.raises(ValueError, match="stages is 'staging'; allowed: each name once"):
            pipeline(stack, stages=stages)

    @pytest.mark.parametrize("name", ["approve", "Reject", "status", "build", "Source", "assets", "pre-gate"])
    def test_names_that_are_taken(self, name: str) -> None:
        stack = new_stack()
        with pytest.raises(ValueError, match=f"the name of a stage is '{name}'"):
            pipeline(stack, stages=[DeliveryStage(BotsStage(stack, name, env=STAGING), approval=True)])

    def test_telling_of_approvals_that_never_wait(self) -> None:
        stack = new_stack()
        stage = DeliveryStage(BotsStage(stack, "production", env=PRODUCTION), approval=False)
        with pytest.raises(ValueError, match=r"on_approval is .*nobody, since no stage needs an approval"):
            pipeline(stack, stages=[stage], on_approval=[cdk.aws_sns.Topic(stack, "Topic")])

    def test_secrets_that_nobody_knows_where_to_look_for(self) -> None:
        stack = new_stack()
        with pytest.raises(ValueError, match=r"env of stage production is \(None, None\).*secrets_check=False"):
            pipeline(stack, stages=[DeliveryStage(BotsStage(stack, "production"), approval=True)])


class TestTheApprovalAction:
    def test_needs_a_stage_that_waits(self) -> None:
        stack = new_stack()
        stage = DeliveryStage(BotsStage(stack, "production", env=PRODUCTION), approval=False)
        made = pipeline(stack, stages=[stage])
        with pytest.raises(ValueError, match="one or more with approval=True"):
            made.approval_action(credentials=CREDENTIALS)

    def test_is_made_once_and_needs_to_know_people(self) -> None:
        made = pipeline(new_stack())
        with pytest.raises(ValueError, match="give credentials, or allow_self_approval=True"):
            made.approval_action()
        with pytest.raises(ValueError, match="credentials with a bot token"):
            made.approval_action(credentials=SlackCredentials.from_parameters("/ops"))
        with pytest.raises(ValueError, match=r"people\['ada'\] is 'ada'.*the id of a user of Slack"):
            made.approval_action(people={"ada": "ada"})
        with pytest.raises(ValueError, match=r"people\[' '\] is 'U012AB'"):
            made.approval_action(people={" ": "U012AB"})
        with pytest.raises(ValueError, match="people is 'a map that takes 2790 bytes'"):
            made.approval_action(people={f"{number}@example.com": "U012AB" for number in range(100)})
        made.approval_action(allow_self_approval=True)
        with pytest.raises(ValueError, match="made a second time"):
            made.approval_action(allow_self_approval=True)
