"""The authorizer that a function's environment describes: kept as long as the function, and with it what it knows."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from chatops_runtime.authorization.authorizer import Authorizer
from chatops_runtime.authorization.groups import UserGroups
from chatops_runtime.authorization.members import Members
from chatops_runtime.contracts import environment
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.token_way import TokenWay
from chatops_runtime.slack.web_client import SlackRetryable, WebClient

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PAUSE_SECONDS = 1
"""Before Slack is asked once more, if it names no pause."""

LONGEST_PAUSE_SECONDS = 5
"""Somebody waits for the answer: after a longer pause they may as well ask again."""


@cache
def authorizer(*, gov: bool) -> Authorizer:
    """The one for GovSlack, or for everybody else's Slack."""
    parameter = os.environ.get(environment.BOT_TOKEN_PARAMETER)
    slack = TokenWay(WebClient(), BotToken(parameter) if parameter else None, _patiently, gov=gov)
    team_id = os.environ[environment.TEAM_ID]
    return Authorizer(UserGroups(slack, team_id), Members(slack, team_id))


def _patiently(call: Callable[[], T]) -> T:
    """Call, and once more after a short pause."""
    try:
        return call()
    except SlackRetryable as busy:
        pause = PAUSE_SECONDS if busy.retry_after is None else busy.retry_after
        if pause > LONGEST_PAUSE_SECONDS:
            raise
    time.sleep(pause)
    return call()
