"""The states that collect what a script printed, cut so that one result holds the output of all instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs.workflow.asl import expr, integration, one_line, reading_retry

if TYPE_CHECKING:
    from chatops_constructs.workflow.asl import States

FIRST = "Collect the output"

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


def collect_output(*, then: str) -> States:
    """The one state, `FIRST`, which asks every one of `$invocations` and assigns `instances`.

    Args:
        then: The state that follows.
    """
    get_output = {
        "Type": "Task",
        "Resource": integration("aws-sdk:ssm:getCommandInvocation"),
        "Arguments": {"CommandId": expr("$command_id"), "InstanceId": expr("$states.input.instance_id")},
        "Output": expr(_OUTPUT_OF_ONE),
        "Retry": reading_retry(),
        "End": True,
    }
    return {
        FIRST: {
            "Type": "Map",
            "Items": expr("$invocations"),
            "MaxConcurrency": 5,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                "StartAt": "Get the output",
                "States": {"Get the output": get_output},
            },
            "Assign": {"instances": expr("$states.result")},
            "Next": then,
        }
    }
