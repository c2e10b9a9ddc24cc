"""`chatops-local tick`: what it refuses, what it prints, how it exits."""

import json
from typing import Any

import pytest

from chatops_local.cli import main
from tests.local.cloud.scheduled_app import get_arn, resources, schedule, scheduled_app
from tests.local.ministack.stacks import WRITE_LOGS, allow, function, role

FAST = ("--time-scale", "0.02", "--instances", "Role=web:2")


@pytest.fixture
def app(tmp_path):
    def app(**changed: Any) -> str:
        return str(scheduled_app(tmp_path, resources(**changed)))

    return app


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            (["tick"], "the following arguments are required: APP_DIR"),
            (["tick", ".", "--at", "tomorrow"], "at 'tomorrow': a time such as 2026-11-22T02:00"),
            (["tick", ".", "Nightly", "--all"], "NAME and --all: give one of them"),
        ],
    )
    def test_exit_code_2_and_why(self, capsys, arguments, text):
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        assert exit_.value.code == 2
        assert text in capsys.readouterr().err

    def test_help(self, capsys):
        with pytest.raises(SystemExit) as exit_:
            main(["tick", "--help"])
        assert exit_.value.code == 0
        assert "exit code:" in capsys.readouterr().out


class TestStory:
    def test_a_run_that_succeeds(self, capsys, app):
        assert main(["tick", app(), "--at", "2026-11-22T02:00", "--twice", *FAST]) == 0
        out, err = capsys.readouterr()
        lines = out.splitlines()
        assert lines[0] == "✔ Ops/Nightly  cron(0 2 * * ? *) Asia/Tokyo"
        assert lines[1].startswith("  fired as due Sun 2026-11-22 02:00 JST, delivered 2 times; next ")
        assert lines[2].startswith("  run at-2026-11-21T170000Z: SUCCEEDED after ")
        assert lines[2].endswith(", asked for 2 times and started once")
        assert sorted(lines[3:7]) == [
            *["    done"] * 2,
            "  web-1: Success, exit code 0",
            "  web-2: Success, exit code 0",
        ]
        assert lines[7].startswith("  published to Ops-Topic")
        assert lines[7].endswith(", which nobody has subscribed to")
        assert lines[8:10] == ["    It ran", "    on every instance"]
        assert lines[-1] == "✔ 1 schedule fired, all went well"
        assert [line.partition(" ")[0] for line in err.splitlines()] == ["synthesising", "starting", "deploying"]

    def test_a_run_that_fails_as_json(self, capsys, app):
        assert main(["tick", app(script="exit 3"), "Nightly", "--json", *FAST, "--offline", "web-2"]) == 1
        document = json.loads(capsys.readouterr().out)
        (fired,) = document["schedules"]
        assert (document["ok"], fired["ok"], fired["schedule"]) == (False, False, "Ops/Nightly")
        assert (fired["expression"], fired["time_zone"], len(fired["next_times"])) == (
            "cron(0 2 * * ? *)",
            "Asia/Tokyo",
            3,
        )
        assert fired["deliveries"] == [{"attempts": 1, "error": "", "dead_letter": ""}]
        assert [each["status"] for each in fired["executions"]] == ["SUCCEEDED", "FAILED"]
        assert ("web-1", "Failed", 3) in [
            (each["name"], each["status"], each["exit_code"]) for each in fired["instances"]
        ]
        assert fired["published"] == []
        assert len(fired["problems"]) == 1
        assert set(document["seconds"]) == {"synth", "start", "deploy"}

    def test_a_denial_by_name(self, capsys, app):
        assert main(["tick", app(SchedulerRole=role("scheduler")), *FAST]) == 1
        out = " ".join(capsys.readouterr().out.split())
        assert "✘ EventBridge Scheduler gave up after 2 attempts: AccessDeniedException: " in out
        assert "is not authorized to perform: states:StartExecution" in out
        assert out.endswith("✘ 1 of 1 schedule failed: Ops/Nightly")


class TestFunctions:
    """Schedules that invoke a function."""

    @pytest.fixture
    def function_app(self, app):
        timer = schedule("Timer", "rate(1 minute)")
        target = {"Arn": get_arn("Function"), "RoleArn": get_arn("InvokerRole"), "Input": '{"kind": "timer"}'}
        timer["Properties"]["Target"] = target

        def function_app(code: str) -> str:
            path: str = app(
                Timer=timer,
                InvokerRole=role("scheduler", allow("lambda:InvokeFunction", get_arn("Function"))),
                Function=function(f"def handler(event, context):\n    {code}\n", "Role", FunctionName="timed"),
                Role=role("lambda", WRITE_LOGS),
            )
            return path

        return function_app

    def test_one_that_succeeds(self, capsys, function_app):
        assert main(["tick", function_app("print('told', event['kind'])"), "Timer", *FAST]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[2:4] == ["  function timed: SUCCEEDED", "    told timer"]

    def test_one_that_fails_as_json(self, capsys, function_app):
        assert main(["tick", function_app("event['none']"), "Timer", "--json", *FAST]) == 1
        (fired,) = json.loads(capsys.readouterr().out)["schedules"]
        (invoked,) = fired["functions"]
        assert (invoked["payload"], invoked["attempts"], invoked["error"]) == ('{"kind": "timer"}', 3, "KeyError")
        assert fired["problems"] == ["function timed failed after 3 attempts: KeyError: 'none'"]


class TestSeveral:
    @pytest.fixture
    def two(self, app):
        return app(
            Warm=schedule("Warm", "rate(15 minutes)"), Off=schedule("Off", "at(2020-01-01T00:00:00)", State="DISABLED")
        )

    def test_one_has_to_be_named(self, capsys, two):
        assert main(["tick", two, *FAST]) == 1
        assert (
            "there are 3 schedules: say which one; there are Ops/Nightly, Ops/Off, Ops/Warm" in capsys.readouterr().err
        )

    def test_all_that_are_enabled(self, capsys, two):
        assert main(["tick", two, "--all", *FAST]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[1] for line in lines if line.startswith("✔ Ops/")] == ["Ops/Nightly", "Ops/Warm"]
        assert lines[-1] == "✔ 2 schedules fired, all went well"

    def test_a_disabled_one(self, capsys, two):
        assert main(["tick", two, "Off", *FAST]) == 1
        assert "schedule Ops/Off is disabled; fire it with force if you mean it" in capsys.readouterr().err
        assert main(["tick", two, "Off", "--force", "--at", "2026-01-01T00:00Z", *FAST]) == 0
        out = capsys.readouterr().out
        assert "at(2020-01-01T00:00:00) Asia/Tokyo, disabled" in out
        assert "; not due again" in out

    def test_an_instance_that_is_not_there(self, capsys, two):
        assert main(["tick", two, "Warm", *FAST, "--offline", "web-9"]) == 1
        assert "there is no instance 'web-9'; there are web-1, web-2" in capsys.readouterr().err
