"""What the agent does on an instance: https://github.com/aws/amazon-ssm-agent."""

from __future__ import annotations

import json
import os
from base64 import b64encode

import pytest

from chatops_local.run_command import ServiceError
from chatops_local.run_command.script_inputs import execution_timeout

AWKWARD = "quote ' \" `id` $HOME $$ \\n {{ x }} {{ssm:/prod/db}} é 日本 😀\ttab\n\nlast"


def test_a_documents_script_arrives_byte_for_byte_in_base64(cloud, web):
    encoded = b64encode(AWKWARD.encode()).decode()
    document = cloud.create_document([f"printf %s '{encoded}' | base64 -d"])
    assert cloud.run(document=document, on=web)["StandardOutputContent"] == AWKWARD


def test_a_parameter_arrives_byte_for_byte_in_base64(cloud, web):
    encoded = b64encode(AWKWARD.encode()).decode()
    document = cloud.create_document(
        ["printf %s '{{ Given }}' | base64 -d"],
        parameters={"Given": {"type": "String", "allowedPattern": "^[A-Za-z0-9+/=]*$"}},
    )
    assert cloud.run(document=document, on=web, Parameters={"Given": [encoded]})["StandardOutputContent"] == AWKWARD


def test_plain_text_does_not_arrive(cloud, web):
    document = cloud.create_document(
        ["printf %s 'own $$ {{ x }} given {{ Given }}'"], parameters={"Given": {"type": "String"}}
    )
    done = cloud.run(document=document, on=web, Parameters={"Given": ["a $$ b"]})
    assert done["StandardOutputContent"] == "own $$ {{ x }} given a $ b"


def test_environment_variables(cloud, web):
    document = cloud.create_document(
        ["printf %s \"$SSM_Word\"; printf %s ' {{ Word }}'"],
        parameters={"Word": {"type": "String", "interpolationType": "ENV_VAR"}},
    )
    done = cloud.run(document=document, on=web, Parameters={"Word": ['a $$ `b` "c']})
    assert done["StandardOutputContent"] == 'a $$ `b` "c a $ `b` "c'


def test_the_environment_is_clean(cloud, web, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    output = cloud.run("env; pwd", on=web)["StandardOutputContent"]
    names = {line.partition("=")[0] for line in output.splitlines()}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD", str(web.directory)} == {
        "PATH", "HOME", "TMPDIR", "LANG", "HOSTNAME", "INSTANCE_ID", "AWS_SSM_INSTANCE_ID", "AWS_SSM_REGION_NAME",
        "AWS_SSM_PLATFORM_NAME", "AWS_SSM_PLATFORM_VERSION", "SSM_COMMAND_ID",
    }  # fmt: skip
    assert f"INSTANCE_ID={web.instance_id}\n" in output
    assert "AWS_SSM_REGION_NAME=eu-west-1\n" in output
    assert output.endswith(f"\n{web.directory}\n")


def test_nothing_to_read(cloud, web):
    assert cloud.run("cat; echo end", on=web)["StandardOutputContent"] == "end\n"


def test_instances_are_apart(cloud, web):
    other = cloud.fleet.add("web-2")
    cloud.run("echo 1 > file; echo 2 > ~/home; echo 3 > $TMPDIR/tmp", on=web)
    assert cloud.run("ls; ls ~ $TMPDIR", on=other)["StandardOutputContent"].count("file") == 0
    assert cloud.run("cat file ~/home $TMPDIR/tmp", on=web)["StandardOutputContent"] == "1\n2\n3\n"


def test_the_first_line_chooses_the_interpreter(cloud, web):
    done = cloud.run("#!/usr/bin/awk -f", "BEGIN { print 6 * 7 }", on=web)
    assert done["StandardOutputContent"] == "42\n"
    missing = cloud.run("#!/no/such/interpreter", on=web)
    assert (missing["Status"], missing["ResponseCode"]) == ("Failed", 127)


def test_working_directory(cloud, web, tmp_path):
    done = cloud.run("pwd", on=web, Parameters={"workingDirectory": [str(tmp_path)]})
    assert done["StandardOutputContent"] == f"{tmp_path}\n"
    missing = cloud.run("pwd", on=web, Parameters={"workingDirectory": [f"{tmp_path}/none"]})
    assert missing["ResponseCode"] == 1
    assert "failed to run commands:" in missing["StandardErrorContent"]
    assert f"{tmp_path}/none" in missing["StandardErrorContent"]
    # The agent looks for a relative one where its downloads are.
    assert (
        cloud.run("pwd", on=web, Parameters={"workingDirectory": ["sub"]})["StandardOutputContent"]
        == f"{web.directory}\n"
    )


