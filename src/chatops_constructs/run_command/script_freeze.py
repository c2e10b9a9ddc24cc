"""The states that settle, before anybody is asked, which version of a script runs on which instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._durations import of_seconds
from chatops_constructs.actions.action import Freeze
from chatops_constructs.run_command import instance_search
from chatops_constructs.slack.asking_states import ANSWER_SECONDS, TROUBLE_SECONDS, Question, declined_unless
from chatops_constructs.workflow.asl import States, choice, expr, integration, literal, one_line, reading_retry
from chatops_runtime.contracts import asking as contract

if TYPE_CHECKING:
    from chatops_constructs.run_command.script_run import ScriptRun
    from chatops_constructs.slack.asking_states import Asking

FIRST = "Look at the script"
PICK = "Pick the instances"

# Reading, retries included.
READING_SECONDS = 5 * 60

# Of so many the card has the names, and of a name so much: a hostname may have 255 characters.
MOST_SHOWN = 20
LONGEST_NAME = 60


def freeze_script(run: ScriptRun, *, asking: Asking | None) -> Freeze:
    """The states; what they leave in `$frozen` is what `ScriptRun` with `frozen` takes.

    Args:
        run: What will run.
        asking: Asks which instances, if they are picked.
    """
    most = run.targets.most_picked
    picks = asking is not None and most is not None
    states: States = {
        FIRST: {
            "Type": "Task",
            "Resource": integration("aws-sdk:ssm:describeDocument"),
            "Arguments": {"Name": run.document.name},
            "Assign": {
                "version": expr("$states.result.Document.DocumentVersion"),
                "hash": expr("$states.result.Document.Hash"),
                "managed": [],
            },
            "Retry": reading_retry(),
            "Next": instance_search.FIRST,
        },
        **instance_search.find_instances(
            run.targets, at_least=run.min_targets, then=PICK if picks else "Frozen", otherwise="Too few to freeze"
        ),
        "Too few to freeze": {**run.too_few(), "Output": {"result": run.too_few()["Output"]}},
        **(_pick(asking, most) if asking is not None and most is not None else {}),
        "Frozen": {
            "Type": "Pass",
            "Output": {
                "lines": expr(_lines(run)),
                **{name: expr(f"${name}") for name in ("version", "hash", "by_tag", "online", "offline")},
                **({"used": expr("$asked.used")} if picks else {}),
            },
            "End": True,
        },
    }
    seconds = READING_SECONDS + (ANSWER_SECONDS + TROUBLE_SECONDS if picks else 0)
    return Freeze(start_at=FIRST, states=states, longest=of_seconds(seconds))


def _pick(asking: Asking, most: int) -> States:
    options = f"[$online.{{'value': instance_id, 'label': {_SHOWN}}}]"
    picked = "[$states.result[0].answer.values]"
    question = Question(
        topic="the instances",
        kind=contract.INSTANCES,
        members=f"{{'options': {options}, 'most': $min([{most}, $count($online)])}}",
        within=ANSWER_SECONDS,
        decision=one_line(f"""
          $by != $requester ? 'undecided'
          : $a.decision = '{contract.CANCELLED}' ? $a.decision
          : $count($a.values) > 0 and $count($a.values) <= {most}
            and $count($a.values[$not($ in $question.options.value)]) = 0 ? '{contract.CHOSEN}'
          : 'undecided'
        """).strip(),
    )
    return {
        PICK: {
            **asking.ask(question),
            "Assign": {
                "asked": expr("$states.result[0]"),
                "not_picked": expr(declined_unless(contract.CHOSEN, "$states.result[0]")),
                "online": expr(f"($picked := {picked}; [$online[instance_id in $picked]])"),
                "by_tag": False,
            },
            "Next": "Are instances picked?",
        },
        "Are instances picked?": {
            "Type": "Choice",
            "Choices": [choice(f"$asked.decision = '{contract.CHOSEN}'", then="Frozen")],
            "Default": "None is picked",
        },
        "None is picked": {
            "Type": "Pass",
            "Output": {"result": expr("$not_picked"), "used": expr("$asked.used")},
            "End": True,
        },
    }


_SHOWN = f"$substring(name, 0, {LONGEST_NAME}) & (name = instance_id ? '' : ' (' & instance_id & ')')"


def _lines(run: ScriptRun) -> str:
    """What the card says, line by line."""
    document = literal(run.document.physical_name)
    tagged = literal(f"On all instances with {run.targets.description} when it runs, more than a command can name: ")
    return one_line(f"""
      $append(
        ['Script ' & {document} & ', version ' & $version & ', SHA-256 ' & $hash],
        $by_tag
          ? [{tagged} & $string($count($online)) & ' at this moment']
          : $append(
              [$online[[0..{MOST_SHOWN - 1}]].('On ' & {_SHOWN})],
              $count($online) > {MOST_SHOWN} ? ['and ' & $string($count($online) - {MOST_SHOWN}) & ' more'] : []
            )
      )
    """).strip()
