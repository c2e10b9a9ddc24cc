"""The states that tell how a scheduled run went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.run_command.run_on import RunOn
from chatops_constructs.schedules.notices import ALARM, ERROR, Notice, compose, ended, failed, tell
from chatops_constructs.workflow.asl import States, expr, one_line
from chatops_runtime.contracts import run_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_sns as sns

    from chatops_constructs.schedules.notification_target import NotificationTarget

# A message of SNS holds 262,144 bytes, and the notice is in it twice, beside its text. With all instances there is no
# telling how much it would be; a name may have 255 characters.
MOST_INSTANCES = 20
MOST_NAME = 60
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


SUCCEEDED = Notice(
    outcome=run_notice.SUCCEEDED, subject=_SUCCEEDED_SUBJECT, lines=_RESULT_LINES, facts={}, error="", result=RESULT
)
FAILED = Notice(
    outcome=run_notice.FAILED,
    subject=_FAILED_SUBJECT,
    lines=_RESULT_LINES,
    facts={},
    error="ChatOps.RunFailed",
    result=RESULT,
)
SKIPPED = Notice(
    outcome=run_notice.SKIPPED,
    subject="' was skipped: another run is still under way'",
    lines="[$other = '' ? '' : 'It is the run ' & $other]",
    facts={"other": "$other"},
    error="ChatOps.RunSkipped",
)
ENDED = ended("A script that it had begun may still be running.")

_FAILURES = (FAILED, ERROR, SKIPPED, ENDED, ALARM)


@dataclass(frozen=True)
class RunNotices:
    """The states that tell of a task's endings, one chain of them for each."""

    task: str
    on_success: Sequence[sns.ITopic | NotificationTarget]
    on_failure: Sequence[sns.ITopic | NotificationTarget]

    def states(self, role: iam.IRole) -> States:
        """The states; each chain begins with the name that `notices.first` gives for it."""
        after_success = "Tell of the success" if self.on_success else "Succeeded"
        after_failure = "Tell of the failure" if self.on_failure else "Failed"
        failures = [compose(self.task, notice, then=after_failure) for notice in _FAILURES]
        return {
            **compose(self.task, SUCCEEDED, then=after_success),
            **tell("Tell of the success", self.on_success, role, then="Succeeded"),
            "Succeeded": {"Type": "Succeed", "Output": expr("$notice")},
            **{name: state for states in failures for name, state in states.items()},
            **tell("Tell of the failure", self.on_failure, role, then="Failed"),
            "Failed": failed(),
        }