@pytest.mark.parametrize(
    ("script", "status", "details", "code", "stderr"),
    [
        ("kill -TERM $$", "Failed", "Failed", -1, "failed to run commands: signal: terminated"),
        ("exit 137", "TimedOut", "ExecutionTimedOut", 137, ""),
        ("exit 194", "Failed", "Failed", 194, "exit code 194 asks for a reboot, which a local instance cannot do"),
        ("nosuchprogram 2>/dev/null", "Failed", "Failed", 127, "failed to run commands: exit status 127"),
        ("echo x >&2; exit 168", "Success", "Success", 168, ""),
        ("exit 169", "Failed", "Failed", 169, "failed to run commands: exit status 169"),
        ("exec >&- 2>&-; sleep 0.1; exit 4", "Failed", "Failed", 4, "failed to run commands: exit status 4"),
    ],
)
def test_exit_codes(cloud, web, script, status, details, code, stderr):
    done = cloud.run(script, on=web)
    assert (done["Status"], done["StatusDetails"], done["ResponseCode"]) == (status, details, code)
    assert done["StandardErrorContent"] == stderr


def test_steps_run_one_after_the_other(cloud, web):
    document = cloud.create_document(["echo 1 > n; exit 1"], ["cat n"])
    command_id = cloud.send(document=document, InstanceIds=[web.instance_id])
    assert cloud.ended(command_id)["Status"] == "Failed"
    assert cloud.invocation(command_id, web, PluginName="step1")["Status"] == "Failed"
    two = cloud.invocation(command_id, web, PluginName="step2")
    assert (two["Status"], two["StandardOutputContent"]) == ("Success", "1\n")
    for name in ({}, {"PluginName": "step3"}):
        with pytest.raises(ServiceError, match="the document's steps are step1, step2") as caught:
            cloud.invocation(command_id, web, **name)
        assert caught.value.code == "InvalidPluginName"


@pytest.mark.parametrize(("code", "status"), [(168, "Success"), (169, "Failed")])
def test_exit_codes_that_end_the_document(cloud, web, code, status):
    document = cloud.create_document([f"exit {code}"], ["echo ran"])
    command_id = cloud.send(document=document, InstanceIds=[web.instance_id])
    assert cloud.ended(command_id)["Status"] == status
    two = cloud.invocation(command_id, web, PluginName="step2")
    assert (two["Status"], two["StandardOutputContent"]) == (
        "Success",
        "Step step2 skipped: an earlier step ended the document",
    )


def test_a_step_for_another_platform_is_skipped(cloud, web):
    content = {
        "schemaVersion": "2.2",
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": name,
                "precondition": {"StringEquals": ["platformType", platform]},
                "inputs": {"runCommand": ["echo ran"]},
            }
            for name, platform in (("windows", "Windows"), ("linux", "Linux"))
        ],
    }
    cloud.call("CreateDocument", Name="Doc", Content=json.dumps(content))
    command_id = cloud.send(document="Doc", InstanceIds=[web.instance_id])
    assert cloud.ended(command_id)["Status"] == "Success"
    assert "skipped" in cloud.invocation(command_id, web, PluginName="windows")["StandardOutputContent"]
    assert cloud.invocation(command_id, web, PluginName="linux")["StandardOutputContent"] == "ran\n"


def test_a_list_within_a_list_is_no_script(cloud, web):
    """runCommand: ["{{ commands }}"] puts a list into the list; it has to be runCommand: "{{ commands }}"."""
    document = cloud.create_document(["{{ commands }}"], parameters={"commands": {"type": "StringList"}})
    done = cloud.run("echo hi", document=document, on=web)
    assert (done["Status"], done["ResponseCode"]) == ("Failed", 1)
    assert "runCommand has to be a list of strings" in done["StandardErrorContent"]


def test_what_cannot_be_started(cloud, web):
    document = cloud.create_document(["true"], parameters={"Word": {"type": "String", "interpolationType": "ENV_VAR"}})
    done = cloud.run(document=document, on=web, Parameters={"Word": ["a\0b"]})
    assert (done["Status"], done["ResponseCode"]) == ("Failed", 1)
    assert done["StandardErrorContent"].startswith("failed to run commands: ")


