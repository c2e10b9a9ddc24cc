"""A fan-out, asked and mended from Slack."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from chatops_constructs.actions.invoke_function import InvokeFunction
from chatops_constructs.fan_out.queue_desk import QueueDesk
from chatops_runtime.contracts import queue_desk as contract

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sqs as sqs
    from constructs import Construct

    from chatops_constructs.actions.action import Action


class FanOutActions:
    """What may be done with a fan-out in Slack, as commands of an endpoint in the same account and region.

    Attributes:
        queue: Where jobs wait.
        dead_letter_queue: Where jobs come that failed too often.
    """

    queue: sqs.Queue
    dead_letter_queue: sqs.Queue
    _encryption_key: kms.IKey | None

    def status_action(self) -> Action:
        """How many jobs wait, are being done and are dead, as far as SQS knows, which is a minute behind at times.

        Example:
            slack.add_command(
                "/calls status", calls.status_action(), description="how the calls stand", allow=Allow.workspace()
            )
        """
        return self._asking(contract.STATUS)

    def redrive_action(self) -> Action:
        """The dead jobs go back into the queue, and are tried anew.

        Example:
            slack.add_command(
                "/calls redrive", calls.redrive_action(), description="tries dead calls again",
                allow=Allow.channel("C0123OPS"),
            )
        """
        return self._asking(contract.REDRIVE)

    def _asking(self, view: str) -> Action:
        return InvokeFunction(self._desk.function, accepts_text=False, more_fields={"view": view})

    @cached_property
    def _desk(self) -> QueueDesk:
        """Created with the first of these actions."""
        return QueueDesk(
            cast("Construct", self),
            "Desk",
            queue=self.queue,
            dead_letter_queue=self.dead_letter_queue,
            encryption_key=self._encryption_key,
        )
