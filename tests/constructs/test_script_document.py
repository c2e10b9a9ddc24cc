"""The SSM document of a script: what is in it, and how much fits."""

from __future__ import annotations

import base64
import gzip
import json
import re
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import aws_s3 as s3

from chatops_constructs import RunScript
from tests.constructs.longest_values import LongestValues
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, new_stack, text_of

if TYPE_CHECKING:
    import aws_cdk as cdk

MOST_CHARACTERS = 65_536
"""https://docs.aws.amazon.com/general/latest/gr/ssm.html: a document's content, 64 KB."""


def synthesise(script: str, **options: Any) -> Synthesised:
    app, stack = new_stack()
    # The longest of names: the document's description holds it.
    add(endpoint(stack), f"/{'p' * 31} {'s' * 32}", RunScript(script, targets=WEB), **options)
    return Synthesised.of(app, stack)


def content(script: str, **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = synthesise(script, **options).only("SSM::Document")["Content"]
    return document


def lines(document: dict[str, Any]) -> list[Any]:
    (step,) = document["mainSteps"]
    found: list[Any] = step["inputs"]["runCommand"]
    return found


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return content("echo '{{ Environment }} {{ssm:/prod/db}} $$ `id`'")


class TestContent:
    def test_is_a_shell_command_of_schema_2_2(self, document: dict[str, Any]) -> None:
        assert document["schemaVersion"] == "2.2"
        assert document["mainSteps"][0]["action"] == "aws:runShellScript"
        assert list(document["parameters"]) == ["Environment", "TaskToken"]

    def test_the_parameter_takes_nothing_but_base64(self, document: dict[str, Any]) -> None:
        """Whatever is typed in Slack reaches the shell's command line through this pattern only."""
        parameter = document["parameters"]["Environment"]
        assert (parameter["type"], parameter["default"]) == ("String", "")
        pattern = re.compile(parameter["allowedPattern"])
        assert pattern.fullmatch(base64.b64encode("ünïcode".encode()).decode())
        for hostile in ("'; id #", "$(id)", "a\nb", "{{ssm:/x}}", "$$", "`id`", " "):
            assert not pattern.fullmatch(hostile), hostile

    def test_the_token_is_of_no_use_to_any_step(self, document: dict[str, Any]) -> None:
        """It may be anything, then: it is there to come back in an event."""
        assert document["parameters"]["TaskToken"]["default"] == ""
        assert "TaskToken" not in json.dumps(document["mainSteps"])

    def test_holds_nothing_that_the_agent_would_replace_but_the_parameter(self, document: dict[str, Any]) -> None:
        text = "\n".join(lines(document))
        assert re.findall(r"\{\{.*?\}\}", text) == ["{{ Environment }}"]
        assert "$$" not in text

    def test_the_description_names_the_command_and_no_more(self, document: dict[str, Any]) -> None:
        assert document["description"] == f"The script of /{'p' * 31} {'s' * 32}"


class TestSize:
    def test_48000_bytes_pass_as_they_are(self) -> None:
        script = Random(0).randbytes(24_000).hex()
        document = content(script, description="d" * 2_000)
        assert base64.b64encode(script.encode()).decode() in lines(document)
        assert len(json.dumps(document)) <= MOST_CHARACTERS

    def test_one_byte_more_is_compressed(self) -> None:
        script = "# a comment\n" * 4_000 + "#"
        document = content(script)
        packed = next(line for line in lines(document) if len(line) > 60)
        assert gzip.decompress(base64.b64decode(packed)).decode() == script
        assert any("gzip -d" in line for line in lines(document))

    def test_a_megabyte_of_comments_passes(self) -> None:
        assert len(json.dumps(content("# a comment\n" * 87_000))) <= MOST_CHARACTERS

    def test_the_same_script_gives_the_same_document(self) -> None:
        script = "# a comment\n" * 5_000
        assert content(script) == content(script)

    def test_bytes_are_counted_not_characters(self) -> None:
        assert any("gzip -d" in line for line in lines(content("あ" * 16_001)))
        assert not any("gzip -d" in line for line in lines(content("あ" * 16_000)))


class TestToken:
    def test_is_encoded_at_deploy_time(self) -> None:
        app, stack = new_stack()
        bucket = s3.Bucket(stack, "Bucket")
        add(endpoint(stack), "/ls", RunScript(f"aws s3 ls s3://{bucket.bucket_name}\n", targets=WEB))
        synthesised = Synthesised.of(app, stack)
        (encoded,) = (line for line in lines(synthesised.only("SSM::Document")["Content"]) if isinstance(line, dict))
        assert text_of(encoded["Fn::Base64"]) == f"aws s3 ls s3://<{logical_id(bucket)}>\n"

    def test_its_document_is_measured_as_well(self) -> None:
        app, stack = new_stack()
        bucket = s3.Bucket(stack, "Bucket")
        add(endpoint(stack), "/ls", RunScript(f"ls {bucket.bucket_name}".ljust(47_000, "#"), targets=WEB))
        document = Synthesised.of(app, stack).only("SSM::Document")["Content"]
        (encoded,) = (line for line in lines(document) if isinstance(line, dict))
        resolved = LongestValues({"Resources": {logical_id(bucket): {"Type": "AWS::S3::Bucket"}}}).resolve(encoded)
        length = len(base64.b64encode(resolved["Fn::Base64"].encode()))
        others = len(json.dumps([line for line in lines(document) if line != encoded]))
        assert length + others + 1_000 <= MOST_CHARACTERS


def logical_id(bucket: s3.Bucket) -> str:
    stack: cdk.Stack = bucket.stack
    resource: cdk.CfnElement = bucket.node.default_child  # type: ignore[assignment]
    return str(stack.resolve(stack.get_logical_id(resource)))
