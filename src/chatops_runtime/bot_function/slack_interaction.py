"""What a function receives that answers interactions: buttons and menus, shortcuts, modals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class SlackInteraction:
    """Somebody has clicked on a control, has used a shortcut or has submitted a modal.

    Whoever it was may put anything into what a modal or a message holds: show it with `Reply(text=…)`, or put it
    through `escape` first.

    Attributes:
        type: What it is: `block_actions`, `shortcut` (a global one), `message_action` (a message shortcut) or
            `view_submission`.
        id: The control's `action_id`, or the `callback_id` of the shortcut or the modal.
        value: The button's value, or what was chosen from a menu of which one thing is chosen; else empty.
        user_id: Who did it.
        channel_id: Where; empty for a global shortcut and for a modal.
        team_id: In which workspace.
        payload: All that Slack says of it, https://docs.slack.dev/reference/interaction-payloads, but for what opens
            doors: tokens, the response_url and the trigger_id, which would be over by now.
        request_id: The name of the execution. A redelivered request has the same one, so it serves as a key for doing
            things once.
    """

    type: str
    id: str
    value: str
    user_id: str
    channel_id: str
    team_id: str
    payload: Mapping[str, Any] = field(hash=False)
    request_id: str

    @property
    def message(self) -> Mapping[str, Any]:
        """The message with the control, or on which the shortcut was used; empty without one."""
        return self.payload.get("message") or {}

    @property
    def state(self) -> dict[str, Any]:
        """What the inputs of the modal or the message hold, by their `action_id`.

        Text of a text input, the value of what is chosen, a list of those for a menu of several; None for nothing.
        """
        holder = self.payload.get("view") or self.payload
        blocks = (holder.get("state") or {}).get("values") or {}
        return {action_id: _held(element) for block in blocks.values() for action_id, element in block.items()}

    @classmethod
    def for_test(
        cls,
        id: str = "test",
        *,
        type: str = "block_actions",  # noqa: A002 - Slack's word
        value: str = "",
        user_id: str = "U0TEST",
        channel_id: str = "C0TEST",
        team_id: str = "T0TEST",
        payload: Mapping[str, Any] | None = None,
        request_id: str = "0" * 64,
    ) -> SlackInteraction:
        """One for the tests of a function: `deploy(SlackInteraction.for_test("deploy_now", value="web"))`.

        Args:
            id: As the attribute, and all others as well.
            type: As the attribute.
            value: As the attribute.
            user_id: As the attribute.
            channel_id: As the attribute.
            team_id: As the attribute.
            payload: As the attribute. Default: its type only.
            request_id: As the attribute.
        """
        return cls(
            type=type,
            id=id,
            value=value,
            user_id=user_id,
            channel_id=channel_id,
            team_id=team_id,
            payload={"type": type} if payload is None else payload,
            request_id=request_id,
        )


def from_event(event: dict[str, Any]) -> SlackInteraction:
    """What somebody did, in an event of the kind `interaction`: `chatops_runtime.contracts.bot`."""
    return SlackInteraction(
        type=event["type"],
        id=event["id"],
        value=event["value"],
        user_id=event["user_id"],
        channel_id=event["channel_id"],
        team_id=event["team_id"],
        payload=event["payload"],
        request_id=event["request_id"],
    )


def _held(element: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text, a list of texts, a number
    """What one input holds: https://docs.slack.dev/reference/views/state-values."""
    for name, held in element.items():
        if name == "selected_option":
            return held and held.get("value")
        if name == "selected_options":
            return [option.get("value") for option in held or ()]
        if name == "value" or name.startswith("selected_"):
            return held
    return None
