"""The command line: what it refuses, what it prints, how it exits."""

import io
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError

from chatops_local.cli import main
from chatops_local.cli.style import Style, indented
from chatops_local.cloud import ACCOUNT, REGION, Execution, LocalCloud
from chatops_local.server import DeploymentFailedError, EmulatorEndedError
from chatops_local.slack import SentEvent, SlackDouble


@pytest.fixture
def assembly(tmp_path):
    (tmp_path / "manifest.json").write_text('{"artifacts": {"Ops": {"type": "aws:cloudformation:stack"}}}')
    return tmp_path


@pytest.fixture
def staged_assembly(tmp_path):
    """An app whose stacks are in two stages, one of them for an account of its own."""
    stages = {
        name: {"type": "cdk:cloud-assembly", "properties": {"directoryName": f"assembly-{name}", "displayName": name}}
        for name in ("Staging", "Production")
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": stages}))
    for name in stages:
        stack = {"type": "aws:cloudformation:stack", "environment": "aws://222222222222/eu-west-1"}
        (tmp_path / f"assembly-{name}").mkdir()
        (tmp_path / f"assembly-{name}" / "manifest.json").write_text(json.dumps({"artifacts": {f"{name}Ops": stack}}))
    return tmp_path


class TestStages:
    def test_which_one_has_to_be_said(self, capsys, staged_assembly):
        assert main(["send", str(staged_assembly), "/ps"]) == 1
        assert "the app has the stages Staging, Production, and one runs at a time" in capsys.readouterr().err

    @pytest.mark.parametrize("command", [["send", "/ps"], ["tick", "Nightly"], ["up"]])
    def test_the_stage_is_deployed_into_its_account(self, capsys, staged_assembly, monkeypatch, command):
        started = {}

        def start(**arguments: object) -> object:
            started.update(arguments)
            raise DeploymentFailedError("that far")

        monkeypatch.setattr(LocalCloud, "start", start)
        name, *rest = command
        assert main([name, str(staged_assembly), *rest, "--stage", "production"]) == 1
        assert "that far" in capsys.readouterr().err
        assert (started["account"], started["region"]) == ("222222222222", "eu-west-1")


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "text"),
        [
            ([], "the following arguments are required: COMMAND"),
            (["shout"], "invalid choice: 'shout'"),
            (["send"], "the following arguments are required: APP_DIR, COMMAND"),
            (["send", "."], "the following arguments are required: COMMAND"),
            (
                ["send", "no/such/folder", "/ps"],
                "'no/such/folder' is no folder; name the folder of a CDK app or its cdk.out",
            ),
            (["send", ".", "ps"], "command 'ps': a slash command starts with \"/\""),
            (["send", ".", "/ps", "--user", "taro"], "user 'taro': a Slack user id is U or W and then capital letters"),
            (["send", ".", "/ps", "--channel", "#ops"], "channel '#ops': a Slack channel id is C or D or G"),
            (["send", ".", "/ps", "--instances", "web"], "instances 'web': KEY=VALUE:COUNT is expected"),
            (["send", ".", "/ps", "--time-scale", "0"], "'0': a number greater than 0 is expected"),
            (["send", ".", "/ps", "--timeout", "soon"], "'soon': a number greater than 0 is expected"),
            (["send", ".", "/ps", "--timeout", "nan"], "'nan': a number greater than 0 is expected"),
        ],
    )
    def test_exit_code_2_and_why(self, capsys, arguments, text):
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        assert exit_.value.code == 2
        assert text in capsys.readouterr().err

    def test_version(self, capsys):
        with pytest.raises(SystemExit) as exit_:
            main(["--version"])
        assert exit_.value.code == 0
        assert capsys.readouterr().out.startswith("chatops-local 0.")

    @pytest.mark.parametrize(
        ("arguments", "text"), [(["--help"], "type slash commands"), (["send", "--help"], "exit code:")]
    )
    def test_help(self, capsys, arguments, text):
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        assert exit_.value.code == 0
        assert text in capsys.readouterr().out


