"""Starting what a command runs, and what the user is told about that."""

from __future__ import annotations

from chatops_runtime.contracts import request_log
from chatops_runtime.contracts.request import short_id
from chatops_runtime.dispatch.answer import Answer
from chatops_runtime.dispatch.aws_client import AwsError, AwsUnreachableError
from chatops_runtime.slack import mrkdwn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from chatops_runtime.contracts.commands_table import CommandEntry
    from chatops_runtime.contracts.request import CommandRequest
    from chatops_runtime.dispatch.executions import Executions
    from chatops_runtime.dispatch.invocation import Invocation


class CommandStart:
    """Starts the state machine of a command's entry in the table."""

    def __init__(self, executions: Executions) -> None:
        """By means of `executions`."""
        self._executions = executions

    def answer(self, entry: CommandEntry, request: CommandRequest, name: str, invocation: Invocation) -> Answer:
        """Start the machine; the answer says whether it runs.

        Args:
            entry: The command's entry in the table.
            request: The execution's input.
            name: The execution's name.
            invocation: Where the machine is, until when to answer, and what the log says.
        """
        arn = invocation.machine_arn(entry["machine"])
        command, shown_id = mrkdwn.code(request["command"]), mrkdwn.code(short_id(name))
        try:
            started = self._executions.start(arn, name, request, invocation.deadline)
        except AwsUnreachableError as error:
            invocation.note(detail=str(error))
            return Answer.ephemeral(
                request_log.START_UNANSWERED,
                f"{command} could not be started: AWS did not answer in time (id {shown_id}). "
                "If no result follows within a minute, try again.",
            )
        except AwsError as error:
            invocation.note(detail=str(error))
            advice = (
                "Try again in a moment." if error.is_transient else "Whoever looks after this app can look up the id."
            )
            return Answer.ephemeral(
                request_log.START_REFUSED, f"{command} could not be started: {error.code} (id {shown_id}). {advice}"
            )
        if not started:
            return Answer.ephemeral(request_log.ALREADY_RECEIVED, f"{command} was already received (id {shown_id}).")
        return _acknowledgement(entry, request, name)


def _acknowledgement(entry: CommandEntry, request: CommandRequest, name: str) -> Answer:
    text = f"{_what_happens(entry, request)} (id {mrkdwn.code(short_id(name))}){_understood(entry, request)}"
    if not entry.get("cancellable"):
        return Answer.acknowledgement(request_log.STARTED, text, entry["visible"])
    from chatops_runtime.dispatch import cancel_button  # noqa: PLC0415 - of some commands only

    handle = cancel_button.handle(entry["machine"], name)
    return Answer.acknowledgement(request_log.STARTED, text, entry["visible"], handle)


def _understood(entry: CommandEntry, request: CommandRequest) -> str:
    if not request["arguments"]:
        return ""
    from chatops_runtime.dispatch import understood  # noqa: PLC0415 - of some commands only

    return understood.words(request["arguments"], entry.get("arguments", ()))


def _what_happens(entry: CommandEntry, request: CommandRequest) -> str:
    command = mrkdwn.code(request["command"])
    if None in request["arguments"].values() or (entry.get("confirms") and "approval" not in entry):
        return f"There is a question about {command} …"
    if "approval" in entry:
        return f"Asked for approval in {mrkdwn.channel(entry['approval']['channel'])}: {command} …"
    return f"Running {command} …"
