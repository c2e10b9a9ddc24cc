"""What the app answers: each function does what the text asks for."""

from __future__ import annotations

from chatops_runtime import Reply, SlackEvent, SlackInteraction


def answer(event: SlackEvent) -> Reply | str | None:
    """Answer a mention."""
    wanted = event.words
    if wanted == "nothing":
        return None
    if wanted == "fail":
        raise LookupError("there is no such thing")
    if wanted == "long":
        return "\n".join(f"line {number}: {'x' * 90}" for number in range(200))
    if wanted == "excess":
        # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: beyond 256 KiB nothing is caught.
        return "x" * 300_000
    if wanted == "private":
        return Reply("for your eyes only", visible="user")
    return Reply(f"You said: {wanted} <!channel>")


def echo(event: SlackEvent) -> str:
    """Say again what somebody wrote."""
    return f"echo of {event.type} by {event.user_id}: {event.text}"


def count(event: SlackEvent) -> str:
    """Say what somebody put below which message."""
    return f"{event.event['reaction']} below {event.ts}"


def act(interaction: SlackInteraction) -> Reply | None:
    """Say what somebody did."""
    if interaction.value == "nothing":
        return None
    if interaction.value == "fail":
        raise LookupError("there is no such button")
    held = ", ".join(f"{name}={value}" for name, value in interaction.state.items())
    about = interaction.message.get("text", "")
    return Reply(f"{interaction.type} {interaction.id} {interaction.value} by {interaction.user_id} {held} {about}")