class TestErrors:
    def test_a_paragraph_and_no_traceback(self, capsys, tmp_path):
        (tmp_path / "app.py").write_text("raise SystemExit('no such bucket')")
        assert main(["send", str(tmp_path), "/ps"]) == 1
        err = capsys.readouterr().err
        assert f"synthesising {tmp_path} … failed\n" in err
        assert "chatops-local: " in err
        assert "  no such bucket\n" in err
        assert "Traceback" not in err

    def test_as_json(self, capsys, tmp_path):
        assert main(["send", str(tmp_path), "/ps", "--json"]) == 1
        document = json.loads(capsys.readouterr().out)
        assert document["ok"] is False
        assert "no CDK app" in document["error"]

    def test_debug_shows_the_traceback(self, tmp_path):
        with pytest.raises(Exception, match="no CDK app"):
            main(["send", str(tmp_path), "/ps", "--debug"])

    def test_deployment(self, capsys, assembly, monkeypatch):
        monkeypatch.setattr(LocalCloud, "start", cloud_that_fails(DeploymentFailedError("stack Ops is ROLLBACK")))
        assert main(["send", str(assembly), "/ps"]) == 1
        err = capsys.readouterr().err
        assert "deploying Ops … failed\nchatops-local: stack Ops is ROLLBACK\n" in err

    def test_unexpected(self, capsys, assembly, monkeypatch):
        monkeypatch.setattr(LocalCloud, "start", cloud_that_fails(KeyError("x")))
        assert main(["send", str(assembly), "/ps"]) == 1
        assert "unexpected error: KeyError: 'x'\nRun it again with --debug" in capsys.readouterr().err

    def test_interrupted(self, capsys, assembly, monkeypatch):
        monkeypatch.setattr(LocalCloud, "start", cloud_that_fails(KeyboardInterrupt()))
        assert main(["send", str(assembly), "/ps"]) == 130
        assert "interrupted" in capsys.readouterr().err


def cloud_that_fails(error: BaseException) -> object:
    class Cloud:
        def deploy_all(self, _: object) -> None:
            raise error

    @contextmanager
    def start(**_: object):
        yield Cloud()

    return start


ANSWERS = {
    b"%2Fhello": (200, b"Hello :x: <!channel>"),
    b"%2Fbroken": (500, b"oops"),
    b"%2Ffails": (200, b"Running"),
    b"%2Fslow": (200, b""),
}


