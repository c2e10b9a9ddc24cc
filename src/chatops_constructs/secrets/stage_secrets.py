"""The secrets of one stage of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_constructs._problems import Problems, matches
from chatops_constructs._secret_parameter import MOST_CHARACTERS
from chatops_constructs.secrets.developers_denial import DevelopersDenial
from chatops_constructs.secrets.managed_secret import ManagedSecret
from chatops_constructs.secrets.names import MANAGED_NAME, PART, PART_IN_WORDS, PROJECT
from chatops_constructs.secrets.parameter_secret import ParameterSecret
from chatops_constructs.slack.credentials import SlackCredentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from chatops_constructs.secrets.stage_secret import StageSecret


class StageSecrets:
    """The secrets of one stage of a project: `/project/stage/bot/key`, each stage with its own.

    Makes nothing in AWS: CloudFormation cannot create a SecureString. You store the values, by
    `chatops-constructs secrets put`, and `chatops-constructs secrets check` finds before a deployment what is missing.

    Example:
        from chatops_constructs import CommandFunction, StageSecrets

        secrets = StageSecrets("acme", stage="staging")
        credentials = secrets.slack_credentials("standup", bot_token=True)
        hello = CommandFunction(self, "Hello", entry="commands", handler="hello.hello")
        secrets.secret("standup", "api-key").give_to(hello)  # read_secret("api-key")
        secrets.deny_developers_policy(self, "NoSecretsForDevelopers")

    Attributes:
        project: The project.
        stage: The stage.
    """

    def __init__(self, project: str, *, stage: str, encryption_key: kms.IKey | None = None) -> None:
        """Name the project and the stage.

        Args:
            project: The first level of the names: letters, digits, `.`, `-` and `_`, not `aws` or `ssm` in front.
            stage: The second one. `secrets check --stage` takes it, and the id of a `cdk.Stage`.
            encryption_key: The customer-managed key that the parameters are encrypted with. Default: the account's
                `aws/ssm` key, which needs no permission.

        Raises:
            ValueError: A name is none.
        """
        problems = Problems("StageSecrets")
        problems.check(
            matches(PROJECT, project),
            "project",
            project,
            f"{PART_IN_WORDS}, not aws or ssm in front",
            "write it like 'acme'",
            tokens=False,
        )
        problems.check(matches(PART, stage), "stage", stage, PART_IN_WORDS, "write it like 'staging'", tokens=False)
        problems.raise_if_any()
        self.project = project
        self.stage = stage
        self._encryption_key = encryption_key
        self._denials: list[DevelopersDenial] = []
        self._elsewhere: list[str] = []

    def slack_credentials(self, bot: str, *, bot_token: bool = False) -> SlackCredentials:
        """Where a bot's Slack app has its secrets: `/project/stage/bot/slack-signing-secret`, `…/slack-bot-token`.

        Args:
            bot: The bot.
            bot_token: Whether the bot token exists too: see `SlackCredentials.from_parameters`. Default: False.

        Raises:
            ValueError: The bot's name is none.
        """
        prefix = self._prefix("slack_credentials", bot, longest_key="slack-signing-secret")
        return SlackCredentials.from_parameters(prefix, bot_token=bot_token, encryption_key=self._encryption_key)

    def secret(self, bot: str, key: str) -> StageSecret:
        """The SecureString `/project/stage/bot/key` of Parameter Store.

        Args:
            bot: The bot.
            key: What the secret is: `api-key`.

        Returns:
            The secret, to be given to the functions that read it.

        Raises:
            ValueError: A name is none.
        """
        name = self._name("secret", bot, key)
        return ParameterSecret(key=key, name=name, stage=self.stage, encryption_key=self._encryption_key)

    def secret_from_secrets_manager(
        self,
        bot: str,
        key: str,
        *,
        name: str | None = None,
        json_field: str | None = None,
        encryption_key: kms.IKey | None = None,
    ) -> StageSecret:
        """A secret that Secrets Manager keeps, for what rotates by itself or is there already.

        Args:
            bot: The bot.
            key: What the secret is: `database`.
            name: Its name in Secrets Manager; not its ARN. Default: `/project/stage/bot/key`.
            json_field: The field of its JSON that `read_secret` returns. Default: all of the value.
            encryption_key: The customer-managed key that it is encrypted with. Default: the account's
                `aws/secretsmanager` key, which needs no permission.

        Returns:
            The secret, to be given to the functions that read it.

        Raises:
            ValueError: A name is none.
        """
        own_name = self._name("secret_from_secrets_manager", bot, key)
        problems = Problems("StageSecrets.secret_from_secrets_manager")
        problems.check(
            name is None or matches(MANAGED_NAME, name),
            "name",
            name,
            "1 to 512 letters, digits and /_+=.@-",
            "write the name that `aws secretsmanager list-secrets` shows, which has no ':' as an ARN has",
            tokens=False,
        )
        problems.check(
            json_field is None or (isinstance(json_field, str) and bool(json_field)),
            "json_field",
            json_field,
            "the name of a field",
            "leave it out if all of the value is the secret",
            tokens=False,
        )
        problems.raise_if_any()
        if name is not None:
            self._elsewhere.append(name)
            for denial in self._denials:
                denial.add_secret(name)
        return ManagedSecret(
            key=key, name=name or own_name, stage=self.stage, json_field=json_field, encryption_key=encryption_key
        )

    def deny_developers_policy(
        self, scope: Construct, id: str, *, functions: Sequence[lambda_.Function] = (), policy_name: str | None = None
    ) -> iam.ManagedPolicy:
        """A policy to attach to developers: whatever else allows it, they read no secret of this stage.

        They may still list the names and put new values. docs/stage-secrets.md has what it denies, and what it cannot:
        somebody who may write roles and policies can take it off.

        Args:
            scope: The parent; a stack of the account in which the stage is.
            id: The id in `scope`.
            functions: Functions that read secrets: developers may not change their code and settings, nor take or hand
                on their roles. Default: none is protected; what deploys them decides who may change them.
            policy_name: Its name, for permission sets of IAM Identity Center, which name it. Default: CloudFormation
                makes one.

        Returns:
            The policy, which is attached to nobody yet.
        """
        denial = DevelopersDenial(scope, project=self.project, stage=self.stage)
        for name in self._elsewhere:
            denial.add_secret(name)
        for function in functions:
            denial.add_function(function)
        self._denials.append(denial)
        return denial.policy(id, policy_name)

    def _prefix(self, where: str, bot: str, *, longest_key: str) -> str:
        prefix = f"/{self.project}/{self.stage}/{bot}"
        problems = Problems(f"StageSecrets.{where}")
        self._check_part(problems, "bot", bot)
        self._check_length(problems, f"{prefix}/{longest_key}")
        problems.raise_if_any()
        return prefix

    def _name(self, where: str, bot: str, key: str) -> str:
        name = f"/{self.project}/{self.stage}/{bot}/{key}"
        problems = Problems(f"StageSecrets.{where}")
        self._check_part(problems, "bot", bot)
        self._check_part(problems, "key", key)
        self._check_length(problems, name)
        problems.raise_if_any()
        return name

    @staticmethod
    def _check_part(problems: Problems, parameter: str, value: str) -> None:
        remedy = "write it like 'standup', and a key like 'api-key'"
        problems.check(matches(PART, value), parameter, value, f"{PART_IN_WORDS}, no '/'", remedy, tokens=False)

    @staticmethod
    def _check_length(problems: Problems, name: str) -> None:
        problems.check(
            len(name) <= MOST_CHARACTERS,
            "name",
            f"{name[:60]}…",
            f"up to {MOST_CHARACTERS} characters in all",
            "shorten one of its parts",
        )
