"""Names of resources that other resources have to know before they exist, or by their beginning.

    Ops_Slack_Commands_Ps_Machine_1A2B3C4D

The stack's name, then the construct path, then a hash of both. A stack's name cannot hold `_`, so `Ops_` begins the
names of the stack `Ops` and of no other, `Ops-Eu` for instance: a pattern or a policy may rely on it.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import TYPE_CHECKING

from chatops_constructs._asked_once import path_of, stack_of

if TYPE_CHECKING:
    from aws_cdk import Stack
    from constructs import Construct

SEPARATOR = "_"
LONGEST_PREFIX = 40
HASH_LENGTH = 8
LONGEST_DESCRIBED = 300

# What names of SSM documents must not begin with:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
RESERVED = re.compile("aws|amazon|amzn", re.IGNORECASE)

# Ids that say nothing: CDK's own names leave them out as well.
SILENT_IDS = frozenset({"Resource", "Default"})


def name_prefix(scope: Construct) -> str:
    """What the names of all resources of `scope`'s stack begin with: at most 40 characters."""
    return _prefix_in(stack_of(scope))


@cache
def _prefix_in(stack: Stack) -> str:
    if stack.nested_stack_parent is not None:
        # Its own name is known at deploy time only.
        name = name_prefix(stack.nested_stack_parent) + _plain(stack.node.id)
    else:
        stack_name = stack.stack_name
        name = f"stack-{stack_name}" if RESERVED.match(stack_name) else stack_name
    return _shortened(name, LONGEST_PREFIX - 1) + SEPARATOR


def physical_name(construct: Construct, *, longest: int) -> str:
    """A name for `construct`, of letters, digits, `-` and `_`, that no other construct of the account's region has.

    Args:
        construct: What the name is for. Another path or another stack name gives another name.
        longest: How many characters it may have.
    """
    prefix = name_prefix(construct)
    # No id holds a `/`.
    ids = path_of(construct).removeprefix(path_of(stack_of(construct))).split("/")[1:]
    digest = _hash("/".join([prefix, *ids]))
    room = longest - len(prefix) - len(SEPARATOR) - HASH_LENGTH
    path = SEPARATOR.join(_plain(id) for id in ids if id not in SILENT_IDS)
    return f"{prefix}{_middle_cut(path, room)}{SEPARATOR}{digest}"


def described(construct: Construct) -> str:
    """The construct's path for a description in IAM, which takes no character beyond Latin-1, and not too many.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """
    return path_of(construct).encode("ascii", "replace").decode()[:LONGEST_DESCRIBED]


def _shortened(name: str, longest: int) -> str:
    """`name`, or its beginning and its hash."""
    return name if len(name) <= longest else f"{name[: longest - HASH_LENGTH - 1]}-{_hash(name)}"


def _middle_cut(path: str, room: int) -> str:
    """As much of `path` as there is room for: its two ends say the most."""
    if len(path) <= room:
        return path
    head = room // 2
    return path[:head] + path[len(path) - (room - head) :]


def _plain(id: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH].upper()