class Endpoint(BaseHTTPRequestHandler):
    """Answers each command by its name."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        command = body.partition(b"&command=")[2].partition(b"&")[0]
        status, text = ANSWERS[command] if command else (200 if b"fine" in body else 503, b"")
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        pass


class FakeCloud:
    """A cloud whose endpoint answers at once; `/fails` has an execution that failed, `/slow` one that runs."""

    started_with: dict[str, object]

    def __init__(self, slack: SlackDouble, url: str) -> None:
        self.slack = slack
        slack.is_event_over = lambda _: True
        slack.is_over = lambda sent: bool(sent.messages) or not sent.ack.ok
        slack.set_request_url("Ops/Slack", slack.workspace.app("A01", "T01"), url, "api.test")

    def deploy_all(self, _: object) -> None:
        self.slack._record.note("a function was refused")

    def executions_of(self, sent) -> list[Execution]:
        if isinstance(sent, SentEvent):
            return []
        statuses = {"/fails": ["FAILED"], "/slow": ["RUNNING"]}
        return [Execution("arn:x:abc", status) for status in statuses.get(sent.command.command, [])]

    def problems_of(self, sent, *, timed_out_after: float | None = None) -> list[str]:
        problems = [f"execution abc is {each.status}" for each in self.executions_of(sent) if each.status == "FAILED"]
        problems += [f"Slack shows {sent.ack.error}"] if sent.ack.error else []
        return problems + ([f"no result after {timed_out_after:g} s"] if timed_out_after else [])


@pytest.fixture
def cloud(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    with SlackDouble() as slack:
        cloud = FakeCloud(slack, f"http://127.0.0.1:{server.server_address[1]}/")

        @contextmanager
        def start(**options: object):
            cloud.started_with = options
            yield cloud

        monkeypatch.setattr(LocalCloud, "start", start)
        yield cloud
    server.shutdown()
    server.server_close()


class TestSend:
    def test_what_is_printed(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "/hello world", "--user", "U012", "--channel", "C012"]) == 0
        out, err = capsys.readouterr()
        lines = out.splitlines()
        assert lines[0] == "✔ /hello world  typed by U012 in C012"
        assert lines[1].startswith("  ack ")
        assert lines[2].endswith(" s to only U012, by ack; would notify <!channel>")
        assert lines[3] == "    Hello ✘ @channel"
        assert "  note: a function was refused" in lines
        assert lines[-1] == "✔ 1 command, all went well"
        assert "\x1b" not in out
        assert [line.rpartition(" … ")[0] for line in err.splitlines()] == [
            f"synthesising {assembly}",
            "starting the local cloud",
            "deploying Ops",
        ]

    def test_one_failed(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "/hello", "/fails", "/broken"]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert "✘ /fails  typed by U0LOCALUSER in C0LOCALOPS" in lines
        assert "  ✘ execution abc is FAILED" in lines
        assert "  ✘ Slack shows dispatch_failed" in lines
        assert [line for line in lines if line.endswith(" ms: Slack shows dispatch_failed")]
        assert lines[-1] == "✘ 2 of 3 commands failed: /fails, /broken"

    def test_no_result_in_time(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "/slow", "--timeout", "0.1"]) == 1
        out = capsys.readouterr().out
        assert "  ✘ no result after 0.1 s" in out
        assert " ms, says nothing\n" in out

    def test_mentions(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "@bot is a < b fine?", "@bot", "/hello", "--user", "U012"]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "✔ @bot is a < b fine?  typed by U012 in C0LOCALOPS"
        assert "✘ @bot  typed by U012 in C0LOCALOPS" in lines
        assert [line for line in lines if line.endswith(" ms: Slack delivers it again: http_error")]
        assert lines[-1] == "✘ 1 of 3 commands failed: @bot"
        assert [each.event["text"] for each in cloud.slack.events.sent] == [
            "<@U0BOT01> is a &lt; b fine?",
            "<@U0BOT01>",
        ]

    def test_a_mention_where_none_is_told(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "@bot fine", "--channel", "D0SAM"]) == 1
        assert "chatops-local: channel D0SAM: in direct messages nothing is an app_mention" in capsys.readouterr().err

    def test_a_mention_in_json(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "@bot fine", "--json"]) == 0
        (mention,) = json.loads(capsys.readouterr().out)["commands"]
        assert (mention["command"], mention["user"], mention["ack"]["status"]) == ("@bot fine", "U0LOCALUSER", 200)

    def test_json(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "/hello", "/fails", "--json"]) == 1
        document = json.loads(capsys.readouterr().out)
        hello, fails = document["commands"]
        assert (document["ok"], hello["ok"], fails["ok"]) == (False, True, False)
        assert hello["ack"]["status"] == 200
        assert 0 < hello["ack"]["ms"] < 3_000
        (message,) = hello["messages"]
        assert (message["via"], message["user"], message["shown"]) == ("ack", "U0LOCALUSER", "Hello :x: @channel")
        assert message["notifies"] == ["<!channel>"]
        assert fails["executions"] == [{"arn": "arn:x:abc", "status": "FAILED", "error": ""}]
        assert fails["problems"] == ["execution abc is FAILED"]
        assert set(document["seconds"]) == {"synth", "start", "deploy"}
        assert document["notes"] == ["a function was refused"]

    def test_how_the_cloud_is_started(self, assembly, cloud):
        main(["send", str(assembly), "/hello"])
        expected = {"time_scale": 1.0, "instances": None, "account": ACCOUNT, "make_up_secrets": True, "region": REGION}
        assert cloud.started_with == expected
        options = ["--instances", "Role=web:2", "--instances", "Role=batch:1", "--time-scale", "0.05"]
        main(["send", str(assembly), "/hello", *options])
        assert cloud.started_with["time_scale"] == 0.05
        specs = cloud.started_with["instances"]
        assert [(spec.name, spec.tags) for spec in specs] == [
            ("web-1", {"Role": "web"}),
            ("web-2", {"Role": "web"}),
            ("batch-1", {"Role": "batch"}),
        ]

    def test_an_unknown_endpoint(self, capsys, assembly, cloud):
        assert main(["send", str(assembly), "/hello", "--endpoint", "Other"]) == 1
        assert "endpoint 'Other': no such endpoint; there are 'Ops/Slack' (app A01)" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestStyle:
    @pytest.mark.parametrize(
        ("stream", "variables", "colours"),
        [
            (Terminal(), {}, True),
            (Terminal(), {"NO_COLOR": "1"}, False),
            (Terminal(), {"NO_COLOR": ""}, True),
            (Terminal(), {"TERM": "dumb"}, False),
            (io.StringIO(), {}, False),
        ],
    )
    def test_colours(self, monkeypatch, stream, variables, colours):
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert Style.of(stream).colours is colours
        assert Style.of(stream).good("x") == ("\x1b[32mx\x1b[0m" if colours else "x")

    def test_lines_are_broken_at_the_terminals_width(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "50")
        lines = indented("  PID " + "word " * 20 + "\n\nend", "    ").splitlines()
        assert lines[0].startswith("      PID word")
        assert all(len(line) <= 50 for line in lines)
        assert lines[-2:] == ["", "    end"]

    def test_nothing_moves_the_cursor_or_turns_text_around(self):
        assert indented("a\x1b[2Jb\u202ec 世界 👨‍👩‍👧", "") == "a�[2Jb�c 世界 👨‍👩‍👧"


@pytest.mark.parametrize(
    "error",
    [
        EmulatorEndedError("the emulator has ended (exit status -9)"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1/"),
        ConnectionClosedError(endpoint_url="http://127.0.0.1:1/"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_local_cloud_that_has_ended_is_said_whoever_notices(assembly, monkeypatch, capsys, error):
    def start(**_):
        raise error

    monkeypatch.setattr(LocalCloud, "start", start)
    assert main(["send", str(assembly), "/ps"]) == 1
    said = capsys.readouterr().err
    assert "chatops-local: the local cloud does not answer any more." in said
    assert "runs again only when it is typed again" in said
