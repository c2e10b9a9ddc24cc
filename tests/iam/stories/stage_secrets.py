"""The examples `stage_secrets`: functions that read secrets, under keys of the app in the bigger one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.iam.apps import App
from tests.iam.elsewhere import HISTORIES_OF_KEY, LOGS_OF_KEY, OWN_KEY
from tests.iam.stories import endpoints, machines, slack

if TYPE_CHECKING:
    from chatops_local.cloud import LocalCloud
    from tests.iam.laboratory import Laboratory

_CHANNEL = "C0123OPS"
_FOLDER = "/acme/staging/reports"
_KEY = "a key that signs links"


def _with_a_parameter(cloud: LocalCloud) -> None:
    cloud.server.put_secret(f"{_FOLDER}/link-key", _KEY)


def _under_keys_of_the_app(laboratory: Laboratory) -> None:
    ssm = laboratory.cloud.server.client("ssm")
    for name in ("slack-signing-secret", "slack-bot-token"):
        value = ssm.get_parameter(Name=f"{_FOLDER}/{name}", WithDecryption=True)["Parameter"]["Value"]
        _put(laboratory, name, value)
    _put(laboratory, "link-key", _KEY)
    laboratory.cloud.server.client("secretsmanager").create_secret(
        Name="partner/links", SecretString=json.dumps({"key": _KEY}), KmsKeyId=laboratory.id("PartnersKey")
    )


def _put(laboratory: Laboratory, name: str, value: str) -> None:
    laboratory.cloud.server.client("ssm").put_parameter(
        Name=f"{_FOLDER}/{name}", Value=value, Type="SecureString", KeyId=laboratory.id("Key"), Overwrite=True
    )


STAGE_SECRETS = (
    App(
        "maximal/stage_secrets",
        stories=(
            slack.typed("/report june", channel=_CHANNEL),
            slack.typed("/report partner june", channel=_CHANNEL),
            slack.answered_late("/report june", channel=_CHANNEL),
            *endpoints.stories_of("Slack", "/report june", channel=_CHANNEL),
            machines.UPDATED,
        ),
        furnish=_under_keys_of_the_app,
        elsewhere=(HISTORIES_OF_KEY, LOGS_OF_KEY, OWN_KEY),
    ),
    App(
        "minimal/stage_secrets",
        stories=(
            slack.typed("/report june", channel=_CHANNEL),
            *endpoints.stories_of("Slack", "/report june", channel=_CHANNEL),
            machines.UPDATED,
        ),
        surroundings=_with_a_parameter,
    ),
)
