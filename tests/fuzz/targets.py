"""What is fuzzed: by name, a function that takes any bytes and raises when a promise is broken, and its seeds."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from chatops_runtime.arguments import parse
from chatops_runtime.notifier.command_button import CommandButton
from chatops_runtime.notifier.composition import compose
from chatops_runtime.notifier.envelope import Envelope
from chatops_runtime.report.asking import card, private_question
from chatops_runtime.report.asking.asked import Asked
from chatops_runtime.slack import form as slack_form
from chatops_runtime.slack import response_url
from tests.fuzz import seeds
from tests.fuzz.watched_dispatch import TYPED, watched_dispatch
from tests.fuzz.watched_report import watched_report
from tests.runtime.allowlist.allowlist_double import SECRET as ALLOWLIST_SECRET
from tests.runtime.allowlist.allowlist_double import AllowlistDouble, http
from tests.runtime.arguments.declared import ONE_OF_EACH, check_parsed
from tests.runtime.block_kit import checked, texts
from tests.runtime.notifier.notices import raw
from tests.runtime.reports import QUESTIONS, asking, finished, instance, reply, run_command
from tests.runtime.slack_requests import TEAM, event, form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_runtime.contracts.arguments import ArgumentDeclaration

Check = Callable[[bytes], None]

_MOST_FIELDS = 100

OURS = {"@U0123TARO", "#C0123OPS", "!subteam", "!date"}
"""What a question mentions."""

SAID: list[ArgumentDeclaration] = [
    {"name": "said", "kind": "text", "required": True, "longest": 10_000},
    {"name": "force", "kind": "flag", "required": False},
]


@dataclass(frozen=True)
class Target:
    """Something that takes bytes from strangers."""

    check: Callable[[], AbstractContextManager[Check]]
    seeds: list[bytes]


@contextmanager
def events() -> Iterator[Check]:
    """The dispatch function with any JSON as its event."""
    with watched_dispatch() as watched:

        def check(data: bytes) -> None:
            try:
                asked = json.loads(data)
            except (ValueError, RecursionError):
                return  # Lambda hands over JSON only
            watched.ask(asked)

        yield check


@contextmanager
def requests() -> Iterator[Check]:
    """The dispatch function with any HTTP request: method, headers, an empty line, the body."""
    with watched_dispatch() as watched:

        def check(data: bytes) -> None:
            head, _, body = data.partition(b"\r\n\r\n")
            method, *lines = head.decode("utf-8", "replace").split("\r\n")
            headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
            watched.ask({**event(b"", headers, method=method), "body": body.decode("utf-8", "surrogateescape")})

        yield check


@contextmanager
def signed_bodies() -> Iterator[Check]:
    """The dispatch function with any body, signed as Slack signs: where it goes deepest."""
    with watched_dispatch() as watched:
        yield lambda data: _discard(watched.ask(event(data, encoded=True)))


@contextmanager
def typed_texts() -> Iterator[Check]:
    """The dispatch function with any command and any text after it."""
    with watched_dispatch() as watched:

        def check(data: bytes) -> None:
            command, _, text = data.decode("utf-8", "ignore").partition("\n")
            watched.ask(event(form(command=command, text=text)))
            answered = watched.ask(event(form(command="/say", text=TYPED + text)))
            typed = (TYPED + text).replace("\xa0", " ").strip()
            started = [execution["input"]["text"] for execution in answered.started]
            assert started == [typed] or answered.outcome != "started"

        yield check


@contextmanager
def clicks() -> Iterator[Check]:
    """The dispatch function with any payload of an interaction, signed as Slack signs."""
    with watched_dispatch() as watched:

        def check(data: bytes) -> None:
            body = urlencode({"payload": data.decode("utf-8", "ignore")}).encode()
            assert watched.ask(event(body)).status in {200, 400, 403, 413}

        yield check


@contextmanager
def callbacks() -> Iterator[Check]:
    """The dispatch function with any body of the Events API, signed as Slack signs."""
    with watched_dispatch() as watched:

        def check(data: bytes) -> None:
            assert watched.ask(event(b"{" + data, encoded=True)).status in {200, 400, 403, 413}

        yield check


@contextmanager
def arguments() -> Iterator[Check]:
    """The parser of arguments with any text after a command that has one of each kind."""
    yield lambda data: check_parsed(ONE_OF_EACH, data.decode("utf-8", "ignore"))


@contextmanager
def allowlist_requests() -> Iterator[Check]:
    """The allow-list's HTTP APIs with any request of a stranger: method and path, headers, an empty line, the body."""
    double = AllowlistDouble()

    def check(data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("utf-8", "replace").split("\r\n")
        method, _, target = first.partition(" ")
        path, _, query = target.partition("?")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        asked = http(method, path, headers=headers, body=body.decode("utf-8", "replace"), query={"q": query})
        response = double.ask(asked)
        assert response["statusCode"] in {200, 400, 401, 404, 405, 413}
        assert ALLOWLIST_SECRET not in json.dumps(response) + json.dumps(double.facts)
        assert double.dynamodb.items == {}, "a stranger registered something"

    yield check


@contextmanager
def forms() -> Iterator[Check]:
    """Our parser of forms, with the standard library's as the oracle."""

    def check(data: bytes) -> None:
        if not data:
            return  # no field: a form for the standard library, and none for us
        try:
            theirs = parse_qsl(data.decode(), True, True, errors="strict", max_num_fields=_MOST_FIELDS)
        except ValueError:
            theirs = None
        try:
            ours = slack_form.pairs(data, _MOST_FIELDS)
        except ValueError:
            ours = None
        assert ours == theirs, f"{ours} is not {theirs}"

    yield check


@contextmanager
def response_urls() -> Iterator[Check]:
    """The check of a response_url, with the standard library's reading of URLs as the oracle."""

    def check(data: bytes) -> None:
        url = data.decode("utf-8", "replace")
        if response_url.refusal(url, {TEAM}) is None:
            split = urlsplit(url)
            assert (split.scheme, split.query, split.fragment, split.username, split.port) == (
                "https",
                "",
                "",
                None,
                None,
            )
            assert split.netloc in {"hooks.slack.com", "hooks.slack-gov.com"}
            assert split.path.startswith((f"/commands/{TEAM}/", f"/actions/{TEAM}/"))
            assert url.isascii()
            assert ".." not in url
            assert response_url.owner(url) == TEAM

    yield check


@contextmanager
def outcomes() -> Iterator[Check]:
    """The report function with any answer of a user's function, and any output of a script."""
    with watched_report() as watched:

        def check(data: bytes) -> None:
            try:
                outcome: Any = json.loads(data)
            except (ValueError, RecursionError):
                outcome = data.decode("utf-8", "replace")
            watched.tell(finished(reply(outcome)))
            printed = outcome if isinstance(outcome, str) else json.dumps(outcome, ensure_ascii=False)
            watched.tell(finished(run_command(instance(stdout=printed, name=printed), instance(2, stderr=printed))))

        yield check


@contextmanager
def questions() -> Iterator[Check]:
    """What is asked about any text that was typed, frozen or offered: Slack takes it, and it mentions nobody."""

    def check(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        request = {"text": text, "arguments": {"any": text}}
        offered = [{"value": "v", "label": text}] * 2
        for kind in QUESTIONS:
            asked = Asked.from_event(asking("ask", kind, request=request, frozen=[text], options=offered, help=text))
            blocks = checked((card if kind == "approval" else private_question).render(asked))
            assert set(re.findall(r"<([^<>|^]*)", texts(blocks))) <= OURS

    yield check


@contextmanager
def notices() -> Iterator[Check]:
    """Any notice with a button that takes something from it: Slack takes it, and what it takes is one argument."""
    (button,) = CommandButton.of_environment(
        json.dumps([{"command": "/say", "label": "Say", "find": "(?s)\\n(.+)", "text": "--force", "confirm": True}])
    )

    def check(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        published = raw(text)
        checked(compose([published], [button]))
        line = button.command_line(Envelope.of(published))
        if line is not None:
            arguments = parse(SAID, line.removeprefix("/say "))
            assert (set(arguments), arguments["force"]) == ({"said", "force"}, True)

    yield check


def _discard(_: object) -> None:
    """What came of it holds all that is promised, or there would have been an AssertionError."""


TARGETS = {
    "events": Target(events, seeds.EVENTS),
    "requests": Target(requests, seeds.REQUESTS),
    "signed-bodies": Target(signed_bodies, seeds.FORMS),
    "typed-texts": Target(typed_texts, seeds.TYPED_TEXTS),
    "clicks": Target(clicks, seeds.CLICKS),
    "callbacks": Target(callbacks, seeds.CALLBACKS),
    "arguments": Target(arguments, seeds.TYPED_ARGUMENTS),
    "allowlist-requests": Target(allowlist_requests, seeds.ALLOWLIST_REQUESTS),
    "forms": Target(forms, seeds.FORMS),
    "response-urls": Target(response_urls, seeds.RESPONSE_URLS),
    "outcomes": Target(outcomes, seeds.OUTCOMES),
    "questions": Target(questions, seeds.TYPED_TEXTS),
    "notices": Target(notices, [*seeds.TYPED_ARGUMENTS, *seeds.OUTCOMES]),
}
