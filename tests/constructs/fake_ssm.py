"""Systems Manager, the report function and the audit log, as the states of a command see them, in simulated time."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from tests.constructs.states_language import Clock, Signal, StateError

NEVER = math.inf


@dataclass
class FakeInstance:
    """A managed instance and what the script does there.

    Attributes:
        delivered: After so many seconds the script begins.
        takes: So many seconds later it is over.
        details: The `StatusDetails` then.
        began: Whether it had begun by then.
        when_cancelled: The `StatusDetails` if it is cancelled before that.
        gone: Whether it is terminated by the time of the send.
    """

    instance_id: str
    ping: str = "Online"
    name: str | None = None
    details: str = "Success"
    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""
    delivered: float = 0
    takes: float = 0
    began: bool = True
    when_cancelled: str = "Cancelled"
    gone: bool = False

    @property
    def information(self) -> dict[str, Any]:
        named = {} if self.name is None else {"ComputerName": self.name}
        return {"InstanceId": self.instance_id, "PingStatus": self.ping, **named}

    @property
    def is_online(self) -> bool:
        return self.ping == "Online"


@dataclass
class SentCommand:
    """A command that was sent."""

    id: str
    comment: str
    instances: list[FakeInstance]
    at: float
    cancelled_at: float = NEVER

    def details(self, instance: FakeInstance, now: float) -> str:
        over = self.at + instance.delivered + instance.takes
        if min(over, self.cancelled_at) > now:
            return "InProgress" if now >= self.at + instance.delivered else "Pending"
        return instance.details if over <= self.cancelled_at else instance.when_cancelled

    def over_at(self) -> float:
        return max((self.at + one.delivered + one.takes for one in self.instances), default=self.at)

    def status(self, now: float) -> str:
        """https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html: of the whole command."""
        found = {status_of(self.details(one, now)) for one in self.instances}
        for status in ("InProgress", "Pending", "Cancelled", "TimedOut", "Failed"):
            if status in found:
                return status
        return "Success"


def status_of(details: str) -> str:
    """The `Status` of an invocation with such `StatusDetails`."""
    plain = details.replace(" ", "")
    if plain in {"Pending", "InProgress", "Success", "Cancelled"}:
        return plain
    return "TimedOut" if plain.endswith("TimedOut") else "Failed"


@dataclass
class FakeSsm:
    """Answers as Systems Manager does, in pages of fifty.

    Attributes:
        instances: What the filters match.
        signal: Seconds from a command's end to the signal that says so.
        false_signal: Seconds from a send to a signal that says nothing, instead of `signal`.
        repeated: Whether somebody repeats each command by hand, with its comment, on instances where it succeeds at
            once.
        lag: Seconds by which what is listed is behind.
        status: The command's status once it is over, if it is not that of its instances.
        missing: How many invocations each listing leaves out; afterwards none.
        unanswered: Whether SendCommand gives no answer; `sent` says whether it was carried out all the same.
        failing: Errors by the name of the call: one that stays, or one for each call until there are none left.
        calls: Every call and its arguments.
        commands: Every command that was sent.
    """

    instances: list[FakeInstance] = field(default_factory=list)
    signal: float = NEVER
    false_signal: float | None = None
    repeated: bool = False
    lag: float = 0
    status: str | None = None
    missing: list[int] = field(default_factory=list)
    unanswered: bool = False
    sent: bool = True
    failing: dict[str, StateError | list[StateError]] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    commands: list[SentCommand] = field(default_factory=list)

    def __call__(self, resource: str, arguments: Any) -> Any:
        name = resource.rpartition(":")[2].removesuffix(".waitForTaskToken")
        self.calls.append((name, arguments))
        self._raise(name)
        method = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)
        answer = getattr(self, f"_{method}")(arguments)
        if not resource.endswith(".waitForTaskToken"):
            return answer
        command = self.commands[-1]
        at = command.over_at() + self.signal if self.false_signal is None else command.at + self.false_signal
        return Signal(at, {"kind": "signal"})

    def arguments(self, name: str) -> list[Any]:
        return [arguments for called, arguments in self.calls if called == name]

    @property
    def reported(self) -> Any:
        (arguments,) = self.arguments("invoke")
        return arguments["Payload"]

    @property
    def audited(self) -> list[Any]:
        """The lines in the audit log."""
        return [json.loads(event["Message"]) for put in self.arguments("putLogEvents") for event in put["LogEvents"]]

    def _raise(self, name: str) -> None:
        failing = self.failing.get(name, [])
        if isinstance(failing, StateError):
            raise failing
        if failing:
            raise failing.pop(0)

    def _describe_document(self, _: Any) -> Any:
        return {"Document": {"DefaultVersion": "7", "DocumentVersion": "7", "Hash": "5ha256", "HashType": "Sha256"}}

    def _describe_instance_information(self, arguments: Any) -> Any:
        return self._page(arguments, "InstanceInformationList", [one.information for one in self.instances])

    def _send_command(self, arguments: Any) -> Any:
        # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html: one of the two.
        ids = arguments["InstanceIds"]
        assert bool(ids) != bool(arguments.get("Targets"))
        assert len(ids) <= 50
        assert len(arguments["Comment"]) <= 100
        if any(one.gone for one in self.instances if one.instance_id in ids):
            raise StateError("Ssm.InvalidInstanceIdException", "Instances not in a valid state for account")
        if self.sent:
            recipients = [one for one in self._online() if not one.gone and (one.instance_id in ids or not ids)]
            self._list(arguments["Comment"], recipients)
        if self.unanswered:
            raise StateError("Ssm.SdkClientException", "connection reset")
        return {"Command": {"CommandId": self.commands[-1].id}}

    def _list(self, comment: str, recipients: list[FakeInstance]) -> None:
        number = len(self.commands)
        self.commands.append(SentCommand(f"c0ffee{number or ''}", comment, recipients, self.clock.now))

    def _list_commands(self, arguments: Any) -> Any:
        listed = [command for command in self.commands if command.at <= self._seen]
        if "Filters" in arguments:
            other = SentCommand("0ther", "somebody else's", [], 0)
            before = [one["Value"] for one in arguments["Filters"] if one["Key"] == "InvokedBefore"]
            found = [one for one in listed if not before or self.clock.timestamp(one.at)[:19] <= before[0][:19]]
            # The newest first.
            return {"Commands": [self._listed(one) for one in (other, *self._repeated(), *reversed(found))]}
        return {"Commands": [self._listed(one) for one in listed if one.id == arguments["CommandId"]]}

    def _repeated(self) -> list[SentCommand]:
        if not self.repeated:
            return []
        elsewhere = FakeInstance("i-0elsewhere")
        return [SentCommand("0repeated", one.comment, [elsewhere], one.at + 1) for one in self.commands]

    def _listed(self, command: SentCommand) -> dict[str, Any]:
        status = command.status(self._seen)
        if self.status and status not in {"Pending", "InProgress"}:
            status = self.status
        return {
            "CommandId": command.id,
            "Comment": command.comment,
            "RequestedDateTime": self.clock.timestamp(command.at),
            "Status": status,
            "StatusDetails": status if command.instances else "NoInstancesInTag",
            "TargetCount": len(command.instances),
        }

    def _list_command_invocations(self, arguments: Any) -> Any:
        missing = 0 if "NextToken" in arguments or not self.missing else self.missing.pop(0)
        (command,) = (one for one in self.commands if one.id == arguments["CommandId"])
        listed = [(one, command.details(one, self._seen)) for one in command.instances if command.at <= self._seen]
        invocations = [
            {"InstanceId": one.instance_id, "StatusDetails": details, "Status": status_of(details)}
            for one, details in listed
        ]
        return self._page(
            {"MaxResults": 50, **arguments}, "CommandInvocations", invocations[: len(invocations) - missing]
        )

    def _get_command_invocation(self, arguments: Any) -> Any:
        (one,) = (one for one in self.instances if one.instance_id == arguments["InstanceId"])
        (command,) = (one for one in self.commands if one.id == arguments["CommandId"])
        began = one.began and self.clock.now >= command.at + one.delivered
        return {
            "InstanceId": one.instance_id,
            "ResponseCode": one.exit_code,
            "ExecutionStartDateTime": self.clock.timestamp(command.at) if began else "",
            "StandardOutputContent": one.stdout[:24_000],
            "StandardErrorContent": one.stderr[:8_000],
        }

    def _cancel_command(self, arguments: Any) -> Any:
        (command,) = (one for one in self.commands if one.id == arguments["CommandId"])
        command.cancelled_at = min(command.cancelled_at, self.clock.now)
        return {}

    def _invoke(self, arguments: Any) -> Any:
        # The report function, or one of a user's, which echoes.
        payload = arguments["Payload"]
        is_report = "outcome" in payload
        return {"StatusCode": 200, "Payload": {"done": True, "said": 1} if is_report else payload}

    def _put_log_events(self, _: Any) -> Any:
        return {"NextSequenceToken": "1"}

    def _send_message(self, _: Any) -> Any:
        return {"MessageId": "1"}

    def _online(self) -> list[FakeInstance]:
        return [one for one in self.instances if one.is_online]

    @property
    def _seen(self) -> float:
        """The time of which the lists tell."""
        return self.clock.now - self.lag

    @staticmethod
    def _page(arguments: Any, key: str, items: list[Any]) -> Any:
        begin = int(arguments.get("NextToken", "0"))
        end = begin + arguments["MaxResults"]
        token = {"NextToken": str(end)} if end < len(items) else {}
        return {key: items[begin:end], **token}
