"""What a command's state machine hands to the report function while the command is not over: questions, and words.

It is the function of `chatops_runtime.contracts.report`; an event of that contract has no `event`, these have. They all
have `version`, and what a report has of the command:

    {"version": 2, "event": "…", "id": "<the execution's name>", "execution_arn": "arn:…", "started_at": "…Z",
     "request": {…}, …}

A question is one of

    {"kind": "approval", "channel_id": "C…",         where the card is posted
     "by": {…},                                      the rule that says who may approve; as in the commands table
     "quorum": 1,                                    how many of them have to
     "until": "2026-11-22T01:13:50Z",                the absolute deadline
     "frozen": ["document … version 3", …]}          plain text: what will run, one line each
    {"kind": "confirm", "until": "…Z", "frozen": ["…"]}
    {"kind": "choice", "name": "service", "help": "", "options": [{"value": "nginx", "label": "nginx"}], "until": "…Z"}
    {"kind": "instances", "options": [{"value": "i-…", "label": "web-1 (i-…)"}], "most": 3, "until": "…Z"}

An approval's is everybody's in its channel; the others are the requester's alone.

`ask` posts it:

    {…, "event": "ask", "handle": "v1:<machine>:<execution>:<nonce>", "question": {…}, "used": 0}

and answers `{"channel_id": "C…", "message_ts": "1763773430.000100"}` if it was posted with the bot token, as an
approval always is, or `{}` if it went through the response_url. `used` says how many messages of this execution did
before. They count among the five that a response_url takes, so the report at the end has `used` too; without a bot
token there is room for `MOST_WITHOUT_TOKEN` of them.

`wait` is the task that waits, with the token that a click redeems:

    {…, "event": "wait", "handle": "…", "question": {…}, "token": "<task token>", "nonce": "<the handle's>",
     "approved_by": ["U…"], "card": {…what ask answered…}}

For the report function that is only the occasion to bring an approval's card up to date: "1 of 2 approved". It answers
`{}` and never fails, since a failure would end the waiting.

`close` ends it:

    {…, "event": "close", "question": {…}, "card": {…}, "approved_by": ["U…"],
     "ending": {"state": "denied", "by": ["U…"]}}

takes the buttons off a card that has a `message_ts` and says what came of it: one of `ENDINGS`. It answers `{}`. A card
that cannot be changed any more, such as a deleted one, is no error.

`progress` says the beginning of a result while the rest is not there yet:

    {…, "event": "progress", "used": 0, "result": {"kind": …}}      a result of chatops_runtime.contracts.report

and answers `{"used": 1}`: what `used` is now. It never fails either: what cannot be said now is left out.

`say` says something to somebody who clicked:

    {"version": 2, "event": "say", "id": "<of the click>", "team_id": "T…",
     "response_url": "https://hooks.slack.com/actions/T…/…/…", "text": "mrkdwn", "visible": "user", "cancel": ""}

and answers `{}`. With a handle in `cancel` there is a Cancel button below the text.

Errors of `ask`, `close` and `say`: `RETRYABLE` when Slack is busy or away, so that they have to be invoked again; and
`LASTING` of `ask`, when that question can never be asked: its text says what to do about it, as the failed command's
report does then.
"""

from __future__ import annotations

ASK = "ask"
WAIT = "wait"
CLOSE = "close"
PROGRESS = "progress"
SAY = "say"

APPROVAL = "approval"
CONFIRM = "confirm"
CHOICE = "choice"
INSTANCES = "instances"

APPROVED = "approved"
DENIED = "denied"
CONFIRMED = "confirmed"
DECLINED = "declined"
CHOSEN = "chosen"
EXPIRED = "expired"
CANCELLED = "cancelled"
CHANGED = "changed"
"""Who approved or chose is right, but what would run is not any more what was shown."""

ENDINGS = frozenset({APPROVED, DENIED, CONFIRMED, DECLINED, CHOSEN, EXPIRED, CANCELLED, CHANGED})

RETRYABLE = "SlackRetryable"
"""The error's name in a `Retry`."""

LASTING = "CannotAskError"
"""The error's name otherwise."""

MOST_WITHOUT_TOKEN = 3
"""Messages of one execution that may go through its response_url before the result, which needs two of the five."""

LONGEST_VALUE = 150
"""https://docs.slack.dev/reference/block-kit/composition-objects/option-object: characters of an option's value."""

MENU_OPTIONS = 100
"""https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element: options of one menu."""

MOST_OPTIONS = 500
"""In several menus. With more, too little of each label would have room in a message."""
