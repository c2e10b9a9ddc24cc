"""Rules: dispatch refuses what it knows, and leaves to the execution what only Slack knows."""

import pytest

from tests.runtime.slack_requests import form


@pytest.mark.parametrize("command", ["/wipe", "/staff"])
def test_what_only_slack_knows_is_started(dispatch, command):
    assert "Running" in dispatch.message(form(command=command))["text"]
    assert len(dispatch.started) == 1


@pytest.mark.parametrize(
    ("user", "stage", "runs"),
    [
        ("U0123TARO", "dev", True),
        ("U0123TARO", "prod", False),
        ("U0BOSS", "prod", True),
        ("U0BOSS", "dev", True),
        ("U0BOSSY", "prod", False),
        ("U0BOS", "prod", False),
    ],
)
def test_a_value_may_be_for_some_only(dispatch, user, stage, runs):
    message = dispatch.message(form(command="/deploy", text=stage, user_id=user))
    assert bool(dispatch.started) is runs
    assert bool(dispatch.refusals) is not runs
    if not runs:
        assert message["response_type"] == "ephemeral"
        assert message["text"] == (
            "`/deploy` was not run. It is for everybody if `stage` is `dev` or <@U0BOSS> if `stage` is `prod`."
        )


def test_a_value_that_is_still_to_be_chosen_is_started(dispatch):
    dispatch(form(command="/deploy"))
    assert dispatch.started[0]["input"]["arguments"] == {"stage": None}


@pytest.mark.parametrize("text", ["PROD", "'prod ", "pr\u200bod", "prod prod"])
def test_what_is_almost_a_value_is_a_mistake_and_no_way_around(dispatch, text):
    assert "`/deploy` was not run." in dispatch.message(form(command="/deploy", text=text))["text"]
    assert dispatch.started == []


def test_the_refusal_is_kept(dispatch):
    dispatch(form(command="/deploy", text="prod"))
    (refusal,) = dispatch.refusals
    assert refusal["input"]["reason"] == "not_allowed"
    assert refusal["input"]["request"]["text"] == "prod"


def test_help_marks_what_is_found_out_later(dispatch):
    lines = dispatch.message(form(text="help"))["text"].splitlines()
    (wipe,) = (line for line in lines if "`/wipe`" in line)
    assert wipe.endswith(" (for members of <!subteam^S0ADMINS>; checked when you run it)")
    (staff,) = (line for line in lines if "`/staff`" in line)
    assert staff.endswith(" (for everybody in this workspace who is no guest; checked when you run it)")
    assert not any("checked" in line for line in lines if "`/long`" in line)
    assert lines[-1] == "1 more is for other people or channels."


def test_a_mention_in_a_refusal_is_for_the_user_alone(dispatch):
    message = dispatch.message(form(command="/here"))
    assert message == {
        "response_type": "ephemeral",
        "text": "`/here` was not run. It is for everybody in <#C0456ADM>.",
    }


def test_while_switched_off_a_mistake_is_no_way_to_learn_more(dispatch):
    dispatch.aws.put("/chatops/Ops_Slack_1A2B3C4D/off-switch", "off for now")
    dispatch.put_on(60)
    message = dispatch.message(form(command="/ops", text="restart ngnix"))
    assert message["text"] == "`/ops restart` was not run. Commands are switched off: for now"
