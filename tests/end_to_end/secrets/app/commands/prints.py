"""Tells which secret it was given, without telling it."""

import hashlib

from chatops_runtime import Reply, SlackCommand, read_secret


def fingerprint(command: SlackCommand) -> Reply:
    """The beginning of a secret's hash; of what is stored now, if `now` is typed."""
    key, _, now = command.text.partition(" ")
    secret = read_secret(key, fresh=now == "now")
    return Reply(hashlib.sha256(secret.encode()).hexdigest()[:12])
