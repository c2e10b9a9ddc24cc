"""Notices of scheduled runs as they are said."""

import json
from typing import Any

import pytest

from chatops_runtime.notifier.reading import read
from tests.runtime.notifier.notices import failed_run, record, run
from tests.runtime.reports import instance, run_command

EXECUTION = (
    "<https://console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/"
    "arn:aws:states:us-east-1:123456789012:execution:Ops-NightlyBatch:2026-11-22T02-00-00Z|execution>"
)
SCHEDULED = "scheduled for <!date^1795312800^{date_short_pretty} {time_secs}|2026-11-22 02:00:00 UTC>"


def full(published: dict[str, Any], room: int = 4_000) -> str:
    return read(record(published)).full(room)


def test_a_failure_with_the_end_of_what_the_failed_instances_said():
    assert full(failed_run()).splitlines() == [
        ":x: *NightlyBatch failed on 1 of 3 instances*",
        f"`Ops/NightlyBatch` · {SCHEDULED} · id `2026-11-22T02-00-00Z` · {EXECUTION}",
        "*`web-2`* (`i-00000000000000002`): Failed with exit code 2",
        "```",
        "the end",
        "```",
        "_stdout was cut: the last 7 characters._",
        "stderr:",
        "```",
        "boom",
        "```",
        "*`web-3`* (`i-00000000000000003`): Failed with exit code 1",
        "Success on `web-1`",
        "The whole output is in the log group `/aws/ssm/ops`, streams "
        "`11111111-2222-3333-4444-555555555555/INSTANCE_ID/…/stdout` and `…/stderr`.",
    ]


def test_the_end_begins_with_a_line():
    lines = instance(1, status="Failed", exit_code=1, stdout="f a line\nthe next\nthe last", stdout_cut=True)
    said = full(run("failed", result=run_command(lines)))
    assert "```\nthe next\nthe last\n```\n_stdout was cut: the last 17 characters._" in said
    one_long = instance(1, status="Failed", exit_code=1, stdout="x" * 300 + "\nthe last", stdout_cut=True)
    assert "the last 309 characters" in full(run("failed", result=run_command(one_long)))
    whole = instance(1, status="Failed", exit_code=1, stdout="one\ntwo")
    assert "```\none\ntwo\n```\nThe whole" in full(run("failed", result=run_command(whole)))


def test_the_task_is_named_once():
    said = full(run("skipped", "Ops/NightlyBatch was skipped"))
    assert said.splitlines()[1].startswith("scheduled for ")


def test_of_an_output_that_does_not_fit_the_end_is_kept():
    long = instance(1, status="Failed", exit_code=1, stdout="begin " + "x" * 9_000 + " the very last")
    said = full(run("failed", result=run_command(long)))
    assert "begin" not in said
    assert "x the very last\n```\n_stdout was cut: the last " in said
    assert len(said) <= 4_000


def test_an_end_that_is_none_is_not_called_the_last():
    cut = instance(1, status="Failed", exit_code=1, stdout="somewhere", stdout_cut=True, is_end=False)
    assert "_stdout was cut: 9 characters of it, perhaps not the last._" in full(run("failed", result=run_command(cut)))


def test_a_success_names_its_instances_and_no_more():
    said = full(run("succeeded", "NightlyBatch succeeded", result=run_command(*map(instance, range(1, 21)))))
    assert said.startswith(":white_check_mark: *NightlyBatch succeeded*\n")
    names = ", ".join(f"`web-{number}`" for number in range(1, 16))
    assert said.splitlines()[2] == f"Success on {names} and 5 more"
    assert said.count("web-") == 15


def test_offline_instances_are_told():
    offline = [{"instance_id": "i-9", "name": "web-9", "status": "ConnectionLost"}]
    assert "*`web-9`* (`i-9`): offline (ConnectionLost), not run" in full(
        run("succeeded", result=run_command(instance(1), offline=offline))
    )


def test_a_run_that_ran_nowhere_says_why_and_what_to_do():
    said = full(run("failed", result=run_command(command_id=None, ok=False)))
    assert "It ran nowhere: no managed instance carries the tag `Role=web`.\nCheck that instances" in said


@pytest.mark.parametrize(
    ("notice", "mark", "last"),
    [
        (
            run("error", error="Ssm.AccessDeniedException", cause="no ssm:SendCommand"),
            ":x:",
            "Ssm.AccessDeniedException: no ssm:SendCommand",
        ),
        (run("error", error="", cause=""), ":x:", ""),
        (run("ended", error="TIMED_OUT", cause=""), ":x:", "TIMED_OUT: it took longer than it may"),
        (run("ended", error="ABORTED", cause=""), ":x:", "ABORTED: it was stopped by hand"),
        (run("skipped", other="earlier"), ":fast_forward:", "Not run, since `earlier` is under way."),
        (run("alarm", alarm="NoSuccess", reason="no datapoints"), ":rotating_light:", "NoSuccess: no datapoints"),
    ],
)
def test_what_else_may_happen(notice, mark, last):
    said = full(notice)
    assert said.startswith(f"{mark} *NightlyBatch failed on 1 of 3 instances*\n")
    assert said.rpartition("\n")[2] == last


def test_without_an_execution_there_is_nothing_to_look_up():
    said = full(run("alarm", execution="", id="", scheduled_at="", started_at="", alarm="Missing", reason=""))
    assert said.splitlines()[1:] == ["`Ops/NightlyBatch`", "Missing"]


def test_a_late_start_and_a_start_by_hand_are_told():
    assert " · started <!date^1795312900^" in full(run("skipped", started_at="2026-11-22T02:01:40Z"))
    assert " · started by hand <!date^1795312801^" in full(run("skipped", scheduled_at=""))


def test_nothing_in_it_pings():
    loud = instance(1, status="Failed", exit_code=1, name="<!here>", stdout="``` <!channel>")
    said = full(run("failed", "<!channel> failed", task="<@U012AB3CD>", result=run_command(loud)))
    assert "<!here>" not in said
    assert "<!channel>" not in said
    assert "<@" not in said
    assert "```" not in said.replace("```\n", "").replace("\n```", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"kind": "another"},
        {"outcome": "exploded"},
        {"outcome": ["failed"]},
        {"result": None},
        {"result": {"instances": [{}]}},
        {"result": {"instances": 7}},
        {"task": None, "subject": None, "result": 1},
    ],
)
def test_what_is_not_understood_is_said_as_it_is(changes, capsys):
    notice = {**failed_run(), **changes}
    said = read(record(notice, subject="NightlyBatch failed")).full(8_000)
    heading, fence, *rest = said.split("\n")
    assert (heading, fence) == (":speech_balloon: *NightlyBatch failed*", "```")
    assert json.loads("\n".join(rest).partition("\n```")[0]) == notice
    assert "Ops/NightlyBatch" not in capsys.readouterr().out


def test_the_line_of_a_digest():
    line = read(record(failed_run())).line
    assert line == f":x: *NightlyBatch failed on 1 of 3 instances* (id `2026-11-22T02-00-00Z`, {EXECUTION})"
