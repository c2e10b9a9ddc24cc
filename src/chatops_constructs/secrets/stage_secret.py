"""One secret of a stage. Never the secret itself: functions read it when they run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from typing import TYPE_CHECKING

from aws_cdk import aws_lambda as lambda_

from chatops_constructs._problems import Problems, matches
from chatops_constructs._secret_parameter import declare_secrets
from chatops_constructs.secrets.names import PART, PART_IN_WORDS
from chatops_runtime.contracts.secrets import variable_of

if TYPE_CHECKING:
    from chatops_runtime.contracts.template_metadata import SecretMark


class StageSecret(ABC):
    """A secret of a stage, by its name: `StageSecrets.secret` or `StageSecrets.secret_from_secrets_manager` makes it.

    Attributes:
        key: What handlers ask for it by: `read_secret("api-key")`.
        name: Its name in Parameter Store or in Secrets Manager.
        stage: The stage.
    """

    def __init__(self, *, key: str, name: str, stage: str) -> None:
        """Keep the names; use `StageSecrets` instead.

        Args:
            key: What handlers ask for.
            name: The whole name.
            stage: The stage.
        """
        self.key = key
        self.name = name
        self.stage = stage

    def give_to(self, function: lambda_.Function, *, read_as: str | None = None) -> None:
        """Let a function read this secret, and no other, and tell it the name: it calls `read_secret(key)`.

        The function gets the permission and a variable with the secret's name. The secret itself is in no template, no
        variable and no log; a new value arrives within five minutes, without a deploy.

        Args:
            function: A function of this app. One that is no `CommandFunction`, `BotFunction` or `JobFunction` takes
                `layers=[RuntimeLayer.of(self)]` for `chatops_runtime`.
            read_as: What this function asks for it by. Default: its key. For a function with two secrets that have the
                same key, of two bots.

        Raises:
            ValueError: `function` is no function of this app, or reads another secret by that key.
        """
        key = self.key if read_as is None else read_as
        problems = Problems(f"StageSecret '{self.name}'.give_to")
        problems.check(
            isinstance(function, lambda_.Function),
            "function",
            function,
            "a Lambda function that this app creates",
            "give it the function itself; to one of another app, grant what docs/stage-secrets.md lists, there",
        )
        problems.check(
            matches(PART, key),
            "read_as",
            read_as,
            PART_IN_WORDS,
            "write it like 'github-api-key'",
            tokens=False,
        )
        problems.raise_if_any()
        variable = variable_of(key)
        taken = _given_to(function).setdefault(variable, self._reference)
        problems.check(
            taken == self._reference,
            "read_as",
            key,
            f"a key by which the function reads no other secret: it reads {taken} by this one",
            f"give it another one, like read_as='other-{key}'",
        )
        problems.raise_if_any()
        function.add_environment(variable, self._reference)
        self.grant_read(function)
        declare_secrets(function, self._mark)

    @abstractmethod
    def grant_read(self, function: lambda_.Function) -> None:
        """Let a function read this secret, and tell it nothing: for functions that do not use `read_secret`.

        Args:
            function: The function.
        """

    @property
    @abstractmethod
    def _reference(self) -> str:
        """What the variable holds: the name, and where it is one."""

    @property
    @abstractmethod
    def _mark(self) -> SecretMark:
        """What the template says of it."""


@cache
def _given_to(function: lambda_.Function) -> dict[str, str]:  # noqa: ARG001 - what it is kept by
    """The variables of secrets that `function` has so far."""
    return {}
