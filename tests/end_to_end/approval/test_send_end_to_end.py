"""`chatops-local send`, which clicks and chooses for people."""

import json
from pathlib import Path
from typing import Any

import pytest

from chatops_local.cli import main
from tests.end_to_end.approval.room import ADA, BEN, HERE


@pytest.fixture
def send(approval_assembly: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Type and click; the exit code, and what came of each command."""

    def send(*done: str) -> tuple[int, list[dict[str, Any]]]:
        options = ("--endpoint", HERE, "--time-scale", "0.1", "--group", f"S0ADMINS={ADA},{BEN}", "--timeout", "30")
        code = main(["send", str(approval_assembly), *done, *options, "--json"])
        return code, json.loads(capsys.readouterr().out)["commands"]

    return send


def test_people_choose_approve_and_find_no_button(send: Any) -> None:
    code, (served, deployed, sure) = send(
        *("/serve", "choose nginx", "click Submit"),
        *("/deploy", "click Approve", f"click Approve as {BEN}"),
        *("/sure", "click Maybe"),
    )
    assert code == 1
    assert served["ok"]
    assert [(click["label"], click["chosen"]) for click in served["clicks"][:1]] == [("Choose one", ["nginx"])]
    assert "serving nginx" in served["messages"][-1]["shown"]
    assert deployed["ok"]
    assert [click["user"] for click in deployed["clicks"]] == ["U0LOCALUSER", BEN]
    changed = [message for message in deployed["messages"] if message["changed"]]
    assert [message["channel"] for message in changed] == ["C0APPROVE"]
    assert not sure["ok"]
    assert sure["problems"][0].startswith("click Maybe: no message that U0LOCALUSER sees has it; there are 'Cancel'")
