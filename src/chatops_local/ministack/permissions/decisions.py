"""What was decided about permissions of late: who asked for what, and which statement of which policy decided."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatops_local.ministack.private import Untyped, private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chatops_local.ministack.emulator import Emulator

_evaluate = private("core.iam_evaluator:evaluate", "ctx, policies, limits")
_enforce = private(
    "core.iam_evaluator:enforce", "access_key_id, iam_action, service, region, resource_arn, service_context"
)
_AuthError = private("core.iam_evaluator:AuthError")
_first_match = private("core.iam_evaluator:_first_match", "ctx, stmts, effect")
_parse_policy_document = private("core.iam_evaluator:parse_policy_document", "doc")
_resolve_managed_policy_document = private(
    "core.iam_evaluator:_resolve_managed_policy_document", "policy_arn, account_id"
)
_roles = private("services.iam:_roles")

KEPT = 5_000
"""How many decisions are kept: a command takes some dozens."""

_ALLOWED = "Allow"
_DENIED = "Deny"


@dataclass(frozen=True)
class _Evaluation:
    """One evaluation of policies on the way to a decision."""

    context: Untyped
    statements: list[Untyped]
    decision: str


_evaluations: ContextVar[list[_Evaluation] | None] = ContextVar("chatops_local_evaluations", default=None)
_latest_of_request: ContextVar[tuple[str, ...]] = ContextVar("chatops_local_latest_decision", default=())


class Decisions:
    """The latest decisions, numbered in order."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep the latest `kept` of them."""
        self._lock = threading.Lock()
        self._kept: deque[dict[str, Any]] = deque(maxlen=kept)
        self._numbers = itertools.count(1)

    def note(self, decision: Mapping[str, Any]) -> None:
        """Add one, with its number and the time."""
        with self._lock:
            self._kept.append({"number": next(self._numbers), "at": time.time(), **decision})

    def since(self, number: int = 0) -> list[dict[str, Any]]:
        """Those with a higher number, in order."""
        with self._lock:
            return [decision for decision in self._kept if decision["number"] > number]


decisions = Decisions()
"""Those of this process, which is one emulator."""


def apply(emulator: Emulator) -> None:
    """Record what is decided about API calls and tell the controller."""
    _evaluate.wrap(_remembering)
    _enforce.wrap(_recording)
    emulator.calls.update(decisions=decisions.since)


@contextmanager
def deciding() -> Iterator[None]:
    """Everything that is evaluated inside belongs to one decision, which `decided` records."""
    token = _evaluations.set([])
    try:
        yield
    finally:
        _evaluations.reset(token)


def decided(*, allowed: bool) -> None:
    """Record how the present decision ended; without any evaluation there was nothing to decide."""
    evaluations = _evaluations.get()
    if evaluations:
        decisions.note(_described(evaluations, allowed=allowed))


def _remembering(original: Untyped) -> Untyped:
    def evaluate(ctx: Untyped, policies: list[list[Untyped]], *limits: list[list[Untyped]]) -> Untyped:
        result = original(ctx, policies, *limits)
        evaluations = _evaluations.get()
        if evaluations is not None:
            layers = (policies, *limits)
            statements = [each for layer in layers for policy in layer for each in policy]
            evaluations.append(_Evaluation(ctx, statements, result.decision))
        return result

    return evaluate


def _recording(original: Untyped) -> Untyped:
    """Calls over HTTP; those of the root user are not evaluated."""

    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Untyped:
        with deciding():
            denied = original(access_key_id, iam_action, service, region, resource_arn, service_context)
            # A request is looked at by MiniStack and then by our table: what both ask is asked once.
            same = (access_key_id, iam_action, resource_arn, str(denied is None))
            if not isinstance(denied, _AuthError.get()) and _latest_of_request.get() != same:
                _latest_of_request.set(same)
                decided(allowed=denied is None)
            return denied

    return enforce


def _described(evaluations: list[_Evaluation], *, allowed: bool) -> dict[str, Any]:
    context = evaluations[0].context
    policy, statement = "", ""
    if allowed or any(evaluation.decision == _DENIED for evaluation in evaluations):
        policy, statement = _cause(evaluations, _ALLOWED if allowed else _DENIED)
    return {
        "principal": context.principal_arn,
        "action": context.action,
        "resource": context.resource_arn,
        "allowed": allowed,
        "policy": policy,
        "statement": statement,
    }


def _cause(evaluations: list[_Evaluation], effect: str) -> tuple[str, str]:
    """The policy and the statement that decided; a resource's own policy if the role's had nothing to say."""
    for evaluation in evaluations:
        if evaluation.decision == effect:
            found = _first_match.get()(evaluation.context, evaluation.statements, effect)
            for name, statements in _policies_of(evaluation.context):
                if found in statements:
                    return name, found.sid or f"statement {statements.index(found) + 1}"
            return f"policy of {evaluation.context.resource_arn}", (found.sid if found else "")
    return "", ""


def _policies_of(context: Untyped) -> Iterator[tuple[str, list[Untyped]]]:
    """The policies of the role that asks, by name, in the order in which they are evaluated."""
    kind, _, rest = str(context.principal_arn).rpartition(":")[2].partition("/")
    role = _roles.get().get_scoped(context.principal_account, None, rest.partition("/")[0])
    if kind != "assumed-role" or role is None:
        return
    for name, document in (role.get("InlinePolicies") or {}).items():
        yield name, _parse_policy_document.get()(document)
    for arn in role.get("AttachedPolicies", []):
        document = _resolve_managed_policy_document.get()(arn, context.principal_account)
        yield str(arn).rpartition("/")[2], _parse_policy_document.get()(document or {})
