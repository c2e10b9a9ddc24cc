"""Systems Manager and the report function, as the states of a command see them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.constructs.states_language import StateError


@dataclass
class FakeInstance:
    """A managed instance and what the script does there."""

    instance_id: str
    ping: str = "Online"
    name: str | None = None
    details: str = "Success"
    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""

    @property
    def information(self) -> dict[str, Any]:
        named = {} if self.name is None else {"ComputerName": self.name}
        return {"InstanceId": self.instance_id, "PingStatus": self.ping, **named}

    @property
    def is_online(self) -> bool:
        return self.ping == "Online"


@dataclass
class FakeSsm:
    """Answers as Systems Manager does, in pages of fifty.

    Attributes:
        instances: What the filters match.
        polls: The command's status at each look: None is an empty list; the last one stays.
        missing: How many invocations each listing leaves out; afterwards none.
        unanswered: Whether SendCommand gives no answer; `sent` says whether it was carried out all the same.
        calls: Every call and its arguments.
    """

    instances: list[FakeInstance] = field(default_factory=list)
    polls: list[str | None] = field(default_factory=lambda: ["Success"])
    missing: list[int] = field(default_factory=list)
    unanswered: bool = False
    sent: bool = True
    failing: dict[str, StateError] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, resource: str, arguments: Any) -> Any:
        name = resource.rpartition(":")[2]
        self.calls.append((name, arguments))
        if name in self.failing:
            raise self.failing[name]
        method = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
        return getattr(self, f"_{method}")(arguments)

    def arguments(self, name: str) -> list[Any]:
        return [arguments for called, arguments in self.calls if called == name]

    @property
    def reported(self) -> Any:
        (arguments,) = self.arguments("invoke")
        return arguments["Payload"]

    def _describe_document(self, _: Any) -> Any:
        return {"Document": {"DefaultVersion": "7"}}

    def _describe_instance_information(self, arguments: Any) -> Any:
        return self._page(arguments, "InstanceInformationList", [one.information for one in self.instances])

    def _send_command(self, arguments: Any) -> Any:
        # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: one of the two.
        assert bool(arguments["InstanceIds"]) != bool(arguments["Targets"])
        assert len(arguments["InstanceIds"]) <= 50
        if self.unanswered:
            raise StateError("Ssm.SdkClientException", "connection reset")
        return {"Command": {"CommandId": "c0ffee"}}

    def _list_commands(self, arguments: Any) -> Any:
        if "Filters" in arguments:
            other = {"CommandId": "0ther", "Comment": "somebody else's"}
            mine = {"CommandId": "c0ffee", "Comment": "a1b2c3"}
            return {"Commands": [other, *([mine] if self.sent else [])]}
        status = self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]
        if status is None:
            return {"Commands": []}
        return {"Commands": [{"CommandId": "c0ffee", "Status": status, "TargetCount": len(self._online())}]}

    def _list_command_invocations(self, arguments: Any) -> Any:
        missing = 0 if "NextToken" in arguments or not self.missing else self.missing.pop(0)
        invocations = [{"InstanceId": one.instance_id, "StatusDetails": one.details} for one in self._online()]
        return self._page(arguments, "CommandInvocations", invocations[: len(invocations) - missing])

    def _get_command_invocation(self, arguments: Any) -> Any:
        (one,) = (one for one in self.instances if one.instance_id == arguments["InstanceId"])
        return {
            "InstanceId": one.instance_id,
            "ResponseCode": one.exit_code,
            "StandardOutputContent": one.stdout[:24_000],
            "StandardErrorContent": one.stderr[:8_000],
        }

    def _cancel_command(self, _: Any) -> Any:
        self.polls = ["Cancelled"]
        return {}

    def _invoke(self, arguments: Any) -> Any:
        # The report function, or one of a user's, which echoes.
        return {"StatusCode": 200, "Payload": arguments["Payload"]}

    def _online(self) -> list[FakeInstance]:
        return [one for one in self.instances if one.is_online]

    @staticmethod
    def _page(arguments: Any, key: str, items: list[Any]) -> Any:
        begin = int(arguments.get("NextToken", "0"))
        end = begin + arguments["MaxResults"]
        token = {"NextToken": str(end)} if end < len(items) else {}
        return {key: items[begin:end], **token}
