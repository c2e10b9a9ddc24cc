"""Gives whoever mentions it the link to their own feedback form, which is signed with a secret."""

import hashlib
import hmac

from chatops_runtime import Reply, SlackEvent, read_secret

FORM = "https://feedback.acme.example/form"


def answer(event: SlackEvent) -> Reply:
    """The link, below the message; or what there is to ask for."""
    if event.words.lower() != "feedback":
        return Reply(text="Mention me with the word feedback, and I give you the link to your form.")
    key = read_secret("link-key").encode()
    signature = hmac.new(key, event.user_id.encode(), hashlib.sha256).hexdigest()[:32]
    return Reply(mrkdwn=f"<{FORM}?user={event.user_id}&signature={signature}|Your feedback form>")
