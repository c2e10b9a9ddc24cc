"""A bot that answers when it is mentioned: `@bot hello`."""

from chatops_runtime import SlackEvent


def answer(event: SlackEvent) -> str:
    """Say hello below the message."""
    return f"Hello, you said: {event.words or 'nothing'}"
