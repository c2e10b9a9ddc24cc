"""A handler that says which version of it runs."""

import os

from chatops_runtime import Reply, SlackCommand


def tell(command: SlackCommand) -> Reply:
    """The version is in the environment, so that a deployment changes it without another asset."""
    return Reply(f"version {os.environ['VERSION']}")
