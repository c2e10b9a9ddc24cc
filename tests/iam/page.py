"""`python -m tests.iam.page`: writes docs/iam.md, what the roles and resources of the examples permit."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from chatops_local.server.assembly import read_stacks
from tests.iam.apps import ACCOUNT
from tests.iam.everything import EVERYTHING
from tests.iam.permissions import permissions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.iam.apps import App
    from tests.iam.permissions import Permission

PAGE = Path(__file__).parents[2] / "docs" / "iam.md"

_BEGINNING = """# Permissions

<!-- Written by `python -m tests.iam.page`; a test compares it with the examples. -->

`make iam` shows that every permission of the examples is needed. A permission is one action on one resource, and where
one statement allows several kinds of items, on one kind; those of roles count, and those of policies of functions,
queues, topics, buckets and keys.

The app runs on the local cloud, which enforces IAM. First each story, such as somebody typing a command, a script that
fails or Slack that takes no answer, is told with all permissions: it has to go well, and nobody may be denied anything.
Then one permission after the other is taken out of the template, alone, and the stories that use it are told again.
The permission is *killed* if somebody is denied just that action on just that resource; that a story goes wrong in
another way does not count. What is left, the *survivors*, is to be deleted, and fails the command.

Then each role is asked for what it has to be denied: the same action on the neighbour, in another account and under
another condition, what would delete or change what it uses, and the audit log's deletion and retention.

The local cloud is one account, so an example of two has both stacks in it. That AWS asks the policies of both accounts
when one calls the other is what this cannot show.

What it has to print, at the end:

```text
{summary}
```

## What is proven elsewhere

The local cloud cannot show of these that they are needed. A test that exists shows it instead.

| permissions | why not here | test |
|---|---|---|
{elsewhere}

## By policy

| example | policy | permissions | killed | proven elsewhere |
|---|---|---|---|---|
{policies}
"""


def enumerated(folder: Path) -> dict[str, list[Permission]]:
    """Every permission of every example, by the example's name; synthesised below a folder."""
    return {app.name: _permissions(app, folder / app.name) for app in EVERYTHING}


def page(permissions: Mapping[str, Iterable[Permission]]) -> str:
    """The page about the permissions of each example."""
    apps = {app.name: app for app in EVERYTHING}
    proofs: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    elsewhere: Counter[tuple[str, str]] = Counter()
    for name, given in sorted(permissions.items()):
        for permission in given:
            row = (name, f"{permission.stack} {permission.policy[:-8]}")
            found[row] += 1
            for one in [each for each in apps[name].elsewhere if each.covers(permission)][:1]:
                elsewhere[row] += 1
                proofs[one.reason, one.proof] += 1
    total, not_here = sum(found.values()), sum(elsewhere.values())
    return _BEGINNING.format(
        summary=f"{total} permissions, {total - not_here} killed, {not_here} proven elsewhere, 0 survivors",
        elsewhere="\n".join(f"| {n} | {reason} | `{proof}` |" for (reason, proof), n in sorted(proofs.items())),
        policies="\n".join(
            f"| {row[0]} | {row[1].replace(' ', ' `')}` | {n} | {n - elsewhere[row]} | {elsewhere[row] or ''} |"
            for row, n in sorted(found.items())
        ),
    )


def _permissions(app: App, folder: Path) -> list[Permission]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    stacks = read_stacks(app.synthesise(folder), account=ACCOUNT, region=app.region)
    return [one for stack in stacks for one in permissions_in(stack.name, stack.template)]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="chatops-iam-") as directory:
        PAGE.write_text(page(enumerated(Path(directory))), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
