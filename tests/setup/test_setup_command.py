"""`setup` on the local cloud: the link, the secrets, the instances, the endpoint, and what it never shows."""

from __future__ import annotations

import getpass
import json
import re
import secrets
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from chatops_setup.cli import reading
from tests.setup.policies import policy_in_the_guide

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.cloud import LocalCloud
    from tests.setup.command_line import CommandLine

SIGNING_SECRET = "/ops/prod/slack-signing-secret"
BOT_TOKEN = "/ops/prod/slack-bot-token"


def stored(cloud: LocalCloud, name: str) -> tuple[str, str, int]:
    parameter = cloud.server.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return parameter["Type"], parameter["Value"], parameter["Version"]


def lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def test_from_nothing_to_an_endpoint_that_answers(fresh_cloud: LocalCloud, run: CommandLine) -> None:
    app = fresh_cloud.slack.workspace.app("A034CD5EF", "T012AB3CD")
    fresh_cloud.server.client("ssm").delete_parameters(Names=[SIGNING_SECRET, BOT_TOKEN])
    given = {SIGNING_SECRET: app.signing_secret, BOT_TOKEN: app.bot_token}

    ran = run(fresh_cloud, "setup", "Ops", "--stdin", stdin=lines(given))

    assert ran.code == 0, ran.out
    assert stored(fresh_cloud, SIGNING_SECRET) == ("SecureString", app.signing_secret, 1)
    assert stored(fresh_cloud, BOT_TOKEN) == ("SecureString", app.bot_token, 1)
    assert f"✔ signing secret: {SIGNING_SECRET} is written: version 1" in ran.out
    assert re.search(r"✔ signed request: acknowledged in [\d,]+ ms", ran.out)
    assert "*What you can run here*\n    • `/ops hello [text]`  says hello" in ran.out
    assert "1. Install the app in T012AB3CD: https://api.slack.com/apps/A034CD5EF" in ran.out
    assert "/invite @ and the app's name" in ran.out
    assert fresh_cloud.slack.send("/ps help").ack.status == 200

    # Nothing is written twice.
    again = run(fresh_cloud, "setup", "Ops", "--stdin", stdin=lines(given))
    assert again.code == 0
    assert f"✔ signing secret: {SIGNING_SECRET} holds it already: SecureString, version 1" in again.out
    assert stored(fresh_cloud, SIGNING_SECRET)[2] == 1


def test_the_link_creates_the_app_that_fits(cloud: LocalCloud, run: CommandLine) -> None:
    ran = run(cloud, "setup", "Ops", "--stdin")
    assert ran.code == 0
    (link,) = re.findall(r"https://api\.slack\.com/apps\?new_app=1&manifest_json=\S+", ran.out)
    (text,) = parse_qs(urlsplit(link).query)["manifest_json"]
    url = re.search(r"✔ endpoint: (\S+) answered", ran.out)
    assert url
    assert json.loads(text)["features"]["slash_commands"] == [
        {
            "command": "/ops",
            "url": url[1],
            "description": "hello: says hello; restart: restarts it",
            "usage_hint": "hello [text] | restart",
            "should_escape": False,
        },
        {"command": "/ps", "url": url[1], "description": "top processes", "should_escape": False},
    ]
    assert json.loads(text)["oauth_config"]["scopes"]["bot"] == ["commands", "chat:write", "files:write", "im:write"]
    assert run(cloud, "manifest", "Ops", "--link").out.strip() == link


def test_before_the_first_deployment(cloud: LocalCloud, run: CommandLine, assembly: Path) -> None:
    ran = run(cloud, "manifest", "Ops", "--cdk-out", str(assembly))
    commands = json.loads(ran.out)["features"]["slash_commands"]
    assert {each["url"] for each in commands} == {"https://example.com/known-after-the-first-deployment"}
    assert run(cloud, "manifest", "Other", "--cdk-out", str(assembly)).err.endswith("there are Ops, Plain\n")
    assert "is no cdk.out" in run(cloud, "manifest", "Ops", "--cdk-out", str(assembly.parent)).err


