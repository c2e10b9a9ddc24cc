"""Reserved concurrency as a throttle loses what it throttles; synthesis refuses it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, cast

import jsii
from aws_cdk import Reference, Stack, Tokenization
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IConstruct, IValidation

from chatops_constructs._one_per_stack import one_per_stack

if TYPE_CHECKING:
    from collections.abc import Iterable


def refuse_lossy_throttles(scope: Construct) -> None:
    """Have synthesis refuse functions below `scope` whose reserved concurrency makes events vanish.

    It refuses

    - a function with reserved concurrency that SNS invokes directly, unless it has a destination for failures (or a
      dead-letter queue): SNS is done once Lambda has taken the event, Lambda tries again for six hours while the
      function is throttled, and then drops it without a word;
    - a function with reserved concurrency below the maximum concurrency of its queues, or on a queue without one:
      Lambda goes on receiving messages, the function is throttled, each time counts as a receive, and messages come to
      the dead-letter queue without having been tried.

    Functions that are known by their ARN only are not looked at.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html and
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html

    Example:
        from aws_cdk import App
        from chatops_constructs import refuse_lossy_throttles

        app = App()
        refuse_lossy_throttles(app)

    Args:
        scope: The app, a stage or a stack.
    """
    scope.node.add_validation(_LossyThrottles(scope))


def refuse_in_stack_of(construct: Construct) -> None:
    """The same for a construct's stack, once."""
    one_per_stack(construct, "ChatOpsLossyThrottles", _OfStack)


class _OfStack(Construct):
    def __init__(self, stack: Construct, id: str) -> None:
        super().__init__(stack, id)
        self.node.add_validation(_LossyThrottles(stack))


@jsii.implements(IValidation)
class _LossyThrottles:
    """Looks at everything below a scope when it is synthesised."""

    def __init__(self, scope: Construct) -> None:
        self._scope = scope

    def validate(self) -> list[str]:
        """What is refused, each in words."""
        found = self._scope.node.find_all()
        functions = [one for one in found if isinstance(one, lambda_.CfnFunction)]
        reserved = {
            function.node.path: (function, int(limit))
            for function in functions
            if (limit := function.reserved_concurrent_executions) is not None
        }
        if not reserved:
            return []
        return [*_by_topics(found, reserved), *_by_queues(found, reserved)]


Reserved = dict[str, tuple[lambda_.CfnFunction, int]]


def _by_topics(found: Iterable[IConstruct], reserved: Reserved) -> list[str]:
    kept = {
        _function_of(one.function_name, one)
        for one in found
        if isinstance(one, lambda_.CfnEventInvokeConfig) and _has_failure_destination(one)
    }
    problems = []
    for subscription in found:
        if not isinstance(subscription, sns.CfnSubscription) or subscription.protocol != "lambda":
            continue
        path = _function_of(subscription.endpoint, subscription)
        if path not in reserved or path in kept or reserved[path][0].dead_letter_config is not None:
            continue
        problems.append(
            f"'{subscription.node.path}': the topic invokes '{path}', which has a reserved concurrency of "
            f"{reserved[path][1]} and no destination for failures: what is throttled for six hours is dropped in "
            "silence; use ThrottledFanOut, or give the function on_failure=SqsDestination(queue)"
        )
    return problems


def _by_queues(found: Iterable[IConstruct], reserved: Reserved) -> list[str]:
    wanted: dict[str, list[int | None]] = defaultdict(list)
    for mapping in found:
        if isinstance(mapping, lambda_.CfnEventSourceMapping):
            path = _function_of(mapping.function_name, mapping)
            if path in reserved and _is_of_queue(mapping):
                wanted[path].append(_maximum_concurrency(mapping))
    problems = []
    for path, limits in wanted.items():
        total = None if None in limits else sum(limit or 0 for limit in limits)
        has = reserved[path][1]
        if total is not None and has >= total:
            continue
        problems.append(
            f"'{path}' has a reserved concurrency of {has}, and its queues have "
            f"{'no maximum concurrency' if total is None else f'a maximum concurrency of {total}'}: what is throttled "
            "counts as received and comes to the dead-letter queue untried; throttle by the maximum concurrency alone, "
            "and leave reserved_concurrent_executions out"
        )
    return problems


def _function_of(text: str | None, scope: IConstruct) -> str:
    """The path of the function that a name or an ARN refers to; empty if that is none in this app."""
    for target in _referred_to(text, scope):
        if isinstance(target, lambda_.CfnFunction):
            return str(target.node.path)
        if isinstance(target, lambda_.CfnAlias | lambda_.CfnVersion):
            return _function_of(target.function_name, target)
    return ""


def _referred_to(text: str | None, scope: IConstruct) -> list[IConstruct]:
    """The constructs of which an attribute is in the text."""
    tokens = Tokenization.reverse_string(text).tokens if text else []
    direct = [cast("Reference", token).target for token in tokens if Reference.is_reference(token)]
    return direct or _within(text, scope)


def _within(text: str | None, scope: IConstruct) -> list[IConstruct]:
    """What is referred to within a function of CloudFormation's: the name of an alias is cut out of its ARN."""
    stack = Stack.of(scope)
    names = set(re.findall(r'"(?:Ref|Fn::GetAtt)": \[?"(\w+)"', json.dumps(stack.resolve(text))))
    if not names:
        return []
    aliases = [one for one in stack.node.find_all() if isinstance(one, lambda_.CfnAlias | lambda_.CfnVersion)]
    return [one for one in aliases if stack.resolve(one.logical_id) in names]


def _has_failure_destination(config: lambda_.CfnEventInvokeConfig) -> bool:
    destinations = Stack.of(config).resolve(config.destination_config) or {}
    return bool((destinations.get("onFailure") or {}).get("destination"))


def _is_of_queue(mapping: lambda_.CfnEventSourceMapping) -> bool:
    arn = mapping.event_source_arn or ""
    return ":sqs:" in arn or any(isinstance(target, sqs.CfnQueue) for target in _referred_to(arn, mapping))


def _maximum_concurrency(mapping: lambda_.CfnEventSourceMapping) -> int | None:
    scaling = Stack.of(mapping).resolve(mapping.scaling_config) or {}
    limit = scaling.get("maximumConcurrency")
    return None if limit is None else int(limit)
