"""Calls of AWS in the rights of whoever runs the command line, and their errors in words that say what to do."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError, ProfileNotFound

from chatops_setup.finding import Finding, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"})

# How AWS words it: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_WHAT_WAS_DENIED = re.compile(r"perform: (?P<action>[a-z0-9-]+:[A-Za-z0-9]+)(?: on resource: (?P<resource>\S+))?")

_CONFIG = Config(retries={"mode": "standard"}, connect_timeout=5, read_timeout=20)


class AwsError(Exception):
    """AWS cannot be asked. The text says what to do."""


class RefusedCallError(AwsError):
    """AWS refused a call, for a reason that may be expected. `code` is AWS's word for it."""

    def __init__(self, action: str, code: str, message: str) -> None:
        """Of `action`, with AWS's code and message."""
        super().__init__(f"{action}: {code}: {message}")
        self.code = code
        self.message = message


class DeniedCallError(AwsError):
    """Whoever runs this may not do it."""

    def __init__(self, action: str, resource: str | None, *, is_explicit: bool = False) -> None:
        """Of the IAM action, on a resource if AWS named it; explicit if a policy denies it, whatever others allow."""
        self.permission = f"{action} on {resource}" if resource else action
        self.remedy = (
            "a policy denies it explicitly: ask those who look after the account"
            if is_explicit
            else f"have your role allow {self.permission}; docs/setup.md and docs/stage-secrets.md have the policies"
        )
        super().__init__(f"you may not {self.permission}: {self.remedy}")

    def finding(self, check: str) -> Finding:
        """That the check could not be made."""
        return unknown(check, f"cannot be checked: you may not {self.permission}", self.remedy)


class Aws:
    """AWS, in one region."""

    def __init__(self, *, region: str | None = None, profile: str | None = None, role_arn: str | None = None) -> None:
        """Find region and credentials as every tool of AWS does.

        Args:
            region: The region. Default: that of the profile or of the environment.
            profile: The profile. Default: that of the environment.
            role_arn: A role to take first. Default: none.

        Raises:
            AwsError: There is no such profile, or no region, or the role may not be taken.
        """
        try:
            session = boto3.Session(profile_name=profile, region_name=region)
        except ProfileNotFound as error:
            raise AwsError(f"{error}: `aws configure list-profiles` shows those that there are") from None
        where = session.region_name or os.environ.get("AWS_REGION")
        if not where:
            raise AwsError("no region is set: name the stack's with --region, or set AWS_REGION")
        self.region: str = where
        self._session = session
        self._clients: dict[str, Any] = {}
        if role_arn is not None:
            self._session, self._clients = self._in_role(role_arn), {}

    def account(self) -> str:
        """The account of the credentials, which anybody may ask.

        Raises:
            AwsError: There are no credentials, or they are not good.
        """
        return str(self.call("sts", "get_caller_identity")["Account"])

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's own
        """Make a call; its answer.

        Args:
            service: boto3's name of the service.
            operation: boto3's name of the operation.
            parameters: Of the operation.

        Raises:
            DeniedCallError: The caller has no right to it.
            RefusedCallError: AWS refused it for another reason.
            AwsError: AWS could not be asked.
        """
        client = self._client(service)
        action = f"{client.meta.service_model.signing_name}:{client.meta.method_to_api_mapping[operation]}"
        try:
            answer: dict[str, Any] = getattr(client, operation)(**parameters)
        except ClientError as error:
            # Without a cause or a context: the request, which may hold a secret, is not to be shown with it.
            raise _explained(action, error) from None
        except NoCredentialsError:
            raise AwsError("no credentials are found: sign in, or name a profile with --profile") from None
        except ParamValidationError:
            # Its text quotes the parameters.
            raise AwsError(f"{action}: its parameters are not what AWS takes") from None
        except BotoCoreError as error:
            raise AwsError(f"{action} could not be called in {self.region}: {error}") from None
        return answer

    def all_of(self, service: str, operation: str, name: str, **parameters: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
        """What all pages of a list hold.

        Args:
            service: boto3's name of the service.
            operation: boto3's name of the operation, which pages by `NextToken`, `nextToken` or `Marker`.
            name: The member of an answer that holds the list.
            parameters: Of the operation.

        Raises:
            AwsError: As of `call`.
        """
        while True:
            answer = self.call(service, operation, **parameters)
            yield from answer.get(name, [])
            following = _following(answer)
            if not following:
                return
            parameters.update(following)

    def _in_role(self, role_arn: str) -> boto3.Session:
        answer = self.call("sts", "assume_role", RoleArn=role_arn, RoleSessionName="chatops-constructs")
        credentials = answer["Credentials"]
        return boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=self.region,
        )

    def _client(self, service: str) -> Any:  # noqa: ANN401 - it depends on the argument
        if service not in self._clients:
            self._clients[service] = self._session.client(  # type: ignore[call-overload]
                service, region_name=self.region, config=_CONFIG
            )
        return self._clients[service]


def _following(answer: dict[str, Any]) -> dict[str, str]:
    """The parameter that asks for the next page."""
    if answer.get("IsTruncated"):
        return {"Marker": answer["Marker"]}
    return {name: answer[name] for name in ("NextToken", "nextToken") if answer.get(name)}


def _explained(action: str, error: ClientError) -> AwsError:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code in _DENIED:
        denied = _WHAT_WAS_DENIED.search(message)
        is_explicit = "explicit deny" in message
        if denied is None:
            return DeniedCallError(action, None, is_explicit=is_explicit)
        return DeniedCallError(denied["action"], denied["resource"], is_explicit=is_explicit)
    if code in _EXPIRED:
        return AwsError(f"your credentials are not good, or no longer ({code}): sign in again")
    return RefusedCallError(action, code, message)
