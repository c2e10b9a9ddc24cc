"""All checks of a stack, in the order in which a command takes its way. None of them changes anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from chatops_setup import (
    endpoint_checks,
    instance_checks,
    manifest_comparison,
    off_switch_check,
    parameters,
    refusals,
    request,
    secret_kinds,
    slack_token,
)
from chatops_setup.aws import AwsError, DeniedCallError
from chatops_setup.finding import Finding, ok, problem, unknown, warning
from chatops_setup.instances import Instances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chatops_setup.aws import Aws
    from chatops_setup.contents import Endpoint
    from chatops_setup.parameters import Secret
    from chatops_setup.secret_kinds import SecretKind
    from chatops_setup.stack import Stack

STACK = "stack"
COMMANDS = "commands"
APP = "app id"

_SETTLED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")


@dataclass(frozen=True)
class Step:
    """Some checks that belong together.

    Attributes:
        description: What is being done while they run.
        run: Runs them.
    """

    description: str
    run: Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Checks:
    """The checks of a stack.

    Attributes:
        aws: Where it is.
        stack: The stack.
        endpoints: Those of its endpoints that are meant.
        app_id: The app that there is, if the user said so.
        manifest: What Slack exported of the app, if the user has it.
        asks_slack: Whether Slack may be asked about tokens.
        given: Secrets that the user has given, by parameter.
    """

    aws: Aws
    stack: Stack
    endpoints: tuple[Endpoint, ...]
    app_id: str | None = None
    manifest: Mapping[str, Any] | None = None
    asks_slack: bool = True
    given: Mapping[str, Secret] = field(default_factory=dict)

    def all(self) -> Iterator[Step]:
        """Every check."""
        yield from self.of_app()
        yield from self.of_secrets()
        yield from self.of_instances()
        yield from self.of_endpoints()

    def of_app(self) -> Iterator[Step]:
        """The stack itself, and the app as far as it is known."""
        yield Step("looking at the stack", self._stack)
        for endpoint in self.endpoints:
            yield Step(f"looking at the app of {endpoint.name}", lambda endpoint=endpoint: self._app(endpoint))  # type: ignore[misc]

    def of_secrets(self) -> Iterator[Step]:
        """The parameters, and what Slack says of the tokens in them."""
        for kind, name in self.secrets:
            yield Step(
                f"looking at {name}",
                lambda kind=kind, name=name: _guarded(kind.check, self._secret(kind, name)),  # type: ignore[misc]
            )

    def of_instances(self) -> Iterator[Step]:
        """The instances that scripts are for."""
        instances = Instances(self.aws)
        policy = self.stack.resources.get(self.stack.contents.instance_policy or "")
        for target in self.stack.contents.targets:
            yield Step(
                f"looking for instances with {target.description}",
                lambda target=target: _guarded(  # type: ignore[misc]
                    instance_checks.CHECK, instance_checks.judged(instances.of(target), policy)
                ),
            )

    def of_endpoints(self) -> Iterator[Step]:
        """The endpoints: whether they are switched off, what they refused lately, and how they answer now."""
        for endpoint in self.endpoints:
            if endpoint.off_switch_parameter is not None:
                yield Step(
                    f"looking at {endpoint.off_switch_parameter}",
                    lambda name=endpoint.off_switch_parameter: _guarded(  # type: ignore[misc]
                        off_switch_check.CHECK, self._off_switch(name)
                    ),
                )
            yield Step(
                f"reading the log of {endpoint.name}",
                lambda endpoint=endpoint: _guarded(refusals.CHECK, self._refusals(endpoint)),  # type: ignore[misc]
            )
            yield Step(f"sending requests to {endpoint.name}", lambda endpoint=endpoint: self._answers(endpoint))  # type: ignore[misc]

    @property
    def secrets(self) -> list[tuple[SecretKind, str]]:
        """The parameters that hold secrets, each once."""
        signing = [(secret_kinds.SIGNING_SECRET, each.signing_secret_parameter) for each in self.endpoints]
        tokens = [(secret_kinds.BOT_TOKEN, each) for each in self.stack.contents.bot_token_parameters]
        return list(dict.fromkeys([*signing, *tokens]))

    def _stack(self) -> Iterator[Finding]:
        if self.stack.status in _SETTLED:
            yield ok(STACK, f"{self.stack.name} is in {self.aws.region}, {self.stack.status}")
        else:
            yield problem(
                STACK,
                f"{self.stack.name} is {self.stack.status}",
                "wait until CloudFormation is done with it, or deploy it again",
            )

    def _app(self, endpoint: Endpoint) -> Iterator[Finding]:
        if endpoint.commands:
            yield ok(COMMANDS, f"{endpoint.name} has {', '.join(each.name for each in endpoint.commands)}")
        else:
            yield warning(
                COMMANDS,
                f"{endpoint.name} names no commands in its template",
                "add some, or deploy it with the present version of chatops-constructs",
            )
        if self.app_id is not None and self.app_id != endpoint.app_id:
            yield problem(
                APP,
                f"{endpoint.name} serves the app {endpoint.app_id}, and refuses {self.app_id}",
                f'write SlackWorkspace.team("{endpoint.team_id}", app="{self.app_id}") and deploy the stack again',
            )
        if self.manifest is not None:
            yield from manifest_comparison.differences(self.manifest, endpoint, self.stack.url_of(endpoint))

    def _secret(self, kind: SecretKind, name: str) -> Iterator[Finding]:
        stored = parameters.look(self.aws, name)
        secret = parameters.read(self.aws, name) if stored is not None and stored.is_secure else None
        finding = secret_kinds.stored(kind, name, stored, secret)
        yield finding
        if secret is None or finding.is_failure:
            return
        given = self.given.get(name)
        if given is not None and given.value.strip() != secret.value.strip():
            yield problem(
                kind.check, f"{name} holds another {kind.title} than the one given", "run `chatops-constructs setup`"
            )
        if kind is secret_kinds.BOT_TOKEN and self.asks_slack:
            scopes = frozenset().union(*(each.further_scopes for each in self._endpoints_with(name)))
            yield slack_token.judged(slack_token.ask(secret), name, self._team_of(name), scopes)

    def _team_of(self, bot_token_parameter: str) -> str | None:
        return next((each.team_id for each in self._endpoints_with(bot_token_parameter)), None)

    def _endpoints_with(self, bot_token_parameter: str) -> list[Endpoint]:
        return [each for each in self.endpoints if each.bot_token_parameter == bot_token_parameter]

    def _refusals(self, endpoint: Endpoint) -> Iterator[Finding]:
        log_group = self.stack.resources.get(endpoint.log_group or "")
        if log_group:
            secret = parameters.look(self.aws, endpoint.signing_secret_parameter)
            # Without a secret, what was refused for another one says nothing any more.
            written = secret.modified if secret else datetime.now(timezone.utc)
            yield refusals.judged(refusals.requests_logged(self.aws, log_group), written)

    def _off_switch(self, name: str) -> Iterator[Finding]:
        yield off_switch_check.judged(self.aws, name)

    def _answers(self, endpoint: Endpoint) -> Iterator[Finding]:
        url = self.stack.url_of(endpoint)
        if endpoint.mutual_tls:
            yield endpoint_checks.for_slack_only(url)
            return
        reached = endpoint_checks.reached(request.ssl_check(url), url)
        yield reached
        if not reached.is_failure:
            yield from _guarded(endpoint_checks.ACK, self._acknowledgement(endpoint, url))

    def _acknowledgement(self, endpoint: Endpoint, url: str) -> Iterator[Finding]:
        name = endpoint.signing_secret_parameter
        secret = self._signing_secret(name)
        if secret is None or secret_kinds.SIGNING_SECRET.refusal(secret):
            yield unknown(
                endpoint_checks.ACK,
                f"cannot be sent: {name} has no secret to sign it with",
                "run `chatops-constructs setup`, which asks for it",
            )
            return
        acknowledged = endpoint_checks.acknowledged(request.ask_for_help(url, endpoint, secret), name)
        yield acknowledged
        if endpoint.events and not acknowledged.is_failure:
            yield endpoint_checks.verified(request.verify_url(url, secret), request.CHALLENGE)

    def _signing_secret(self, name: str) -> Secret | None:
        """The stored one; the one that was given if that may not be read."""
        try:
            return parameters.read(self.aws, name)
        except DeniedCallError:
            if name not in self.given:
                raise
            return self.given[name]


def _guarded(check: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, up to what AWS would not tell."""
    try:
        yield from findings
    except DeniedCallError as error:
        yield error.finding(check)
    except AwsError as error:
        yield unknown(check, f"cannot be checked: {error}", "run this again")
