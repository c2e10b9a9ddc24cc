"""A file for a conversation, in Slack's three steps: https://docs.slack.dev/messaging/working-with-files#upload."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chatops_runtime.slack import text_file, upload_url
from chatops_runtime.slack.web_client import SlackRefusedError

if TYPE_CHECKING:
    from chatops_runtime.slack.text_file import TextFile
    from chatops_runtime.slack.token_way import TokenWay

WRONG_HOST = "upload_url_of_another_host"


def upload(token_way: TokenWay, file: TextFile, conversation: str, *, gov: bool, thread_ts: str = "") -> None:
    """Upload `file` and share it in a conversation, below the message `thread_ts` if there is one.

    If an answer to the last step is lost, the file may be there twice; that is better than not at all.

    Raises:
        WayClosedError: There is no token.
        SlackRefusedError: Slack will not take it, or names a host for it that is not Slack's.
        SlackRetryable: Slack cannot take it now.
    """
    content = file.content
    ticket = token_way.call(
        "files.getUploadURLExternal",
        filename=file.name,
        length=str(len(content)),
        snippet_type=text_file.SNIPPET_TYPE,
    )
    url, file_id = ticket.get("upload_url"), ticket.get("file_id")
    if not isinstance(url, str) or not upload_url.is_of_slack(url, gov=gov):
        raise SlackRefusedError(WRONG_HOST, 200)
    token_way.send(url, content)
    token_way.call(
        "files.completeUploadExternal",
        files=json.dumps([{"id": file_id, "title": file.title}]),
        channel_id=conversation,
        initial_comment=file.comment,
        **({"thread_ts": thread_ts} if thread_ts else {}),
    )
