"""Output of scripts in CloudWatch Logs, written with the rights of the instance.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-rc-setting-up-cwlogs.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatops_local.ministack.functions.logs import LogStream
from chatops_local.ministack.permissions.authorization import Access, Principal, first_denial
from chatops_local.run_command import ServiceError

if TYPE_CHECKING:
    from chatops_local.run_command import Instance


@dataclass(frozen=True)
class InstanceLogs:
    """Where the agents write.

    Args:
        region: of the log groups.
    """

    region: str

    def write(self, instance: Instance, group: str, stream: str, text: str) -> None:
        """Write a script's output.

        Raises:
            ServiceError: if the instance has no role, or one that may not write there.
        """
        if instance.role_arn is None:
            raise ServiceError("AccessDeniedException", f"{instance.instance_id} has no role to write logs with")
        writer = Principal(instance.role_arn, instance.instance_id, self.region)
        group_arn = f"arn:aws:logs:{self.region}:{writer.account}:log-group"
        # The agent looks for the group and the stream before it writes.
        denial = first_denial(
            writer,
            [
                Access("logs:DescribeLogGroups", f"{group_arn}::log-stream:"),
                Access("logs:DescribeLogStreams", f"{group_arn}:{group}:log-stream:"),
            ],
        )
        refusal = denial or LogStream(group, stream, writer).write(text.splitlines())
        if refusal is not None:
            raise ServiceError("AccessDeniedException", refusal)
