"""`chatops-local up`: its options, what it prints, and that it ends with all that it started."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from chatops_local.cli import main
from chatops_local.cli.style import Style
from chatops_local.cli.up import summary
from chatops_local.page.commands import Command


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "the following arguments are required: APP_DIR"),
        (["no/such/folder"], "'no/such/folder' is no folder"),
        ([".", "--port", "80000"], "'80000': a port from 0 to 65535 is expected"),
        ([".", "--port", "-1"], "'-1': a port from 0 to 65535 is expected"),
        ([".", "--port", "http"], "'http': a port from 0 to 65535 is expected"),
    ],
)
def test_what_is_refused(capsys, arguments, text):
    with pytest.raises(SystemExit) as exit_:
        main(["up", *arguments])
    assert exit_.value.code == 2
    assert text in capsys.readouterr().err


def test_a_wrong_port_in_the_environment_is_refused(capsys, monkeypatch):
    monkeypatch.setenv("PORT", "web")
    with pytest.raises(SystemExit):
        main(["up", "."])
    assert "'web': a port from 0 to 65535 is expected" in capsys.readouterr().err


INTERRUPTIBLE = """
import signal, sys
from chatops_local.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
"""
"""`chatops-local`, from a shell that has not made it deaf for Ctrl-C as one does in the background."""


@pytest.fixture
def assembly(tmp_path):
    """An app that is synthesised already: one parameter."""
    folder = tmp_path / "cdk.out"
    folder.mkdir()
    template = {"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}}}
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Small.template.json"}}
    (folder / "Small.template.json").write_text(json.dumps(template))
    (folder / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": {"Small": artifact}}))
    return folder


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_page_until_it_is_ended_and_leaves_nothing(assembly, tmp_path, end):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "up", assembly, "--instances", "Role=web:2", "--offline", "web-2"],
        env={**os.environ, "PORT": "0", "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout
        said = "".join(iter(running.stdout.readline, "Ctrl-C ends it.\n"))
        url = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert url, said
        assert "web-1, web-2" in said
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url[0]) as page:
            assert b"chatops-local-token" in page.read()
        running.send_signal(end)
        _, complaints = running.communicate(timeout=20)
    assert running.returncode == (0 if end == signal.SIGINT else 143)
    assert ("Stopped; everything it started has ended." in complaints) == (end == signal.SIGINT)
    assert list(temporary.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_a_port_that_is_taken_is_said_before_anything_is_deployed(assembly, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["up", str(assembly), "--port", str(port)]) == 1
    complaint = capsys.readouterr().err
    assert f"chatops-local: port {port} is taken by another program" in complaint
    assert "deploying" not in complaint


def test_the_commands_are_listed_below_each_other():
    commands = [
        Command(name, "does it", usage, "App", "App/Slack", (), ())
        for name, usage in (("/ps", "/ps"), ("/ops restart", "/ops restart <service> [force]"))
    ]
    lines = summary("http://127.0.0.1:1", ["web-1"], commands, Style()).splitlines()
    assert lines[-4:-2] == [
        "  commands   /ps                             does it",
        "             /ops restart <service> [force]  does it",
    ]
    assert "  instances  none" in summary("http://127.0.0.1:1", [], [], Style()).splitlines()
