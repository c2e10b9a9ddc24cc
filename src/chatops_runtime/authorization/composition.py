"""The authorizer that a function's environment describes: kept as long as the function, and with it what it knows."""

from __future__ import annotations

import os
from functools import cache

from chatops_runtime.authorization.authorizer import Authorizer
from chatops_runtime.authorization.groups import UserGroups
from chatops_runtime.authorization.members import Members
from chatops_runtime.authorization.patience import patiently
from chatops_runtime.contracts import environment
from chatops_runtime.slack.bot_token import BotToken
from chatops_runtime.slack.token_way import TokenWay
from chatops_runtime.slack.web_client import WebClient


@cache
def authorizer(*, gov: bool) -> Authorizer:
    """The one for GovSlack, or for everybody else's Slack."""
    parameter = os.environ.get(environment.BOT_TOKEN_PARAMETER)
    slack = TokenWay(WebClient(), BotToken(parameter) if parameter else None, patiently, gov=gov)
    team_id = os.environ[environment.TEAM_ID]
    return Authorizer(UserGroups(slack, team_id), Members(slack, team_id))
