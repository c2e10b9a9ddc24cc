"""What is said at once of a command that runs, is asked about, or can be cancelled."""

import hashlib

from chatops_runtime.contracts.control import Handle
from tests.runtime.slack_requests import form


def name_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_approval_is_said_to_be_asked_for_where_it_is(dispatch):
    body = form(command="/release")
    message = dispatch.message(body)
    said = f"Asked for approval in <#C0456ADM>: `/release` … (id `{name_of(body)[:10]}`)"
    assert (message["response_type"], message["text"]) == ("in_channel", said)


def test_a_question_is_announced(dispatch):
    body = form(command="/purge")
    assert dispatch.message(body) == {
        "response_type": "ephemeral",
        "text": f"There is a question about `/purge` … (id `{name_of(body)[:10]}`)",
    }


def test_what_can_be_cancelled_has_a_button(dispatch):
    body = form(command="/long")
    message = dispatch.message(body)
    section, actions = message["blocks"]
    assert section == {"type": "section", "text": {"type": "mrkdwn", "text": message["text"]}}
    (button,) = actions["elements"]
    assert (actions["type"], button["type"], button["action_id"]) == ("actions", "button", "chatops.cancel")
    assert button["text"] == {"type": "plain_text", "text": "Cancel"}
    handle = Handle.parse(button["value"])
    assert handle is not None
    assert (handle.machine, handle.execution, handle.nonce) == ("Ops-Long", name_of(body), "")
    assert message["response_type"] == "ephemeral"


def test_what_was_not_started_has_none(dispatch):
    body = form(command="/long")
    dispatch(body)
    dispatch.aws.closed.update(dispatch.aws.executions)
    assert "blocks" not in dispatch.message(body)
    dispatch.aws.failures = [(400, "AccessDeniedException")]
    assert "blocks" not in dispatch.message(form(command="/long", trigger_id="another"))


def test_a_plain_command_has_none(dispatch):
    assert "blocks" not in dispatch.message(form(command="/ops", text="restart app"))
