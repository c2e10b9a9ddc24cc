"""Callers of APIs that ask who calls: credentials of a role or of a user, and requests signed with them."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatops_local.server.emulator_process import EmulatorProcess

_HTTP_API = re.compile(r"^https://[a-z0-9]+\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(/|$)")


@dataclass(frozen=True)
class Credentials:
    """What a caller signs with.

    Args:
        access_key_id: the key.
        secret_access_key: its secret.
        session_token: of temporary credentials.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)

    def signed(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """The headers of a request to an API, with those of its signature.

        Args:
            method: ``GET`` and so on.
            url: the whole URL, of an API under its own host name.
            headers: what is signed beside the host.
            body: what is signed as well.

        Raises:
            ValueError: for another host: its service or its region would be a guess.
        """
        api = _HTTP_API.match(url)
        if api is None:
            raise ValueError(f"url {url!r} cannot be signed; sign requests to https://….execute-api.….amazonaws.com")
        request = AWSRequest(method, url, headers=dict(headers), data=body)
        credentials = BotoCredentials(self.access_key_id, self.secret_access_key, self.session_token)
        SigV4Auth(credentials, "execute-api", api["region"]).add_auth(request)
        return dict(request.headers.items())


@dataclass(frozen=True)
class Question:
    """Something that a role may be allowed or not.

    Args:
        action: the IAM action.
        resource: the ARN.
        context: condition keys and their values.
    """

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


class Callers(ABC):
    """What a local cloud offers to those who have to say who they are."""

    _process: EmulatorProcess
    account: str

    @abstractmethod
    def client(self, service: str) -> Any:  # noqa: ANN401 - which client it is depends on the argument
        """A boto3 client of the local cloud."""

    def role_credentials(self, role: str, session: str = "caller") -> Credentials:
        """Credentials with the rights of a role, whomever it trusts.

        Args:
            role: its ARN or its name, such as ``stack.resource("Role")``.
            session: the name of the session.
        """
        arn = role if role.startswith("arn:") else f"arn:aws:iam::{self.account}:role/{role}"
        return Credentials(**self._process.call("role_credentials", role_arn=arn, session=session))

    def denials(self, role: str, questions: Sequence[Question], region: str) -> list[str | None]:
        """Whether a role may do something, without doing it: for each question the denial, or None if it may.

        Args:
            role: its ARN or its name.
            questions: what it might do.
            region: where it would do that.
        """
        arn = role if role.startswith("arn:") else f"arn:aws:iam::{self.account}:role/{role}"
        asked = [{"action": one.action, "resource": one.resource, "context": dict(one.context)} for one in questions]
        answers: list[str | None] = self._process.call("denials", role_arn=arn, region=region, questions=asked)
        return answers

    def user_credentials(self, name: str, *statements: Mapping[str, Any]) -> Credentials:
        """Credentials of a new user of IAM who may do what the statements of its policy say; without any, nothing.

        Args:
            name: the user's name.
            statements: as in a policy, such as
                ``{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}``.
        """
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_user_policy(UserName=name, PolicyName="policy", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])
