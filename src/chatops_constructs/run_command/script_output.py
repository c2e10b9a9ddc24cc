"""The states that collect what a script printed, cut so that one result holds the output of all instances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_constructs.workflow.asl import expr, integration, one_line, reading_retry

if TYPE_CHECKING:
    from chatops_constructs.workflow.asl import States

# What GetCommandInvocation gives at most, in characters:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html
MOST_STDOUT, MOST_STDERR = 24_000, 8_000

# The agent cuts at so many bytes rather than characters, and then says so at the end of stdout (amazon-ssm-agent,
# agent/framework/processor/executer/iohandler).
CUT_BY_AGENT = "--output truncated--"

# A state's payload may have 262,144 bytes (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
# So many of them are for the instances; the rest is for the request, whose text comes twice, once encoded.
MOST_BYTES = 196_000
# Everything about an instance but its output; its name may have 255 characters.
BYTES_OF_INSTANCE = 500
# A control character in JSON is \u001b. No character takes more: others are in UTF-8.
BYTES_OF_CHARACTER = 6

_OUTPUT_OF_ONE = one_line(f"""(
  $bytes := {MOST_BYTES} - {BYTES_OF_INSTANCE} * ($count($invocations) + $count($offline));
  $room := $bytes / {BYTES_OF_CHARACTER} / $count($invocations);
  $most_stdout := $min([{MOST_STDOUT}, $floor($room * 3 / 4)]);
  $most_stderr := $min([{MOST_STDERR}, $floor($room / 4)]);
  $result := $states.result;
  $stdout := $result.StandardOutputContent;
  $stderr := $result.StandardErrorContent;
  $name := $online[instance_id = $result.InstanceId].name;
  {{
    'instance_id': $result.InstanceId,
    'name': $exists($name) ? $name[0] : $result.InstanceId,
    'status': $states.input.status,
    'exit_code': $result.ResponseCode,
    'stdout': $substring($stdout, 0, $most_stdout),
    'stderr': $substring($stderr, 0, $most_stderr),
    'stdout_cut': $length($stdout) > $most_stdout or $length($stdout) >= {MOST_STDOUT}
      or $substring($stdout, -{len(CUT_BY_AGENT)}) = '{CUT_BY_AGENT}',
    'stderr_cut': $length($stderr) > $most_stderr or $length($stderr) >= {MOST_STDERR}
  }}
)""")


# Of a script that failed the end says the most: two kilobytes of it, of the first three instances. The exit codes of
# some more: one call each.
MOST_TAIL = 2_000
INSTANCES_WITH_TAIL = 3
INSTANCES_WITH_EXIT_CODE = 20

# Colours and the like are of no use outside a terminal, and control characters take six bytes each in JSON.
_PLAIN = r"$replace($replace({text}, /\x1b\[[0-9;?]*[A-Za-z]/, ''), /[\x00-\x08\x0b-\x1f\x7f]/, '')"

# What is told of a task has the output in it several times, as JSON inside of JSON: a character there takes up to six
# bytes for each in which it is not plain. So of text with many of them there is less.
MOST_WEIGHT = 4_000
SHARES, SMALLEST_SHARE = [1, 0.66, 0.5], 0.33
_PART = "$substring({text}, $ceil($length({text}) * (1 - {share})))"
_WEIGHT = r"$length($replace($replace({text}, /[^\n\x20-\x7e]/, 'xxxxxx'), /[\x22\x5c\n]/, 'xxx'))"
_OF_BOTH = f"{_PART.format(text='$end_of_stdout', share='$')} & {_PART.format(text='$end_of_stderr', share='$')}"

_END_OF_ONE = one_line(f"""(
  $result := $states.result;
  $shown := $states.context.Map.Item.Index < {INSTANCES_WITH_TAIL};
  $stdout := {_PLAIN.format(text="$result.StandardOutputContent")};
  $stderr := {_PLAIN.format(text="$result.StandardErrorContent")};
  $most_stderr := $max([{MOST_TAIL} / 2, {MOST_TAIL} - $length($stdout)]);
  $end_of_stderr := $substring($stderr, $max([0, $length($stderr) - $most_stderr]));
  $most_stdout := {MOST_TAIL} - $length($end_of_stderr);
  $end_of_stdout := $substring($stdout, $max([0, $length($stdout) - $most_stdout]));
  $share := $max($append({SMALLEST_SHARE}, {SHARES}[{_WEIGHT.format(text=f"({_OF_BOTH})")} <= {MOST_WEIGHT}]));
  $end_of_stdout := {_PART.format(text="$end_of_stdout", share="$share")};
  $end_of_stderr := {_PART.format(text="$end_of_stderr", share="$share")};
  $name := $online[instance_id = $result.InstanceId].name;
  {{
    'instance_id': $result.InstanceId,
    'name': $exists($name) ? $name[0] : $result.InstanceId,
    'status': $states.input.status,
    'exit_code': $result.ResponseCode,
    'stdout': $shown ? $end_of_stdout : '',
    'stderr': $shown ? $end_of_stderr : '',
    'stdout_cut': $length($stdout) > ($shown ? $length($end_of_stdout) : 0),
    'stderr_cut': $length($stderr) > ($shown ? $length($end_of_stderr) : 0),
    'is_end': $length($result.StandardOutputContent) < {MOST_STDOUT}
      and $substring($result.StandardOutputContent, -{len(CUT_BY_AGENT)}) != '{CUT_BY_AGENT}'
      and $length($result.StandardErrorContent) < {MOST_STDERR}
  }}
)""")

# Looked up rather than searched for, since there may be hundreds of each.
_ALL_WITH_DETAILS = one_line("""(
  $names := $merge([$online.{instance_id: name}]);
  $details := $merge([$states.result.{instance_id: $}]);
  [$invocations.(
    $detail := $lookup($details, instance_id);
    $name := $lookup($names, instance_id);
    $exists($detail) ? $detail : {
      'instance_id': instance_id,
      'name': $exists($name) ? $name : instance_id,
      'status': status
    }
  )]
)""")


@dataclass(frozen=True)
class OutputCollection:
    """What is collected once the command is over, as one state that assigns `instances`.

    Attributes:
        first: The state's name.
        items: A JSONata expression for the invocations that are asked for their output.
        of_one: A JSONata expression for what is kept of one.
        instances: A JSONata expression for all instances, `$states.result` being what was kept.
    """

    first: str
    items: str
    of_one: str
    instances: str

    def states(self, *, then: str) -> States:
        """The one state, `first`.

        Args:
            then: The state that follows.
        """
        get_output = {
            "Type": "Task",
            "Resource": integration("aws-sdk:ssm:getCommandInvocation"),
            "Arguments": {"CommandId": expr("$command_id"), "InstanceId": expr("$states.input.instance_id")},
            "Output": expr(self.of_one),
            "Retry": reading_retry(),
            "End": True,
        }
        return {
            self.first: {
                "Type": "Map",
                "Items": expr(self.items),
                "MaxConcurrency": 5,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": "Get the output",
                    "States": {"Get the output": get_output},
                },
                "Assign": {"instances": expr(self.instances)},
                "Next": then,
            }
        }


OUTPUT_OF_ALL = OutputCollection(
    first="Collect the output", items="$invocations", of_one=_OUTPUT_OF_ONE, instances="$states.result"
)
"""The beginning of what every instance printed, for people who wait for it."""

END_OF_FAILURES = OutputCollection(
    first="Collect what the failures said",
    items=f"[$invocations[status != 'Success'][[0..{INSTANCES_WITH_EXIT_CODE - 1}]]]",
    of_one=_END_OF_ONE,
    instances=_ALL_WITH_DETAILS,
)
"""The exit codes of those that failed, and the end of what the first of them printed."""
