"""What a delivery pipeline tells its topics: read by people in a mail, and by functions as JSON.

It is published with `MessageStructure: json`, like `chatops_runtime.contracts.run_notice`: `sqs` and `lambda` get the
JSON below, everything else the text.

    {
      "version": 1,
      "kind": "pipeline",
      "waiting": "production/8f3c…",                 waiting only: what `/deploy` approves, the stage and the execution
      "outcome": "waiting" | "failed" | "succeeded",
      "pipeline": "Delivery_…",                      the pipeline's name
      "subject": "Delivery_… failed in staging",     one line, plain text, nothing in it that a committer wrote
      "text": "…",                                   for people, several lines, plain text
      "execution": "8f3c…",                          the pipeline execution's id
      "stage": "production" | "",                    waiting: to which stage it is about to go; failed: where
      "action": "Deploy" | "",                       failed: which action did, if it is known
      "reason": "…",                                 failed: what the action says, cut
      "reason_url": "https://…" | "",                failed: where it says more
      "commit": {"id": "…", "message": "…", "author": "…", "repository": "owner/name", "branch": "main", "url": "…"},
                                                     each of them empty if it is not known
      "url": "https://…" | "",                       the execution in the console
      "detail": "…"                                  why something is not known; empty if all is
    }

`waiting` stands first among what can be looked for, so that a button finds it (`command_buttons.LOOKED_AT`). What a
committer wrote is inside of JSON's strings, where a quote has a backslash before it: it cannot pass for the key.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class CommitFields(TypedDict):
        """The commit that an execution is of."""

        id: str
        message: str
        author: str
        repository: str
        branch: str
        url: str


VERSION = 1

KIND = "pipeline"

WAITING = "waiting"
FAILED = "failed"
SUCCEEDED = "succeeded"

WAITING_PATTERN = r'"waiting": "([A-Za-z0-9.@_-]{1,100}/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"'
"""Finds in a published notice what a button approves or rejects."""

LONGEST_MESSAGE = 500
"""Characters of a commit's message that are told."""

LONGEST_REASON = 1_500
"""Characters of what a failed action says."""