def test_a_background_process_lives_until_the_instance_ends(cloud, web):
    pipe = web.directory / "pipe"
    os.mkfifo(pipe)
    done = cloud.run("sleep 1000 >/dev/null 2>&1 3<>pipe &", on=web)
    assert done["Status"] == "Success"
    with pipe.open() as held_by_the_process:
        cloud.fleet.remove(web.instance_id)
        assert held_by_the_process.read() == ""  # which comes to an end when the process has


def test_an_ended_script_leaves_nothing_to_kill(cloud, web):
    cloud.run("true", on=web)
    assert web.process_groups._ids == set()


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("5", 5),
        (172800, 172800),
        ("60.9", 60),
        (60.0, 60),
        ("4", 3600),
        (172801, 3600),
        ("soon", 3600),
        (None, 3600),
        ("inf", 3600),
        ("nan", 3600),
        ([], 3600),
    ],
)
def test_execution_timeouts_out_of_range_are_an_hour(given, seconds):
    assert execution_timeout(given) == seconds


class TestParameterStore:
    @pytest.fixture
    def store(self, clouds):
        asked = []

        def resolve(instance, name):
            asked.append((instance.name, name))
            stored = {
                "/greeting": "hello $$ {{ x }}",
                "/greeting:2": "hi",
                "/steps": ["echo a", "echo b"],
                "/port": "80",
            }
            if name not in stored:
                raise ServiceError("ParameterNotFound", f"no parameter {name}")
            return stored[name]

        cloud = clouds(resolve_parameter=resolve)
        return cloud, cloud.fleet.add("web-1"), asked

    def test_in_values_and_in_the_document(self, store):
        cloud, web, asked = store
        document = cloud.create_document(
            ["printf '%s|' '{{ssm:/greeting}}' '{{ ssm:/greeting:2 }}' '{{ Given }}'"],
            parameters={"Given": {"type": "String"}},
        )
        done = cloud.run(document=document, on=web, Parameters={"Given": ["{{ssm:/port}}"]})
        assert done["StandardOutputContent"] == "hello $$ {{ x }}|hi|80|"
        assert sorted(asked) == [("web-1", "/greeting"), ("web-1", "/greeting:2"), ("web-1", "/port")]

    def test_a_stored_list_of_commands(self, store):
        cloud, web, _ = store
        assert cloud.run("{{ssm:/steps}}", on=web)["StandardOutputContent"] == "a\nb\n"

    @pytest.mark.parametrize(
        ("script", "trace"),
        [
            ("echo {{ssm:/none}}", "ParameterNotFound: no parameter /none"),
            ("echo {{ssm:/steps}}", "Parameter /steps of type StringList cannot be used as a String"),
        ],
    )
    def test_what_cannot_be_resolved_runs_nothing(self, store, script, trace):
        cloud, web, _ = store
        command_id = cloud.send("touch ran", script, InstanceIds=[web.instance_id])
        assert cloud.ended(command_id)["Status"] == "Failed"
        invocation = cloud.call("ListCommandInvocations", CommandId=command_id)["CommandInvocations"][0]
        assert (invocation["Status"], invocation["TraceOutput"]) == ("Failed", trace)
        assert cloud.invocation(command_id, web)["ResponseCode"] == -1
        assert not (web.directory / "ran").exists()

    def test_the_agent_checks_the_pattern_of_what_it_resolved(self, store):
        cloud, web, _ = store
        document = cloud.create_document(
            ["echo {{ Port }}"], parameters={"Port": {"type": "String", "allowedPattern": "^[0-9]+$"}}
        )
        assert (
            cloud.run(document=document, on=web, Parameters={"Port": ["{{ssm:/port}}"]})["StandardOutputContent"]
            == "80\n"
        )
        command_id = cloud.send(
            document=document, InstanceIds=[web.instance_id], Parameters={"Port": ["{{ssm:/greeting}}"]}
        )
        cloud.ended(command_id)
        invocation = cloud.call("ListCommandInvocations", CommandId=command_id)["CommandInvocations"][0]
        assert "parameter Port does not match" in invocation["TraceOutput"]

    def test_a_resolver_that_breaks_fails_the_invocation(self, clouds, caplog):
        def resolve(instance, name):
            raise RuntimeError("boom")

        cloud = clouds(resolve_parameter=resolve)
        done = cloud.run("echo {{ssm:x}}", on=cloud.fleet.add("web-1"))
        assert done["Status"] == "Failed"
        assert "boom" in caplog.text

    def test_without_a_store_references_fail(self, cloud, web):
        assert cloud.run("echo {{ssm:x}}", on=web)["Status"] == "Failed"
