"""Functions that tell what they were given."""

import json

from chatops_runtime import Reply, SlackCommand


def tell(command: SlackCommand) -> Reply:
    """The arguments as JSON."""
    return Reply(json.dumps(command.arguments, sort_keys=True, ensure_ascii=False))


def offer(command: SlackCommand) -> Reply:
    """A button that runs the command line which was typed."""
    button = {
        "type": "button",
        "action_id": "chatops.run",
        "text": {"type": "plain_text", "text": "Run it"},
        "value": command.arguments["line"],
    }
    return Reply("A button", blocks=[{"type": "actions", "elements": [button]}], visible="channel")
