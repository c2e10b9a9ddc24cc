"""Bad input at synthesis: a ValueError that names the parameter, the value, what is allowed and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_logs as logs

from chatops_constructs import (
    Allow,
    CommandFunction,
    Ec2Targets,
    EndpointAccess,
    InvokeFunction,
    RunScript,
    SlackCredentials,
    SlackWorkspace,
)
from tests.constructs.stacks import COMMANDS, WEB, add, endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

NONE: Any = None
SECONDS = cdk.Duration.seconds


@dataclass(frozen=True)
class Bad:
    """A call and the four things that its error has to say."""

    call: Callable[[cdk.Stack], object]
    parameter: str
    value: str
    allowed: str
    remedy: str


def token(stack: cdk.Stack) -> str:
    return cdk.CfnParameter(stack, "Parameter").value_as_string


def function(stack: cdk.Stack, **options: Any) -> CommandFunction:
    return CommandFunction(stack, "Hello", **{"entry": COMMANDS, "handler": "hello.hello", **options})


COMMAND_NAME = "'/' and up to 31 of a-z, 0-9, '-' and '_'"
WRITE_NAME = "write it like '/ps' or '/ops restart'"

BAD = {
    # SlackWorkspace
    "team id": Bad(
        lambda _: SlackWorkspace.team("ops", app="A034CD5EF"),
        "team_id",
        "'ops'",
        "T and capital",
        "app.slack.com/client",
    ),
    "no team id": Bad(
        lambda _: SlackWorkspace.team(NONE, app="A034CD5EF"), "team_id", "None", "T and capital", "app.slack.com/client"
    ),
    "app id": Bad(lambda _: SlackWorkspace.team("T012AB3CD", app="T012"), "app", "'T012'", "A and", "copy the App ID"),
    # SlackCredentials
    **{
        f"prefix {prefix!r}": Bad(
            lambda _, prefix=prefix: SlackCredentials.from_parameters(prefix),  # type: ignore[misc]
            "prefix",
            repr(prefix),
            "a path of letters, digits",
            "write it like '/ops/prod'",
        )
        for prefix in ("ops", "/", "/ops/", "/aws/ops", "/SSM-ops", "/o ps", "/a" * 15, "/" + "a" * 900, "", None)
    },
    # Allow
    "a channel's name": Bad(lambda _: Allow.channel("#ops"), "channel_ids", "'#ops'", "an id: C and", "copy the id"),
    "no channel": Bad(lambda _: Allow.channel(), "channel_ids", "()", "one or more ids", "Allow.workspace()"),
    "a list of channels": Bad(
        lambda _: Allow.channel(["C0123OPS"]),  # type: ignore[arg-type]
        "channel_ids",
        "['C0123OPS']",
        "an id: C and",
        "copy the id",
    ),
    "a channel known at deploy time": Bad(
        lambda stack: Allow.channel(token(stack)), "channel_ids", "known at deploy time", "an id: C and", "in plain"
    ),
    "a person's name": Bad(lambda _: Allow.user("@taro"), "user_ids", "'@taro'", "an id: U and", "copy the id"),
    "nobody": Bad(lambda _: Allow.user(), "user_ids", "()", "one or more ids", "Allow.workspace()"),
    # Ec2Targets
    "no tag key": Bad(lambda _: Ec2Targets.by_tag("", "web"), "key", "''", "1 to 128 characters", "name the tag"),
    "a long tag key": Bad(lambda _: Ec2Targets.by_tag("k" * 129, "web"), "key", "kkk", "1 to 128", "name the tag"),
    "no tag value": Bad(lambda _: Ec2Targets.by_tag("Role"), "values", "()", "1 to 50 values", "by_tag('Role', 'web')"),
    "51 tag values": Bad(
        lambda _: Ec2Targets.by_tag("Role", *map(str, range(51))), "values", "'50'", "1 to 50 values", "name them"
    ),
    **{
        f"tag value {value!r}": Bad(
            lambda _, value=value: Ec2Targets.by_tag("Role", value),  # type: ignore[misc]
            "values",
            repr(value),
            "1 to 256 characters without",
            "name the value in full",
        )
        for value in ("", "web*", "we?", "${aws:username}", "{% $x %}", "v" * 257, None, ["web", "app"])
    },
    "a key twice": Bad(
        lambda _: WEB.and_tag("Role", "app"), "key", "['Role', 'Role']", "up to 5 different keys", "all values of a key"
    ),
    "six tags": Bad(
        lambda _: WEB.and_tag("1", "a").and_tag("2", "a").and_tag("3", "a").and_tag("4", "a").and_tag("5", "a"),
        "key",
        "'5'",
        "up to 5 different keys",
        "all values of a key",
    ),
    "an instance's name": Bad(
        lambda _: Ec2Targets.by_ids("web-1"), "instance_ids", "'web-1'", "8 or 17 hexadecimal", "EC2 console"
    ),
    "no instance": Bad(lambda _: Ec2Targets.by_ids(), "instance_ids", "0 ids", "1 to 50", "Ec2Targets.by_tag"),
    "51 instances": Bad(
        lambda _: Ec2Targets.by_ids(*(f"i-{number:08x}" for number in range(51))),
        "instance_ids",
        "51 ids",
        "1 to 50",
        "Ec2Targets.by_tag",
    ),
    # EndpointAccess
    **{
        f"path {path!r}": Bad(
            lambda _, path=path: EndpointAccess.http_api(path=path),  # type: ignore[misc]
            "path",
            repr(path),
            "/ and segments without variables",
            "write it like '/slack/commands'",
        )
        for path in ("", "/", "slack", "/slack/", "/{proxy+}", "/a b", None)
    },
    "no throttle rate": Bad(
        lambda _: EndpointAccess.http_api(throttle_rate=0), "throttle_rate", "0", "a number above 0", "leave it out"
    ),
    "negative throttle burst": Bad(
        lambda _: EndpointAccess.http_api(throttle_burst=-1), "throttle_burst", "-1", "a number above 0", "leave it out"
    ),
    "throttling somebody else's API": Bad(
        lambda stack: EndpointAccess.http_api(api=apigateway.HttpApi(stack, "Api"), throttle_rate=5),
        "throttle_rate",
        "5",
        "nothing, with an existing api",
        "set it on that API's stage",
    ),
    "a log for somebody else's API": Bad(
        lambda stack: EndpointAccess.http_api(
            api=apigateway.HttpApi(stack, "Api"), access_log_group=logs.LogGroup(stack, "Logs")
        ),
        "access_log_group",
        "LogGroup",
        "nothing, with an existing api",
        "set it on that API's stage",
    ),
    "an imported API without its endpoint": Bad(
        lambda stack: endpoint(
            stack,
            access=EndpointAccess.http_api(
                api=apigateway.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="a1b2c3")
            ),
        ),
        "api",
        "'Ops/Api', imported without its endpoint",
        "an API whose endpoint is known",
        "give api_endpoint to HttpApi.from_http_api_attributes",
    ),
    # RunScript
    "no script": Bad(
        lambda _: RunScript(targets=WEB), "script and script_file", "missing", "exactly one", "the script itself or the"
    ),
    "two scripts": Bad(
        lambda _: RunScript("ps", script_file="ps.sh", targets=WEB),
        "script and script_file",
        "given",
        "exactly one",
        "the script itself or the",
    ),
    "an empty script": Bad(
        lambda _: RunScript("", targets=WEB), "script", "''", "at least one command", "what is to be"
    ),
    "a blank script": Bad(
        lambda _: RunScript(" \n\t", targets=WEB), "script", r"' \n\t'", "at least one command", "what is to be"
    ),
    "NUL in a script": Bad(
        lambda _: RunScript("a\0b", targets=WEB), "script", "NUL", "text without NUL", "take it out"
    ),
    "a script file that is not there": Bad(
        lambda _: RunScript(script_file="no/such.sh", targets=WEB),
        "script_file",
        "'no/such.sh'",
        "a file",
        f"make {Path('no/such.sh').absolute()}",
    ),
    **{
        f"timeout {seconds}": Bad(
            lambda _, seconds=seconds: RunScript("ps", targets=WEB, timeout=SECONDS(seconds)),  # type: ignore[misc]
            "timeout",
            SECONDS(seconds).to_human_string(),
            "whole seconds from 5 seconds to 2 days",
            "choose a time in that range",
        )
        for seconds in (0, 4, 172_801)
    },
    "a timeout in milliseconds": Bad(
        lambda _: RunScript("ps", targets=WEB, timeout=cdk.Duration.millis(5_500)),
        "timeout",
        "5 seconds 500 millis",
        "whole seconds",
        "choose a time in that range",
    ),
    "a timeout known at deploy time": Bad(
        lambda stack: RunScript(
            "ps",
            targets=WEB,
            timeout=SECONDS(cdk.CfnParameter(stack, "Parameter", type="Number").value_as_number),
        ),
        "timeout",
        "known at deploy time",
        "whole seconds",
        "in plain",
    ),
    **{
        f"delivery timeout {seconds}": Bad(
            lambda _, seconds=seconds: RunScript(  # type: ignore[misc]
                "ps", targets=WEB, delivery_timeout=SECONDS(seconds)
            ),
            "delivery_timeout",
            SECONDS(seconds).to_human_string(),
            "whole seconds from 30 seconds to 30 days",
            "choose a time in that range",
        )
        for seconds in (29, 2_592_001)
    },
    "a script that no document holds": Bad(
        lambda stack: add(endpoint(stack), "/big", RunScript(Random(1).randbytes(60_000).hex(), targets=WEB)),
        "script",
        "120000 bytes (",
        "48000 bytes, plain or compressed, since an SSM document holds 64 KB",
        "into S3",
    ),
    "a long script with a token": Bad(
        lambda stack: add(endpoint(stack), "/big", RunScript(f"echo {token(stack)}" + "#" * 48_000, targets=WEB)),
        "script",
        "bytes with values that are known at deploy time only",
        "48000 bytes",
        "into S3",
    ),
    # CommandFunction
    "no folder": Bad(
        lambda stack: function(stack, entry="no/such"), "entry", "'no/such'", "a folder with Python source", "make /"
    ),
    **{
        f"handler {handler!r}": Bad(
            lambda stack, handler=handler: function(stack, handler=handler),  # type: ignore[misc]
            "handler",
            repr(handler),
            "module.function",
            "hello in hello.py",
        )
        for handler in ("hello", "hello.", ".hello", "hello.hel lo", "../hello.hello", "")
    },
    "no such module": Bad(
        lambda stack: function(stack, handler="greet.hello"), "handler", "'greet.hello'", "a module in", "greet.py"
    ),
    "a long function": Bad(
        lambda stack: function(stack, timeout=cdk.Duration.minutes(16)),
        "timeout",
        "16 minutes",
        "15 minutes",
        "shorten",
    ),
    "our variable": Bad(
        lambda stack: function(stack, environment={"CHATOPS_HANDLER": "x"}),
        "environment",
        "CHATOPS_HANDLER",
        "any variable but this one",
        "take it out",
    ),
    # SlackCommandEndpoint.add_command
    **{
        f"command {name!r}": Bad(
            lambda stack, name=name: add(endpoint(stack), name),  # type: ignore[misc]
            "name",
            repr(name),
            COMMAND_NAME,
            WRITE_NAME,
        )
        for name in ("ps", "/", "/PS", "/p s t", "/ps ", " /ps", "/ps  aux", "/" + "p" * 32, "/-ps", "/日本", "", None)
    },
    "a command known at deploy time": Bad(
        lambda stack: add(endpoint(stack), token(stack)), "name", "known at deploy time", COMMAND_NAME, "in plain"
    ),
    "help": Bad(
        lambda stack: add(endpoint(stack), "/ps help"), "name", "'/ps help'", "any sub-command but help", "is built in"
    ),
    "no action": Bad(
        lambda stack: endpoint(stack).add_command("/ps", NONE, description="x", allow=Allow.workspace()),
        "action",
        "None",
        "RunScript(…), InvokeFunction(…)",
        "say what the command does",
    ),
    "no description": Bad(
        lambda stack: add(endpoint(stack), "/ps", description=" "), "description", "' '", "1 to 2000", "in a few words"
    ),
    "None for a description": Bad(
        lambda stack: add(endpoint(stack), "/ps", description=None),
        "description",
        "None",
        "1 to 2000",
        "in a few words",
    ),
    "a long description": Bad(
        lambda stack: add(endpoint(stack), "/ps", description="x" * 2_001),
        "description",
        "xxx",
        "1 to 2000",
        "in a few words",
    ),
    "a description known at deploy time": Bad(
        lambda stack: add(endpoint(stack), "/ps", description=token(stack)),
        "description",
        "known at deploy time",
        "1 to 2000",
        "in plain",
    ),
    "allow is None": Bad(
        lambda stack: add(endpoint(stack), "/ps", allow=None), "allow", "None", "Allow.channel(…)", "say who may run"
    ),
    "visible is True": Bad(
        lambda stack: add(endpoint(stack), "/ps", visible=True), "visible", "True", "Visibility.USER or", "leave it out"
    ),
    "a result after 25 minutes": Bad(
        lambda stack: add(endpoint(stack), "/ps", RunScript("ps", targets=WEB, timeout=cdk.Duration.minutes(24))),
        "action",
        "an action of up to 26 minutes",
        "25 minutes without a bot token",
        "bot_token=True",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_bad_input(bad: Bad, stack: cdk.Stack) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is looked at below, all of it
        bad.call(stack)
    told = str(caught.value)
    assert f"{bad.parameter} is " in told
    for part in (bad.value, bad.allowed, bad.remedy):
        assert part in told
    assert "jsii" not in told


def test_a_command_twice(stack: cdk.Stack) -> None:
    slack = endpoint(stack)
    add(slack, "/ops restart")
    add(slack, "/ops")
    with pytest.raises(
        ValueError, match=r"name is '/ops restart'; allowed: a name that is not there yet; choose another"
    ):
        add(slack, "/ops restart")


def test_commands_whose_construct_ids_are_the_same(stack: cdk.Stack) -> None:
    slack = endpoint(stack)
    add(slack, "/ops-restart")
    with pytest.raises(ValueError, match=r"name is '/ops restart'; allowed: a name whose construct id, OpsRestart"):
        add(slack, "/ops restart")


def test_the_51st_slash_command(stack: cdk.Stack) -> None:
    slack = endpoint(stack)
    # Fifty, one of them with sub-commands only.
    hello = function(stack)
    for number in range(49):
        add(slack, f"/number-{number}", InvokeFunction(hello))
    add(slack, "/ops restart", InvokeFunction(hello))
    add(slack, "/ops stop", InvokeFunction(hello))
    with pytest.raises(
        ValueError, match=r"name is '/one-more'; allowed: 50 slash commands in a Slack app; make it a sub"
    ):
        add(slack, "/one-more", InvokeFunction(hello))
    add(slack, "/number-1 again", InvokeFunction(hello))
    assert len(slack.commands) == 52


def test_a_command_after_synthesis() -> None:
    app = cdk.App()
    stack = cdk.Stack(app, "Ops")
    slack = endpoint(stack)
    app.synth()
    with pytest.raises(ValueError, match=r"allowed: commands before synthesis; add it before app.synth\(\) is called"):
        add(slack, "/ps")


def test_allow_cannot_be_forgotten(stack: cdk.Stack) -> None:
    slack = endpoint(stack)
    with pytest.raises(TypeError, match="'allow'"):
        slack.add_command("/ps", RunScript("ps", targets=WEB), description="x")  # type: ignore[call-arg]


def test_all_problems_of_a_call_are_told_together(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"RunScript: .*timeout is (?s:.*) and delivery_timeout is "):
        RunScript("ps", targets=WEB, timeout=SECONDS(1), delivery_timeout=SECONDS(1))
    with pytest.raises(ValueError, match=r"SlackCommandEndpoint 'Ops/Slack': description is (?s:.*) and allow is "):
        add(endpoint(stack), "/ps", description="", allow=None)


def test_a_result_within_25_minutes_needs_no_bot_token(stack: cdk.Stack) -> None:
    # 60 s to deliver, 60 s margin.
    command = add(endpoint(stack), "/ps", RunScript("ps", targets=WEB, timeout=cdk.Duration.minutes(23)))
    assert command.action.longest.to_minutes() == 25


def test_a_later_result_with_a_bot_token(stack: cdk.Stack) -> None:
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops", bot_token=True))
    command = add(slack, "/ps", RunScript("ps", targets=WEB, timeout=cdk.Duration.hours(48)))
    assert command.action.longest.to_seconds() == 48 * 3_600 + 120


def test_a_value_known_at_deploy_time_is_let_pass_where_it_may_be_one(stack: cdk.Stack) -> None:
    some = token(stack)
    SlackWorkspace.team(some, app=some)
    SlackCredentials.from_parameters(some)
    Ec2Targets.by_tag("Role", some)
    Ec2Targets.by_ids(some)
    RunScript(f"echo {some}", targets=WEB)
