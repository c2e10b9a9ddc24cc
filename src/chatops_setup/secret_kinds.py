"""The two secrets of a Slack app, where Slack shows them and what they look like; and any other secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_runtime.contracts.placeholders import is_placeholder
from chatops_setup.finding import Finding, ok, problem

if TYPE_CHECKING:
    from chatops_setup.parameters import Secret, StoredParameter


@dataclass(frozen=True)
class SecretKind:
    """A kind of secret.

    Attributes:
        check: What the check of it is called.
        title: What Slack calls it.
        place: Where Slack shows it; empty if it is none of Slack's.
        shape: What it looks like, in words.
        pattern: What it looks like.
    """

    check: str
    title: str
    place: str
    shape: str
    pattern: re.Pattern[str]

    def refusal(self, secret: Secret) -> str | None:
        """Why this cannot be the secret; None if it can. It quotes nothing of it."""
        if self.pattern.fullmatch(secret.value.strip()):
            return None
        return f"that is not {self.shape}: copy the {self.title} from {self.place}"


# Slack promises neither shape anywhere; all that there have been have had it.
SIGNING_SECRET = SecretKind(
    check="signing secret",
    title="Signing Secret",
    place="Basic Information, App Credentials",
    shape="32 hexadecimal characters",
    pattern=re.compile(r"[0-9a-f]{32}"),
)

# https://docs.slack.dev/authentication/tokens: those of bots begin with xoxb-.
BOT_TOKEN = SecretKind(
    check="bot token",
    title="Bot User OAuth Token",
    place="OAuth & Permissions, after the app is installed",
    shape="xoxb- and letters, digits and dashes",
    pattern=re.compile(r"xoxb-[A-Za-z0-9-]{10,}"),
)


class _AnyText(SecretKind):
    """A secret that nothing is known of but that it is there."""

    def refusal(self, secret: Secret) -> str | None:
        """Why this cannot be the secret."""
        if secret.value.strip() and not is_placeholder(secret.value):
            return None
        return f"that is not {self.shape}: it is empty or a placeholder"


TEXT = _AnyText(
    check="secret",
    title="Secret",
    place="",
    shape="a secret",
    pattern=re.compile(".*", re.DOTALL),
)


def stored(kind: SecretKind, name: str, parameter: StoredParameter | None, secret: Secret | None) -> Finding:
    """Whether the parameter can hold the secret.

    Args:
        kind: Which secret.
        name: The parameter's name.
        parameter: What is there.
        secret: Its value, if it could be read.
    """
    run_setup = "run `chatops-constructs setup`, which asks for it"
    if parameter is None:
        return problem(kind.check, f"there is no parameter {name}", run_setup)
    if not parameter.is_secure:
        return problem(
            kind.check,
            f"{name} is a {parameter.type}, which everybody who lists parameters can read",
            f"delete it, and {run_setup}; and let Slack make a new one, since this one has been readable",
        )
    if secret is not None and kind.refusal(secret):
        return problem(kind.check, f"{name} ({parameter.described}) does not hold {kind.shape}", run_setup)
    return ok(kind.check, f"{name}: {parameter.described}")
