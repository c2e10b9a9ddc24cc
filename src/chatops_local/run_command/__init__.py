"""Systems Manager Run Command on this machine: documents, commands, and instances that are local processes.

Plain Python: it knows neither HTTP nor the emulator it is plugged into. The behaviour is that of the API reference
(https://docs.aws.amazon.com/systems-manager/latest/APIReference/), of AWS's service model, and of the agent's source
(https://github.com/aws/amazon-ssm-agent); each module names its own. Those modules are not public; this one is.
"""

from __future__ import annotations

from .conditions import Delivery, SimulatedScript
from .document import Document, DocumentVersion
from .documents import Documents
from .errors import NOT_EMULATED, ServiceError
from .event_delivery import EventDelivery
from .fleet import Fleet, Instance
from .service import RunCommand

__all__ = [
    "NOT_EMULATED",
    "Delivery",
    "Document",
    "DocumentVersion",
    "Documents",
    "EventDelivery",
    "Fleet",
    "Instance",
    "RunCommand",
    "ServiceError",
    "SimulatedScript",
]
