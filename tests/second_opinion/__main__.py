"""`python -m tests.second_opinion`: what our emulator decides about permissions, checked by another program.

It takes npm's registry (once: what is downloaded is kept in the user's cache) and is not a part of `make test`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.second_opinion.comparison import KNOWN, disagreements, problems
from tests.second_opinion.developers import developers
from tests.second_opinion.questions import actions_of, questions
from tests.second_opinion.simulator import NotInstalledError, installed
from tests.second_opinion.templates import templates
from tests.second_opinion.written_policies import written_policies


def main() -> int:
    """Ask both; 1 if they differ, 2 if the other one could not be installed."""
    try:
        simulator = installed()
    except NotInstalledError as error:
        return _say(str(error), code=2)
    with tempfile.TemporaryDirectory() as folder:
        asked_about = [*templates(Path(folder)), written_policies(), developers()]
    actions = sorted(set().union(*(actions_of(template) for template in asked_about)))
    arns = dict(zip(actions, simulator.ask("arns", actions), strict=True))
    unheard_of = [action for action in actions if arns[action] is None]
    if unheard_of:
        return _say(f"actions that AWS does not have: {', '.join(unheard_of)}", code=1)
    all_questions = [question for template in asked_about for question in questions(template, arns)]
    asked = list({json.dumps(question.asked, sort_keys=True): question for question in all_questions}.values())
    found = disagreements(asked, simulator.ask("decisions", [question.asked for question in asked]))
    failed = problems(found)
    for problem in failed:
        _say(problem)
    decisions = ", ".join(f"{number} {decision}" for decision, number in Counter(q.ours for q in asked).most_common())
    known = sum(each.known is not None for each in found)
    return _say(
        f"{len(asked)} decisions ({decisions}): {len(asked) - len(found)} the same, "
        f"{known} known differences of {len(KNOWN)} kinds, {len(failed)} problems",
        code=int(bool(failed)),
    )


def _say(text: str, *, code: int = 0) -> int:
    sys.stdout.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
