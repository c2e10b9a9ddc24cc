"""Whether Slack takes a bot token, for which workspace, and for what: https://docs.slack.dev/reference/methods/auth.test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_setup.finding import Finding, ok, problem, unknown
from chatops_setup.https import post

if TYPE_CHECKING:
    from chatops_setup.parameters import Secret

CHECK = "bot token at Slack"
NEEDED_SCOPE = "chat:write"
SCOPES_FOR_FILES = ("files:write", "im:write")

_URL = "https://slack.com/api/auth.test"


@dataclass(frozen=True)
class TokenAnswer:
    """What Slack says of a token.

    Attributes:
        error: Slack's word for what is wrong; empty if nothing is.
        team_id: The workspace.
        user: The bot's name.
        scopes: What it is allowed; None if Slack did not say.
        unreachable: Why Slack could not be asked; empty if it could.
    """

    error: str = ""
    team_id: str = ""
    user: str = ""
    scopes: frozenset[str] | None = None
    unreachable: str = ""


def ask(token: Secret) -> TokenAnswer:
    """Ask Slack."""
    answer = post(_URL, b"", {"Authorization": f"Bearer {token.value.strip()}"})
    try:
        said = json.loads(answer.body)
    except ValueError:
        return TokenAnswer(unreachable=answer.error or f"it answered {answer.status}")
    # The scopes are in the headers of every answer: https://docs.slack.dev/authentication/installing-with-oauth.
    scopes = answer.headers.get("x-oauth-scopes")
    return TokenAnswer(
        error="" if said.get("ok") else str(said.get("error")),
        team_id=str(said.get("team_id", "")),
        user=str(said.get("user", "")),
        scopes=None if scopes is None else frozenset(each.strip() for each in scopes.split(",")),
    )


def judged(
    answer: TokenAnswer, parameter: str, team_id: str | None, further_scopes: frozenset[str] = frozenset()
) -> Finding:
    """Whether the token does what it is for.

    Args:
        answer: Slack's.
        parameter: The one with the token.
        team_id: The workspace that the stack serves; None if it does not say.
        further_scopes: What the bot has to be allowed for some commands, beside posting.
    """
    if answer.unreachable:
        return unknown(
            CHECK, f"Slack could not be asked: {answer.unreachable}", "may this machine reach https://slack.com?"
        )
    if answer.error:
        return problem(
            CHECK,
            f"Slack refuses what {parameter} holds: {answer.error}",
            "install the app in the workspace, and run `chatops-constructs setup` with the token that is under OAuth & "
            "Permissions then",
        )
    if team_id is not None and answer.team_id != team_id:
        return problem(
            CHECK,
            f"{parameter} is of the workspace {answer.team_id}, the stack serves {team_id}",
            f"install the app in {team_id}, and run `chatops-constructs setup` with the token of that installation",
        )
    lacking = sorted(({NEEDED_SCOPE} | further_scopes) - answer.scopes) if answer.scopes is not None else []
    if lacking:
        return problem(
            CHECK,
            f"the bot {answer.user} may not {_purpose(lacking)}: it lacks {' and '.join(lacking)}",
            "add what it lacks under OAuth & Permissions, Bot Token Scopes, and install the app again",
        )
    return ok(CHECK, f"Slack takes it: {answer.user} in {answer.team_id}{_without_files(answer.scopes)}")


def _purpose(lacking: list[str]) -> str:
    return "post" if NEEDED_SCOPE in lacking else "find out who may run some commands, and refuses everybody"


def _without_files(scopes: frozenset[str] | None) -> str:
    lacking = [scope for scope in SCOPES_FOR_FILES if scopes is not None and scope not in scopes]
    return f"; long results come in several messages without {' and '.join(lacking)}" if lacking else ""
