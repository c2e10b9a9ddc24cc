"""Marks on resources of a template, by which tools that read it find what they need.

On the dispatch function of an endpoint, under `ENDPOINT`:

    {"version": 1, "url_output": "<logical id of the output with the endpoint's URL>",
     "team_id": "T…", "app_id": "A…",
     "signing_secret_parameter": "/ops/prod/slack-signing-secret",
     "off_switch_parameter": "/chatops/Ops_Slack_1A2B3C4D/off-switch",
     "bot_token_parameter": "/ops/prod/slack-bot-token",          absent without a bot token
     "mutual_tls": true,                                          absent without mutual TLS
     "interactivity": true,                                       absent if there is nothing to click
     "commands": {"/ops restart": {"description": "…", "usage": "/ops restart [text]",
                                   "should_escape": false,        whether the app is to escape mentions and links
                                   "scopes": ["usergroups:read"]},          what else the bot needs for it, if anything
                  "/restart": {…, "alias_of": "/ops restart"}},
     "events": {"app_mention": {"description": "…",               absent without any
                                "subscriptions": ["app_mention"], what the app subscribes to
                                "scopes": ["app_mentions:read"]}},          what the bot needs for it
     "interactions": {"shortcut:page": {"type": "shortcut",       absent without any
                                        "id": "page", "description": "…", "scopes": [],
                                        "title": "Page somebody"}}}         absent if the id says it

On the function of a notifier, under `NOTIFIER`:

    {"version": 1, "bot_token_parameter": "/ops/prod/slack-bot-token"}

On the managed policy for instance profiles, under `INSTANCE_POLICY`:

    {"version": 1}

On each IP set of a pair, under `IP_SET`:

    {"version": 1, "pair": "<construct path>",
     "addresses": "run_time" | "template"}        who owns them: of `run_time` the template has none

On a function with compiled dependencies, under `PYTHON`:

    {"version": 1, "built_for": "host" | "linux/arm64/3.14",      "host": the machine and Python that synthesised
     "compiled": ["markupsafe/_speedups….so", …]}

On a function that reads secrets which no other mark names, under `SECRETS`:

    {"version": 1, "secrets": [{"name": "/acme/staging/standup/api-key",
                                "store": "parameter" | "secrets_manager",
                                "kind": "text" | "signing_secret" | "bot_token",
                                "stage": "staging",                  absent if it is of no `StageSecrets`
                                "json_field": "password",            absent if all of the value is the secret
                                "encryption_key": "arn:aws:kms:…"    absent if AWS's own key encrypts it; what
                               }, …]}                                CloudFormation resolves, for a key of a stack
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class _AnyCommand(TypedDict):
        description: str
        usage: str
        should_escape: bool

    class CommandMark(_AnyCommand, total=False):
        """What the mark of an endpoint says about a command."""

        alias_of: str
        scopes: list[str]

    class EventMark(TypedDict):
        """What the mark of an endpoint says about an event."""

        description: str
        subscriptions: list[str]
        scopes: list[str]

    class _AnyInteraction(TypedDict):
        type: str
        id: str
        description: str
        scopes: list[str]

    class InteractionMark(_AnyInteraction, total=False):
        """What the mark of an endpoint says about an interaction."""

        title: str

    class _AnySecret(TypedDict):
        name: str
        store: str
        kind: str

    class SecretMark(_AnySecret, total=False):
        """What the mark of a function says about a secret that it reads."""

        stage: str
        json_field: str
        encryption_key: str


VERSION = 1

ENDPOINT = "chatops:endpoint"
NOTIFIER = "chatops:notifier"
INSTANCE_POLICY = "chatops:instance-policy"
IP_SET = "chatops:ip-set"
PYTHON = "chatops:python"
SECRETS = "chatops:secrets"

RUN_TIME = "run_time"
TEMPLATE = "template"

PARAMETER = "parameter"
SECRETS_MANAGER = "secrets_manager"

TEXT = "text"
SIGNING_SECRET = "signing_secret"  # noqa: S105 - a kind of secret
BOT_TOKEN = "bot_token"  # noqa: S105 - a kind of secret
