"""Only the controller is root, and it has to sign for it.

MiniStack takes an empty key, ``test`` and any twelve digits for the root user and checks no root signature. Here the
root user is the access key of this run, which the controller alone knows, and its signature is verified like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from chatops_local.ministack.emulator import Emulator

_is_root_access_key = private("core.iam_evaluator:is_root_access_key", "access_key_id")
_pinned_root_check = private("core.iam_evaluator:_is_root_key", "access_key_id")
_enforce = private(
    "core.iam_evaluator:enforce", "access_key_id, iam_action, service, region, resource_arn, service_context"
)
_signed_request = private("core.iam_evaluator:_signed_request")
_sts_is_root_access_key = private("services.sts:is_root_access_key", "access_key_id")

_ANONYMOUS_ACTIONS = ("execute-api:Invoke", "lambda:InvokeFunctionUrl")
"""What anybody may call without credentials when the API or the URL says so; both check that themselves."""


def apply(emulator: Emulator) -> None:
    """Make the access key of this run the only root key."""
    root = emulator.settings.access_key_id

    def is_root(_original: Untyped) -> Untyped:
        def is_root_access_key(access_key_id: str) -> bool:
            return access_key_id == root

        return is_root_access_key

    def never(_original: Untyped) -> Untyped:
        # This one decides only whose signature is left unchecked.
        def is_root_key(_access_key_id: str) -> bool:
            return False

        return is_root_key

    _is_root_access_key.wrap(is_root)
    _sts_is_root_access_key.wrap(is_root)
    _pinned_root_check.wrap(never)
    _enforce.wrap(_admitting_anonymous_calls)


def _admitting_anonymous_calls(original: Untyped) -> Untyped:
    def enforce(access_key_id: str, iam_action: str, *others: object, **options: object) -> Untyped:
        unsigned = not access_key_id and _signed_request.get().get() is None
        if unsigned and iam_action in _ANONYMOUS_ACTIONS:
            return None
        return original(access_key_id, iam_action, *others, **options)

    return enforce
