"""The buttons below a notifier's notices, each of which runs a command: a JSON array in the notifier's environment.

    [{"command": "/logsearch",               the command
      "label": "Search the logs",            the button's text
      "find": "[0-9a-f-]{36}",               what follows the command is taken from the notice; absent: nothing is
      "text": "--since 3h",                  what follows that; may be empty
      "confirm": true}]                      whether it has to be confirmed

`find` is looked for in the notice's subject and, on the next line, what was published, as it was published, in the
first `LOOKED_AT` characters. Where it does not occur there is no button. Of a pattern with a group, the first group is
taken.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class _AnyButton(TypedDict):
        command: str
        label: str
        text: str
        confirm: bool

    class ButtonDeclaration(_AnyButton, total=False):
        """One button."""

        find: str


MOST_BUTTONS = 3
"""Of a notifier. A message with three notices has three times as many, and all else that a message holds."""

LONGEST_LABEL = 75
"""https://docs.slack.dev/reference/block-kit/block-elements/button-element."""

LONGEST_TEXT = 200
"""Characters of `text`."""

LONGEST_FOUND = 200
"""Characters of what is found: more is no id, and there is no button."""

LOOKED_AT = 10_000
"""Characters of a notice."""
