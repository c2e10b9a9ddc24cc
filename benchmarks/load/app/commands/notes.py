"""Work of which a trace is left."""

from chatops_runtime import Reply, SlackCommand


def note(command: SlackCommand) -> Reply:
    """Note the request in the log, and say what was noted."""
    print(f"noted {command.request_id}")
    return Reply(f"noted {command.text}")
