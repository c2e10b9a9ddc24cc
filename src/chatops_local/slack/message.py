"""What the Slack double records: messages, as the people in a channel see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from chatops_local.slack import mrkdwn
from chatops_local.slack.controls import Control, controls_in

if TYPE_CHECKING:
    from chatops_local.slack.file import File

Via = Literal["ack", "response_url", "chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal", "person"]

EPHEMERAL = "ephemeral"
IN_CHANNEL = "in_channel"


@dataclass(frozen=True)
class Message:
    """One message."""

    channel: str
    user: str | None
    """The only one who sees it; `None`: everybody in the channel."""
    text: str
    """The `text`; the fallback of a message with blocks."""
    blocks: tuple[dict[str, Any], ...]
    via: Via
    at: float
    """Unix time."""
    ts: str
    """Slack's id of the message, unique within the run."""
    notifies: tuple[str, ...] = ()
    """Mentions that would notify: `<!channel>`, `<!here>`, `<!everyone>`, `<@U…>`, `<!subteam^S…>`."""
    unfurls: tuple[str, ...] = ()
    """Links of which Slack may show a preview."""
    truncated: bool = False
    """Slack cut the text at 40,000 characters."""
    thread_ts: str | None = None
    """Of a reply, the `ts` of the message whose thread it is in."""
    broadcast: bool = False
    """A reply that is shown in the channel as well."""
    response_url: str | None = field(default=None, repr=False)
    """The response_url of the command, or of the click, that it answers; a secret."""
    files: tuple[File, ...] = ()
    app_id: str = ""
    """The app that posted it; empty if a person did."""
    author: str = ""
    """The person who wrote it; empty if an app did."""
    edited_at: float | None = None
    """When the app last updated or replaced it, Unix time; `None` if it never did."""
    deleted: bool = False
    """The app has deleted it, and nobody sees it any more."""

    @property
    def shown_at(self) -> float:
        """Since when it is as it is, Unix time."""
        return self.edited_at or self.at

    @property
    def controls(self) -> list[Control]:
        """Its buttons and menus, in order."""
        return controls_in(self.blocks, self.ts)

    @property
    def thread(self) -> str:
        """The `ts` of the first message of its thread: its own, if it is no reply."""
        return self.thread_ts or self.ts

    @property
    def ephemeral(self) -> bool:
        """Whether one user only sees it."""
        return self.user is not None

    @property
    def shown(self) -> str:
        """What is on the screen, as plain text: the blocks if there are any, else the text; then the files."""
        lines = [line for block in self.blocks for line in _lines_of(block)]
        said = mrkdwn.plain("\n".join(lines) if self.blocks else self.text)
        return "\n".join([*filter(None, [said]), *(file.shown for file in self.files)])


def audience(payload: dict[str, Any], user: str) -> str | None:
    """Who sees an answer to a slash command: `user` only, or with `response_type: in_channel` everybody (`None`)."""
    return None if payload.get("response_type", EPHEMERAL) == IN_CHANNEL else user


def _lines_of(block: dict[str, Any]) -> list[str]:
    match block:
        case {"type": "divider"}:
            return ["---"]
        case {"type": "context" | "actions", "elements": list(elements)}:
            return [" ".join(filter(None, map(_text_of, elements)))]
        case {"type": "rich_text"}:
            return [_text_of(block)]
        case {"type": "image", "alt_text": str(alt)}:
            return [f"[{alt}]"]
        case {"type": "input", "label": label, "element": element}:
            return [" ".join(filter(None, (_text_of(label), _text_of(element))))]
    parts = [block.get("text"), *(block.get("fields") or []), block.get("accessory")]
    return [text for text in map(_text_of, parts) if text]


def _text_of(part: Any) -> str:  # noqa: ANN401 - any part of a block's JSON
    match part:
        case str():
            return part
        case {"type": "button", "text": {"text": str(label)}} | {"type": "image", "alt_text": str(label)}:
            return f"[{label}]"
        case {"type": "static_select" | "multi_static_select"}:
            return f"[{_text_of(part.get('placeholder') or 'choose')} ▾]"
        case {"text": text}:
            return _text_of(text)
        case {"elements": list(elements)}:
            return "".join(map(_text_of, elements))
    return ""
