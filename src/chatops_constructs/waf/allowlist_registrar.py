"""The registrar: the function of an allow-list that faces people, and may write the table and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_

from chatops_constructs._own_table import allow_use_of_key
from chatops_constructs._secret_parameter import declare_secrets, grant_read_secret
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.waf.allowlist_items import allow_items
from chatops_runtime.contracts import allowlist as contract
from chatops_runtime.contracts import template_metadata

if TYPE_CHECKING:
    from aws_cdk import aws_dynamodb as dynamodb
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from constructs import Construct

# An HTTP API waits for 30 seconds at the most, and CDK lets it wait for 29:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
TIMEOUT = Duration.seconds(29)


@dataclass(frozen=True)
class RegistrarSettings:
    """What the registrar is told, beside the table.

    Attributes:
        name: Of the allow-list, and of the function.
        url: The page's.
        ipv4_url: Of the host without IPv6.
        valid_for: How long a registration holds.
        link_valid_for: How long a link may be used.
        ipv6_prefix_length: Under which an IPv6 address is registered.
        shared_secret_parameter: The SecureString with the shared secret, if there is one.
        shared_secret_key: The customer-managed key that it is encrypted with, if it is with one.
    """

    name: str
    url: str
    ipv4_url: str
    valid_for: Duration
    link_valid_for: Duration
    ipv6_prefix_length: int
    shared_secret_parameter: str | None
    shared_secret_key: kms.IKey | None


def create_registrar(
    scope: Construct,
    id: str,
    *,
    table: dynamodb.Table,
    settings: RegistrarSettings,
    encryption_key: kms.IKey | None,
    log_group: logs.ILogGroup | None,
) -> lambda_.Function:
    """The function, under a name that other regions know without a reference.

    Args:
        scope: The allow-list.
        id: The id in `scope`.
        table: The allow-list's table.
        settings: What it is told.
        encryption_key: The table's; encrypts the own log group too. None: keys that AWS owns.
        log_group: For the function. None: an own one.
    """
    secret = settings.shared_secret_parameter
    function = RuntimeFunction(
        scope,
        id,
        handler="chatops_runtime.allowlist.registrar.handler",
        description="registers addresses in an allow-list",
        memory_size=256,
        timeout=TIMEOUT,
        environment={
            contract.NAME: settings.name,
            contract.TABLE: table.table_name,
            contract.URL: settings.url,
            contract.IPV4_URL: settings.ipv4_url,
            contract.VALID_SECONDS: f"{settings.valid_for.to_seconds():.0f}",
            contract.LINK_SECONDS: f"{settings.link_valid_for.to_seconds():.0f}",
            contract.IPV6_PREFIX: f"{settings.ipv6_prefix_length:.0f}",
            **({contract.SHARED_SECRET_PARAMETER: secret} if secret else {}),
        },
        log_group=log_group,
        encryption_key=encryption_key,
    )
    cast("lambda_.CfnFunction", function.node.default_child).function_name = settings.name
    entries_and_links = [contract.ENTRY, contract.LINK]
    # It says how the IP sets are, which the projection notes; only that may write it.
    allow_items(function, table, "ReadItems", actions=["GetItem"], kinds=[*entries_and_links, contract.PROJECTION])
    allow_items(function, table, "ListEntriesAndLinks", actions=["Query"], kinds=entries_and_links)
    allow_items(function, table, "WriteEntriesAndLinks", actions=["PutItem"], kinds=entries_and_links)
    allow_items(function, table, "UseLinksAndCount", actions=["UpdateItem"], kinds=[contract.LINK, contract.COUNT])
    allow_use_of_key(function, encryption_key)
    if secret:
        grant_read_secret(function, secret, sid="ReadTheSharedSecret", encryption_key=settings.shared_secret_key)
        declare_secrets(
            function, {"name": secret, "store": template_metadata.PARAMETER, "kind": template_metadata.TEXT}
        )
    return function
