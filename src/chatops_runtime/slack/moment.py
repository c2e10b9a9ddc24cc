"""A moment in Slack's own markup."""

from __future__ import annotations

from datetime import datetime, timezone


def moment(seconds: int) -> str:
    """A moment, which Slack shows in the reader's time zone.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting

    Args:
        seconds: Unix time.
    """
    fallback = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{fallback}>"
