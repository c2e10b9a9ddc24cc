"""What may be typed after a command: a declaration for each argument, in the order in which values may be given.

The CDK side writes the declarations into the commands table, `chatops_runtime.contracts.commands_table`; the dispatch
function parses what was typed with them. Those of `/ops restart <nginx|app> [--since 3h] [--force]`:

    [
      {"name": "service", "kind": "choice", "required": true, "help": "what is restarted", "choices": ["nginx", "app"]},
      {"name": "since", "kind": "duration", "required": false, "least": 60, "most": 86400},
      {"name": "force", "kind": "flag", "required": false}
    ]

A name is `[a-z][a-z0-9_]{0,30}` and typed as `--name`, `_` as `-` too. A script finds the value in the environment
variable of the same name in capitals. By kind, absent where it does not apply, and what a value is in a request
(`chatops_runtime.contracts.request`) and as a `default`:

    kind      may also say                                       value
    choice    "choices": 1 to 100 texts                          one of them; null for a required one that is still to
                                                                 be chosen from a menu
    text      "pattern": of the whole text, "longest":           text
              characters, 1000 without it, "rest": true if it
              takes all that is left, of the last one only
    integer   "least", "most"                                    a number
    duration  "least", "most": seconds                           seconds, a number
    cidr      "family": 4 or 6                                   "203.0.113.0/24", the form that `ipaddress` writes
    flag                                                         true or false; false without it, never required
    user                                                         "U…", the id
    channel                                                      "C…", the id
    time                                                         "2026-11-22T10:00:00Z", or "-10800": so many seconds
                                                                 before the command was typed

A flag is given by its name alone, any other argument in its place or by its name; one with `"named": true` by its name
only, and no place is counted for it: that is an optional one in front of a required one, which would take the other's
value otherwise. One with a `default` is not required. An optional one that is absent and has no default is absent in
the request as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias, TypedDict

    Value: TypeAlias = str | int | bool | None

    Kind: TypeAlias = Literal["choice", "text", "integer", "duration", "cidr", "flag", "user", "channel", "time"]

    class _AnyArgument(TypedDict):
        name: str
        kind: Kind
        required: bool

    class ArgumentDeclaration(_AnyArgument, total=False):
        """What the table says about one argument."""

        default: str | int
        help: str
        named: bool
        choices: list[str]
        pattern: str
        longest: int
        rest: bool
        least: int
        most: int
        family: Literal[4, 6]


CHOICE: Kind = "choice"
TEXT: Kind = "text"
INTEGER: Kind = "integer"
DURATION: Kind = "duration"
CIDR: Kind = "cidr"
FLAG: Kind = "flag"
USER: Kind = "user"
CHANNEL: Kind = "channel"
TIME: Kind = "time"

LONGEST_TEXT = 1_000
"""Characters of a text whose declaration names no other number."""


def variable(name: str) -> str:
    """The environment variable in which a script finds the argument."""
    return name.upper()
