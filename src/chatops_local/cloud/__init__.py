"""The local cloud and the Slack double put together: deploy an app, type commands, look at what came of them."""

from __future__ import annotations

from chatops_local.cloud.executions import Execution
from chatops_local.cloud.instances import InstanceGroup, InstanceSpec, NoSuchInstanceError
from chatops_local.cloud.local_cloud import ACCOUNT, REGION, LocalCloud
from chatops_local.cloud.schedule_names import NoSuchScheduleError
from chatops_local.cloud.schedules import Schedule
from chatops_local.cloud.simulated_time import ScheduleNotDueError
from chatops_local.cloud.tick import Tick

__all__ = [
    "ACCOUNT",
    "REGION",
    "Execution",
    "InstanceGroup",
    "InstanceSpec",
    "LocalCloud",
    "NoSuchInstanceError",
    "NoSuchScheduleError",
    "Schedule",
    "ScheduleNotDueError",
    "Tick",
]
