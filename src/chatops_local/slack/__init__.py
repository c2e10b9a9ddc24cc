"""A double of Slack: its requests, response_urls and Web API, with Slack's limits, on this machine only."""

from __future__ import annotations

from chatops_local.slack.controls import Control, NoSuchControlError
from chatops_local.slack.delivery import HttpAnswer
from chatops_local.slack.double import SlackDouble
from chatops_local.slack.events import NoMentionError
from chatops_local.slack.faults import Fault, Faults
from chatops_local.slack.file import File
from chatops_local.slack.message import Message
from chatops_local.slack.people import Person
from chatops_local.slack.sent_click import ClickAck, SentClick
from chatops_local.slack.sent_command import ACK_LIMIT_MS, Ack, SentCommand
from chatops_local.slack.sent_event import EventAck, EventDelivery, SentEvent
from chatops_local.slack.sent_interaction import SentInteraction
from chatops_local.slack.signing import SignedRequest, sign, signature
from chatops_local.slack.slash_command import DEFAULT_CHANNEL, DEFAULT_USER, SlashCommand
from chatops_local.slack.workspace import NoSuchEndpointError, RequestUrl, SlackApp, Workspace

__all__ = [
    "ACK_LIMIT_MS",
    "DEFAULT_CHANNEL",
    "DEFAULT_USER",
    "Ack",
    "ClickAck",
    "Control",
    "EventAck",
    "EventDelivery",
    "Fault",
    "Faults",
    "File",
    "HttpAnswer",
    "Message",
    "NoMentionError",
    "NoSuchControlError",
    "NoSuchEndpointError",
    "Person",
    "RequestUrl",
    "SentClick",
    "SentCommand",
    "SentEvent",
    "SentInteraction",
    "SignedRequest",
    "SlackApp",
    "SlackDouble",
    "SlashCommand",
    "Workspace",
    "sign",
    "signature",
]
