"""The off-switch: an SSM String parameter that stops all commands of one endpoint, or of several.

    on                  commands run
    off                 they do not
    off <reason>        they do not, and whoever types one is told why

Any other value stops them as well, and so does a parameter that is missing: what nobody can read must not run. The
dispatch function reads it again when what it knows is older than `FRESH_SECONDS`. What runs already goes on.
"""

from __future__ import annotations

ON = "on"
OFF = "off"

ALLOWED_PATTERN = "^(on|off( .+)?)$"
"""https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html, AllowedPattern"""

FRESH_SECONDS = 45
"""So that the switch takes effect within a minute, a retry included."""


def reason_of(value: str) -> str | None:
    """Why commands are switched off: a text, empty if no reason is given; None if they are on.

    Raises:
        ValueError: The value is another one. Its text does not repeat it.
    """
    switch, blank, reason = value.partition(" ")
    if switch == ON and not blank:
        return None
    if switch == OFF:
        return reason.strip()
    raise ValueError(f"it says neither {ON!r} nor {OFF!r} nor {OFF!r} and a reason")
