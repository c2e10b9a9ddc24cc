"""Every correction of MiniStack, in the order in which they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack import (
    http_endpoints,
    isolation,
    managed_secrets,
    query_definitions,
    root_credentials,
    tables,
    usage,
)
from chatops_local.ministack.cdk import correction as cdk
from chatops_local.ministack.cloudformation import correction as cloudformation
from chatops_local.ministack.cloudfront import correction as cloudfront
from chatops_local.ministack.code_pipeline import correction as code_pipeline
from chatops_local.ministack.dynamodb import correction as dynamodb
from chatops_local.ministack.functions import correction as functions
from chatops_local.ministack.http_apis import correction as http_apis
from chatops_local.ministack.logs import correction as logs
from chatops_local.ministack.messaging import correction as messaging
from chatops_local.ministack.permissions import correction as permissions
from chatops_local.ministack.private import declared_names
from chatops_local.ministack.scheduler import correction as scheduler
from chatops_local.ministack.state_machines import correction as state_machines
from chatops_local.ministack.streams import correction as streams
from chatops_local.ministack.systems_manager import correction as systems_manager
from chatops_local.ministack.waf import correction as waf

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_CORRECTIONS = (
    isolation,
    root_credentials,
    permissions,
    functions,
    usage,
    messaging,
    tables,
    dynamodb,
    logs,
    streams,
    http_endpoints,
    http_apis,
    systems_manager,
    state_machines,
    scheduler,
    waf,
    cloudformation,
    query_definitions,
    managed_secrets,
    cloudfront,
    cdk,
    code_pipeline,
)


def apply_all(emulator: Emulator) -> None:
    """Correct the MiniStack of this process.

    Raises:
        MiniStackChangedError: if one of the private names that we use is not what it was; then nothing is started.
    """
    for name in declared_names():
        name.verify()
    for correction in _CORRECTIONS:
        correction.apply(emulator)
