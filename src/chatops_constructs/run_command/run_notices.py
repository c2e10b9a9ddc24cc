"""The states that tell how a scheduled run went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.workflow.asl import EXECUTION, States, choice, expr, literal, one_line
from chatops_runtime.contracts import run_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam

    from chatops_constructs.run_command.notification_target import NotificationTarget

NOT_TOLD = "ChatOps.NotTold"

# SNS wants less than a hundred characters of ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
MOST_SUBJECT = 99
# A message of SNS holds 262,144 bytes, and the notice is in it twice, beside its text. With all instances there is no
# telling how much it would be; a name may have 255 characters.
MOST_INSTANCES = 20
MOST_NAME = 60
MOST_CAUSE = 1_000
MOST_TARGETS = 1_000

# Names of hosts are plain; whatever else there may be takes too much room.
_NAMED = rf"$merge([$, {{'name': $replace($substring(name, 0, {MOST_NAME}), /[^\x20\x21\x23-\x5b\x5d-\x7e]/, '?')}}])"

# The result of the run, with as many instances as a notice has room for, those that failed first.
RESULT = one_line(f"""(
  $result := $outcome.result;
  $failed := $result.instances[status != 'Success'];
  $good := $result.instances[status = 'Success'];
  $merge([$result, {{
    'targets': $substring($result.targets, 0, {MOST_TARGETS}),
    'instances': [$append($failed, $good)[[0..{MOST_INSTANCES - 1}]].{_NAMED}],
    'offline': [$result.offline[[0..{MOST_INSTANCES - 1}]].{_NAMED}],
    'ran': $count($result.instances),
    'failed': $count($failed),
    'offline_count': $count($result.offline)
  }}])
)""")

_SUCCEEDED_SUBJECT = one_line(f"""(
  $r.run_on = '{RunOn.ANY_ONE.value}' ? ' succeeded on ' & $r.instances[status = 'Success'][0].name
    & ($r.failed > 0 ? ', after ' & $r.failed & ' that could not be reached' : '')
  : ' succeeded on ' & $r.succeeded & ' of ' & $r.ran & ($r.ran = 1 ? ' instance' : ' instances')
)""")
_FAILED_SUBJECT = one_line("""(
  $r.online < $r.min_targets ?
    ' ran nowhere: ' & $r.online & ' of at least ' & $r.min_targets & ' instances online'
  : $r.ran = 0 ? ' ran on no instance that is listed' & ($r.command_status = '' ? '' : ': ' & $r.command_status)
  : $r.given_up ? ' was not over in time and was cancelled'
  : ' failed on ' & $r.failed & ' of ' & $r.ran & ($r.ran = 1 ? ' instance' : ' instances')
)""")

_INSTANCE_LINES = one_line("""$r.instances.(
  $printed := $replace($join([stderr, stdout][$length($) > 0], '\\n'), /\\s+$/, '');
  name & ' (' & instance_id & '): ' & status
    & ($exists(exit_code) and exit_code >= 0 ? ', exit code ' & exit_code : '')
    & ($length($printed) > 0 ? '\\n    ' & $replace($printed, '\\n', '\\n    ') : '')
)""")

_RESULT_LINES = one_line(f"""$append($append([{_INSTANCE_LINES}], [
  $r.ran > $count($r.instances) ? '... and ' & ($r.ran - $count($r.instances)) & ' more instances' : '',
  $r.offline_count > 0 ? 'Offline, not run: ' & $join($r.offline.(name & ' (' & instance_id & ')'), ', ')
    & ($r.offline_count > $count($r.offline) ? ' and ' & ($r.offline_count - $count($r.offline)) & ' more' : '') : '',
  $r.ran = 0 and $r.command_status != '' ? 'The status of the command: ' & $r.command_status : '',
  $r.ran = 0 ? 'Targets: ' & $r.targets & '. Are they running, and does their SSM agent reach Systems Manager?' : ''
]), [
  $r.command_id = null ? '' : 'The whole output: log group ' & $r.log_group & ', log streams '
    & $r.command_id & '/INSTANCE_ID/...'
])""")


@dataclass(frozen=True)
class Notice:
    """What is told of one kind of ending, as JSONata expressions.

    Attributes:
        outcome: Its name in the contract.
        subject: What follows the task's name in the subject.
        lines: The lines of the text after the first.
        facts: What the notice has beside what all have.
        error: The error that the execution ends with; empty: it succeeds.
        result: Whether a result is told: `$r` in the other expressions.
    """

    outcome: str
    subject: str
    lines: str
    facts: dict[str, str]
    error: str
    result: bool = False


ENDED_STATUS = "$states.input.detail.status"
ENDED_NAME = "$states.input.detail.name"
_CAUSE = f"$substring($outcome.cause, 0, {MOST_CAUSE})"

SUCCEEDED = Notice(
    outcome=run_notice.SUCCEEDED, subject=_SUCCEEDED_SUBJECT, lines=_RESULT_LINES, facts={}, error="", result=True
)
FAILED = Notice(
    outcome=run_notice.FAILED,
    subject=_FAILED_SUBJECT,
    lines=_RESULT_LINES,
    facts={},
    error="ChatOps.RunFailed",
    result=True,
)
ERROR = Notice(
    outcome=run_notice.ERROR,
    subject="' came to no verdict: ' & $outcome.error",
    lines=f"[{_CAUSE}]",
    facts={"error": "$outcome.error", "cause": _CAUSE},
    error="ChatOps.RunError",
)
SKIPPED = Notice(
    outcome=run_notice.SKIPPED,
    subject="' was skipped: another run is still under way'",
    lines="[$other = '' ? '' : 'It is the run ' & $other]",
    facts={"other": "$other"},
    error="ChatOps.RunSkipped",
)
# Endings that no state can catch, told by an event of Step Functions.
ENDED = Notice(
    outcome=run_notice.ENDED,
    subject=f"' ended without a verdict: ' & {ENDED_STATUS}",
    lines=f"['The run ' & {ENDED_NAME} & ' ended as ' & {ENDED_STATUS} & ', and nothing else was told of it. "
    "A script that it had begun may still be running.']",
    facts={"error": ENDED_STATUS, "cause": "''"},
    error="ChatOps.RunEnded",
)
ALARM = Notice(
    outcome=run_notice.ALARM,
    subject="': ' & $states.input.detail.alarmName",
    lines="[$states.input.detail.configuration.description, $states.input.detail.state.reason]",
    facts={"alarm": "$states.input.detail.alarmName", "reason": "$states.input.detail.state.reason"},
    error="ChatOps.Alarm",
)


@dataclass(frozen=True)
class RunNotices:
    """The states that tell of a task's endings, one chain of them for each."""

    task: str
    on_success: Sequence[NotificationTarget]
    on_failure: Sequence[NotificationTarget]

    def states(self, role: iam.IRole) -> States:
        """The states; each chain begins with the name that `first` gives for it."""
        failures = [FAILED, ERROR, SKIPPED, ENDED, ALARM]
        return {
            **self._compose(SUCCEEDED, then="Tell of the success" if self.on_success else "Succeeded"),
            **self._tell("Tell of the success", self.on_success, role, then="Succeeded"),
            "Succeeded": {"Type": "Succeed", "Output": expr("$notice")},
            **{
                name: state
                for notice in failures
                for name, state in self._compose(
                    notice, then="Tell of the failure" if self.on_failure else "Failed"
                ).items()
            },
            **self._tell("Tell of the failure", self.on_failure, role, then="Failed"),
            "Failed": {"Type": "Fail", "Error": expr("$ending"), "Cause": expr("$notice.subject")},
        }

    def _compose(self, notice: Notice, *, then: str) -> States:
        result = f"$r := {RESULT}; " if notice.result else ""
        subject = f"$substring({literal(self.task)} & {notice.subject}, 0, {MOST_SUBJECT})"
        about_a_run = notice not in (ENDED, ALARM)
        execution = {
            "execution": f"{EXECUTION}.Id" if about_a_run else _or_nothing("$states.input.detail.executionArn"),
            "id": f"{EXECUTION}.Name" if about_a_run else _or_nothing(ENDED_NAME),
            "started_at": f"{EXECUTION}.StartTime" if about_a_run else "''",
            "scheduled_at": _or_nothing(f"{EXECUTION}.Input.scheduled_at"),
        }
        facts = {**execution, **notice.facts, **({"result": "$r"} if notice.result else {})}
        members = ", ".join(f"'{name}': {value}" for name, value in facts.items())
        text = one_line(f"""$join($append(
          [$subject, {self._origin(about_a_run)}, ''],
          $append({notice.lines}, [$execution = '' ? '' : 'Execution: ' & $execution])
        )[$ != ''], '\\n')""")
        composed = one_line(f"""(
          {result}
          $subject := {subject};
          $execution := {execution["execution"]};
          {{
            'version': {run_notice.VERSION},
            'kind': '{run_notice.KIND}',
            'outcome': '{notice.outcome}',
            'task': {literal(self.task)},
            'region': $split({EXECUTION}.Id, ':')[3],
            'subject': $subject,
            'text': {text},
            {members}
          }}
        )""")
        return {
            first(notice): {
                "Type": "Pass",
                "Assign": {"notice": expr(composed), "ending": notice.error, "untold": []},
                "Next": then,
            }
        }

    @staticmethod
    def _origin(about_a_run: bool) -> str:
        if not about_a_run:
            return "''"
        scheduled = f"{EXECUTION}.Input.scheduled_at"
        return (
            f"($exists({scheduled}) ? 'Scheduled for ' & {scheduled} & ', ' : 'Started by hand, ')"
            f" & 'run ' & {EXECUTION}.Name & '.'"
        )

    @staticmethod
    def _tell(name: str, targets: Sequence[NotificationTarget], role: iam.IRole, *, then: str) -> States:
        """One state a target. When one cannot be told, the others are all the same."""
        if not targets:
            return {}
        names = [name if number == 1 else f"{name} ({number})" for number in range(1, len(targets) + 1)]
        check, not_told = f"{name}: done?", f"{name}: not told"
        states: dict[str, Any] = {}
        for this, following, target in zip(names, [*names[1:], check], targets, strict=True):
            states[this] = {
                **target.bind_notification(role),
                "Catch": [
                    {
                        "ErrorEquals": ["States.ALL"],
                        # A timeout has no cause.
                        "Assign": {
                            "untold": expr(
                                "$append($untold, [$states.errorOutput.($exists(Cause) ? $string(Cause) : Error)])"
                            )
                        },
                        "Next": following,
                    }
                ],
                "Next": following,
            }
        return {
            **states,
            check: {
                "Type": "Choice",
                "Choices": [choice("$count($untold) = 0", then=then)],
                "Default": not_told,
            },
            not_told: {
                "Type": "Fail",
                "Error": NOT_TOLD,
                "Cause": expr("$notice.subject & '. This could not be told: ' & $join($untold, ' ')"),
            },
        }


def first(notice: Notice) -> str:
    """The first state of a notice's chain."""
    return f"Compose the notice: {notice.outcome}"


def _or_nothing(jsonata: str) -> str:
    return f"($exists({jsonata}) ? {jsonata} : '')"
