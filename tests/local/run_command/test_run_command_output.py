"""Limits of output, and output in CloudWatch Logs.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html: 24,000 and 8,000;
https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-rc-setting-up-cwlogs.html.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatops_local.run_command import ServiceError
from chatops_local.run_command.plugin_output import plugin_output, standard_error, standard_output
from chatops_local.run_command.script_process import MAX_KEPT

CUT = "--output truncated--"


def test_stdout_is_cut_at_24000_with_a_mark():
    assert standard_output(b"x" * 23999) == "x" * 23999
    cut = standard_output(b"x" * 24000)
    assert cut == "x" * (24000 - len(CUT)) + CUT
    assert len(cut) == 24000


def test_the_limit_counts_bytes():
    cut = standard_output("日".encode() * 10000)
    assert cut.endswith(CUT)
    assert len(cut.encode("utf-8")) <= 24000 + 2  # half a character has become a replacement character


def test_stderr_is_cut_at_8000_without_a_mark():
    assert standard_error(b"x" * 30000) == "x" * 8000


@settings(deadline=None)
@given(st.binary(max_size=6000), st.binary(max_size=6000))
def test_a_plugins_output_has_at_most_2500_bytes(stdout, stderr):
    output = plugin_output(stdout.replace(b"\xff", b"a"), stderr)
    assert len(output) <= 2500
    if len(stdout) + len(stderr) < 2400:
        expected = stdout.replace(b"\xff", b"a") + (b"\n----------ERROR-------\n" if stderr else b"") + stderr
        assert output == expected.decode("utf-8", errors="replace")


@pytest.mark.parametrize(
    ("stdout", "stderr", "marks"),
    [
        (b"o" * 3000, b"", ["Output truncated"]),
        (b"", b"e" * 3000, ["Error truncated"]),
        (b"o" * 3000, b"e" * 3000, ["Output truncated", "Error truncated"]),
        (b"o" * 3000, b"short", ["Output truncated", "short"]),
        (b"short", b"e" * 3000, ["short", "Error truncated"]),
    ],
)
def test_a_plugins_output_says_what_was_cut(stdout, stderr, marks):
    output = plugin_output(stdout, stderr)
    assert all(mark in output for mark in marks)
    assert 2490 <= len(output) <= 2500


def test_output_that_is_no_text(cloud, web):
    assert cloud.run(r"printf '\377\303ok'", on=web)["StandardOutputContent"] == "\ufffd\ufffdok"


def test_output_that_no_memory_could_hold(cloud, web):
    done = cloud.run("head -c 12000000 /dev/zero | tr '\\0' x; echo end >&2", on=web)
    assert done["Status"] == "Success"
    assert done["StandardOutputContent"].endswith(CUT)
    assert done["StandardErrorContent"] == "end\n"


class TestCloudWatch:
    @pytest.fixture
    def logs(self, clouds):
        written: dict[tuple[str, str], str] = {}

        def write(instance, group, stream, text):
            if group == "/denied":
                raise ServiceError("AccessDeniedException", "no logs:PutLogEvents")
            assert instance.name == "web-1"
            written[group, stream] = text

        cloud = clouds(write_log=write)
        return cloud, cloud.fleet.add("web-1"), written

    def run(self, cloud: Any, web: Any, *commands: str, document: str = "AWS-RunShellScript", **config: Any) -> str:
        command_id = cloud.send(
            *commands, document=document, InstanceIds=[web.instance_id], CloudWatchOutputConfig=config
        )
        cloud.ended(command_id)
        return f"{command_id}/{web.instance_id}"

    def test_default_group_and_streams(self, logs):
        cloud, web, written = logs
        prefix = self.run(cloud, web, "echo out; echo err >&2; exit 1", CloudWatchOutputEnabled=True)
        assert written == {
            ("/aws/ssm/AWS-RunShellScript", f"{prefix}/aws-runShellScript/stdout"): "out\n",
            (
                "/aws/ssm/AWS-RunShellScript",
                f"{prefix}/aws-runShellScript/stderr",
            ): "err\nfailed to run commands: exit status 1",
        }

    def test_the_streams_of_ones_own_document_have_the_steps_name(self, logs):
        cloud, web, written = logs
        cloud.create_document(["echo 1"], ["echo 2"], name="Doc")
        prefix = self.run(cloud, web, document="Doc", CloudWatchOutputEnabled=True, CloudWatchLogGroupName="/mine")
        assert written == {("/mine", f"{prefix}/step1/stdout"): "1\n", ("/mine", f"{prefix}/step2/stdout"): "2\n"}

    def test_no_output_no_stream(self, logs):
        cloud, web, written = logs
        self.run(cloud, web, "true", CloudWatchOutputEnabled=True)
        assert written == {}

    def test_not_enabled(self, logs):
        cloud, web, written = logs
        self.run(cloud, web, "echo x", CloudWatchLogGroupName="/mine")
        assert written == {}

    def test_the_whole_output_up_to_our_bound(self, logs):
        cloud, web, written = logs
        self.run(cloud, web, "head -c 5000000 /dev/zero | tr '\\0' x", CloudWatchOutputEnabled=True)
        assert [len(text) for text in written.values()] == [MAX_KEPT]

    def test_missing_rights_are_silent_in_the_command_and_noted_in_our_log(self, logs, caplog):
        cloud, web, _ = logs
        self.run(cloud, web, "echo x", CloudWatchOutputEnabled=True, CloudWatchLogGroupName="/denied")
        assert cloud.call("ListCommands")["Commands"][0]["Status"] == "Success"
        assert "no CloudWatch output of" in caplog.text
        assert "AccessDeniedException" in caplog.text