def test_what_is_different_from_the_last_manifest(
    cloud: LocalCloud, run: CommandLine, assembly: Path, tmp_path: Path
) -> None:
    last = tmp_path / "app.json"
    last.write_text(run(cloud, "manifest", "Ops").out, encoding="utf-8")
    same = run(cloud, "manifest", "Ops", "--manifest", str(last))
    assert same.code == 0
    assert json.loads(same.out) == json.loads(last.read_text("utf-8"))
    assert "✔ Slack app: its manifest has 2 commands as the stack has them" in same.err

    # The URL is not known before the deployment: that of the last one is taken, and no difference.
    before = run(cloud, "manifest", "Ops", "--cdk-out", str(assembly), "--manifest", str(last))
    assert (before.code, before.out) == (0, same.out)

    document = json.loads(last.read_text("utf-8"))
    document["features"]["slash_commands"][1]["command"] = "/top"
    last.write_text(json.dumps(document), encoding="utf-8")
    other = run(cloud, "manifest", "Ops", "--manifest", str(last))
    assert (other.code, other.out) == (1, same.out)
    assert "✘ Slack app: /ps is not in the app" in other.err
    assert "! Slack app: /top is in the app and not in the stack" in other.err


@pytest.mark.parametrize("arguments", [["setup", "Ops"], ["doctor", "Ops", "--ask"]])
def test_without_a_terminal_nobody_is_asked(cloud: LocalCloud, run: CommandLine, arguments: list[str]) -> None:
    ran = run(cloud, *arguments)
    assert ran.code == 1
    assert "there is no terminal to ask at: pass --stdin" in ran.err


def test_what_is_stored_is_not_written_over(cloud: LocalCloud, run: CommandLine) -> None:
    before = stored(cloud, SIGNING_SECRET)
    other = secrets.token_hex(16)
    ran = run(cloud, "setup", "Ops", "--stdin", stdin=lines({SIGNING_SECRET: other}))
    assert ran.code == 1
    assert stored(cloud, SIGNING_SECRET) == before
    assert "it holds another Signing Secret than the one given" in ran.out

    ran = run(cloud, "setup", "Ops", "--stdin", "--overwrite", stdin=lines({SIGNING_SECRET: other}))
    assert f"✔ signing secret: {SIGNING_SECRET} is replaced: version 2, after 1" in ran.out
    assert stored(cloud, SIGNING_SECRET) == ("SecureString", other, 2)


def test_a_parameter_that_is_not_encrypted_is_not_written_over(cloud: LocalCloud, run: CommandLine) -> None:
    ssm = cloud.server.client("ssm")
    ssm.delete_parameters(Names=[SIGNING_SECRET])
    ssm.put_parameter(Name=SIGNING_SECRET, Value="plain", Type="String")
    given = lines({SIGNING_SECRET: secrets.token_hex(16)})
    ran = run(cloud, "setup", "Ops", "--stdin", "--overwrite", stdin=given)
    assert f"{SIGNING_SECRET} is a String, which cannot become a SecureString" in ran.out
    assert stored(cloud, SIGNING_SECRET) == ("String", "plain", 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"{SIGNING_SECRET}=CANARYCANARYCANARY", f"line 1 of standard input, {SIGNING_SECRET}: that is not 32 hexa"),
        (f"{BOT_TOKEN}=xoxp-CANARY-12345", f"line 1 of standard input, {BOT_TOKEN}: that is not xoxb- and letters"),
        ("CANARYCANARY", "line 1 of standard input is not PARAMETER=VALUE with a parameter of the stack"),
        ("/CANARY=CANARY", f"those are: {SIGNING_SECRET}, {BOT_TOKEN}"),
    ],
)
def test_input_of_another_form_is_refused_before_anything_is_written(
    cloud: LocalCloud, run: CommandLine, line: str, says: str
) -> None:
    before = stored(cloud, SIGNING_SECRET)
    ran = run(cloud, "setup", "Ops", "--stdin", "--overwrite", stdin=f"{line}\n")
    assert ran.code == 1
    assert says in ran.err
    assert "CANARY" not in ran.out + ran.err
    assert stored(cloud, SIGNING_SECRET) == before


