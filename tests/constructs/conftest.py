"""Stacks that are synthesised once for all tests that only look at them."""

import aws_cdk as cdk
import pytest

from tests.constructs import stacks
from tests.constructs.stacks import Synthesised, add, endpoint, load_example, new_stack


@pytest.fixture
def stack() -> cdk.Stack:
    """An empty stack of a test's own."""
    return new_stack()[1]


@pytest.fixture(scope="session")
def minimal() -> Synthesised:
    """An endpoint with nothing but what is required, and one command."""
    app, stack = new_stack()
    add(endpoint(stack), "/ps")
    return Synthesised.of(app, stack)


@pytest.fixture(scope="session")
def maximal() -> Synthesised:
    """Every parameter of every class, in a stack without an environment."""
    app, stack = new_stack("Maximal")
    stacks.maximal(stack)
    return Synthesised.of(app, stack)


@pytest.fixture(scope="session")
def example() -> Synthesised:
    """The stack of `examples/ops_bot`."""
    app = load_example().app
    stack = app.node.find_child("OpsBot")
    assert isinstance(stack, cdk.Stack)
    return Synthesised.of(app, stack)
