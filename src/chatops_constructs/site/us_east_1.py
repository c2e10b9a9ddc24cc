"""The stack of us-east-1 in which the parts of CloudFront are that have to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Annotations, Environment, Stack, Stage, Token
from constructs import Construct

if TYPE_CHECKING:
    from constructs import IConstruct

US_EAST_1 = "us-east-1"


def home_in_us_east_1(scope: Construct) -> Construct:
    """The scope in which a construct's parts of us-east-1 are made.

    It is the construct itself in a stack of us-east-1, and in one whose region is not known, with a warning. In a stack
    of any other region it is a construct in a second stack: one for all that ask in the same stack, deployed before it.

    Args:
        scope: The construct.
    """
    stack = _outermost(Stack.of(scope))
    if stack.region == US_EAST_1:
        return scope
    if Token.is_unresolved(stack.region):
        Annotations.of(scope).add_warning_v2(
            "chatops-constructs:regionOfSiteUnknown",
            f"the region of the stack '{stack.node.path}' is not known; it has to be deployed to us-east-1, where "
            "CloudFront's certificates, web ACLs and log deliveries are. Give the stack env=Environment(region=…): in "
            "any other region the site gets a stack of its own in us-east-1",
        )
        return scope
    ids = [one.node.id for one in scope.node.scopes[len(stack.node.scopes) :]]
    return Construct(_second_stack(stack), "--".join(ids))


def same_environment(one: Stack, other: Stack) -> bool:
    """Whether CloudFormation's own exports and imports reach from the one stack to the other."""
    return all(
        mine == yours or (Token.is_unresolved(mine) and Token.is_unresolved(yours))
        for mine, yours in ((one.region, other.region), (one.account, other.account))
    )


def _second_stack(stack: Stack) -> Stack:
    stage = cast("IConstruct", Stage.of(stack))
    id = f"{stack.node.id}-{US_EAST_1}"
    if existing := stage.node.try_find_child(id):
        return cast("Stack", existing)
    account = None if Token.is_unresolved(stack.account) else stack.account
    second = Stack(
        cast("Construct", stage),
        id,
        stack_name=f"{stack.stack_name}-{US_EAST_1}",
        description=f"What the stack {stack.stack_name} needs in {US_EAST_1}",
        env=Environment(account=account, region=US_EAST_1),
        termination_protection=stack.termination_protection,
    )
    # `cdk deploy` of the one deploys the other as well.
    stack.node.add_dependency(second)
    return second


def _outermost(stack: Stack) -> Stack:
    return _outermost(stack.nested_stack_parent) if stack.nested_stack_parent else stack