def test_a_person_is_asked(cloud: LocalCloud, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused until it has the shape; replaced after a yes; what is left empty is left as it is."""
    right = secrets.token_hex(16)
    typed = iter(["not-a-secret", right, ""])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    answers = iter(["no", "yes"])
    monkeypatch.setattr("builtins.input", lambda: next(answers))
    monkeypatch.setattr(reading, "_is_terminal", lambda: True)
    before = stored(cloud, SIGNING_SECRET)

    ran = run(cloud, "setup", "Ops")
    assert "that is not 32 hexadecimal characters: copy the Signing Secret from Basic Information" in ran.err
    assert f"{SIGNING_SECRET} has another value: SecureString, version 1" in ran.err
    assert stored(cloud, SIGNING_SECRET) == before

    typed = iter([right, ""])
    ran = run(cloud, "setup", "Ops")
    assert stored(cloud, SIGNING_SECRET)[1] == right
    assert right not in ran.out + ran.err


def test_who_may_write_secrets_and_not_read_them(cloud: LocalCloud, run: CommandLine) -> None:
    statements = [each for each in policy_in_the_guide("doctor") if each["Sid"] != "ReadTheSecrets"]
    bob = cloud.server.user_credentials(f"bob-{secrets.token_hex(4)}", *statements, *policy_in_the_guide("setup"))
    right = stored(cloud, SIGNING_SECRET)[1]
    given = lines({SIGNING_SECRET: right})
    ran = run(cloud, "setup", "Ops", "--stdin", "--overwrite", credentials=bob, stdin=given)
    assert "is replaced: version 2" in ran.out
    assert "✔ signed request: acknowledged in" in ran.out
    assert "? signing secret: cannot be checked: you may not ssm:GetParameter" in ran.out


def test_the_policies_in_the_guide_are_enough(cloud: LocalCloud, run: CommandLine) -> None:
    statements = [*policy_in_the_guide("doctor"), *policy_in_the_guide("setup")]
    ann = cloud.server.user_credentials(f"ann-{secrets.token_hex(4)}", *statements)
    name, right = SIGNING_SECRET, stored(cloud, SIGNING_SECRET)[1]
    cloud.server.client("ssm").delete_parameters(Names=[name])
    assert run(cloud, "setup", "Ops", "--stdin", credentials=ann, stdin=lines({name: right})).code == 0
    assert stored(cloud, name)[1] == right


def test_without_the_right_to_write(cloud: LocalCloud, run: CommandLine) -> None:
    eve = cloud.server.user_credentials(f"eve-{secrets.token_hex(4)}", *policy_in_the_guide("doctor"))
    given = lines({SIGNING_SECRET: secrets.token_hex(16)})
    ran = run(cloud, "setup", "Ops", "--stdin", "--overwrite", credentials=eve, stdin=given)
    assert ran.code == 1
    assert f"you may not ssm:PutParameter on arn:aws:ssm:us-east-1:123456789012:parameter{SIGNING_SECRET}" in ran.out


def test_secrets_are_nowhere(cloud: LocalCloud) -> None:
    """As a program of its own, with a secret replaced, one refused and a token that Slack does not take."""
    canary, token = secrets.token_hex(16), f"xoxb-{secrets.token_hex(16)}"
    before = {name: stored(cloud, name)[1] for name in (SIGNING_SECRET, BOT_TOKEN)}
    ran = subprocess.run(
        [sys.executable, "-m", "chatops_setup", "setup", "Ops", "--stdin", "--overwrite"],
        env=cloud.environment(),
        input=lines({SIGNING_SECRET: canary, BOT_TOKEN: token}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 1
    assert "Slack refuses what /ops/prod/slack-bot-token holds: invalid_auth" in ran.stdout
    logs = "\n".join(line.message for line in cloud.server.function_logs()) + cloud.server.emulator_log()
    for secret in (canary, token, *before.values()):
        assert secret not in ran.stdout + ran.stderr + logs
