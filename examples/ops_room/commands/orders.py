"""A little service behind a command, so that there is something to search for."""

import json

from chatops_runtime import Reply, SlackCommand


def order(command: SlackCommand) -> Reply:
    """Take an order, and log what becomes of it under the request's id."""
    pieces = command.arguments["pieces"]
    _log(command, "INFO", f"{pieces} pieces ordered by {command.user.id}")
    if pieces > 12:
        _log(command, "ERROR", f"there are not {pieces} pieces in stock")
        return Reply(f"Not so many in stock. Look for it: /logsearch {command.request_id[:10]}")
    return Reply(f"{pieces} pieces are on their way. Look for it: /logsearch {command.request_id[:10]}")


def _log(command: SlackCommand, level: str, message: str) -> None:
    print(json.dumps({"level": level, "message": message, "request": command.request_id}))
