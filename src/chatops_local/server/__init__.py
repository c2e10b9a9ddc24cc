"""The local cloud as a Python object: start it, deploy a synthesised app to it, look at what happened."""

from chatops_local.server.callers import Credentials
from chatops_local.server.deployment import DeployedStack, DeploymentFailedError
from chatops_local.server.emulator_process import EmulatorEndedError, EmulatorError
from chatops_local.server.guard import UnsupportedError
from chatops_local.server.messaging import Delivery, Messaging, Publication, QueueMessage, Refusal
from chatops_local.server.observations import AsynchronousInvocation, Execution, LogLine, ManagedInstance, Usage
from chatops_local.server.server import Server

__all__ = [
    "AsynchronousInvocation",
    "Credentials",
    "Delivery",
    "DeployedStack",
    "DeploymentFailedError",
    "EmulatorEndedError",
    "EmulatorError",
    "Execution",
    "LogLine",
    "ManagedInstance",
    "Messaging",
    "Publication",
    "QueueMessage",
    "Refusal",
    "Server",
    "UnsupportedError",
    "Usage",
]
