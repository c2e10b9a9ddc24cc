from chatops_runtime import Reply, SlackCommand


def hello(command: SlackCommand) -> Reply:
    return Reply(f"Hello {command.user.name}!")
