"""What the two functions of an allow-list are told, what its table holds, and what its page calls.

The *registrar* faces people: it makes links, registers addresses, lists and revokes. It may write the table and nothing
else. The *projection* brings the pair of IP sets in line with the table, and sweeps out what has expired. It may read
the table, sweep it, and update the two sets; nobody reaches it from outside.

## Events of the registrar

    an HTTP API's, payload format 2.0                          the page and what it calls, see below
    {"version": 1, "command": "/allow-me", "text": "list", …}  by a command of Slack, `chatops_runtime.contracts.reply`;
                                                               of the people themselves, or, if it has
                                                               {"administration": true}, of those who look after all
    {"version": 1, "kind": "order", "text": "revoke slack:U012AB3CD", "by": "security on-call", "id": "…"}
                                                               by anybody who may invoke it: an administrator's;
                                                               the id is optional

The last two are answered with a reply of that contract.

## Events of the projection

    {"version": 1, "kind": "timer"}                            every minute
    {"version": 1, "kind": "stack"}                            an update of the pair's stack is over
    {"Records": [{"eventSource": "aws:dynamodb", …}, …]}       entries of the table have changed

## The table

Of the kind `ENTRY` (partition key) and `<owner>#<family>` (sort key): at most one of an owner and a family, so that an
owner's new address takes the place of the old one.

    owner           "slack:U012AB3CD", "iam:<the caller's ARN>", "secret:<what the caller calls itself>" or
                    "range:<CIDR>", of an administrator's
    name            whom people read
    family          4 or 6
    cidr            the range, as `ip_ranges` writes it
    note            text, which may be empty
    by              who registered it, as people read it
    registered_at   Unix time in seconds, when this range was first registered; a renewal leaves it
    expires_at      Unix time in seconds: from then on it counts no more
    ended_at, ended_by, previous
                    see `chatops_runtime.allowlist.entry`

Of the kind `LINK` and the SHA-256 of the link's token in hexadecimal: a one-time link. The token itself is nowhere but
in the message to its owner.

    owner, name     of whom it registers
    expires_at      Unix time in seconds
    seen            a set of ranges, by family "4" and "6", that the link's holder was seen under by the other host
    used_at, used_for
                    when it was used, and for which ranges
    delete_at       Unix time in seconds, when DynamoDB deletes the item

Of the kind `COUNT` and "4" or "6": how many entries there are of the family, so that the 10,001st is refused.

Of the kind `PROJECTION` and "sets": since when the IP sets are known to be in line, and when they were last healed.

## What the page calls

Errors are `{"error": {"code": "…", "message": "…"}}`. Nothing but POST and DELETE changes anything.

    GET    /                     the page
    GET    /address              {"address": "2001:db8::7", "family": 6, "cidr": "2001:db8::/64"}
    GET    /link                 with the link's token as bearer: {"name": "alice", "expires_at": …, "valid_for": 36000}
    POST   /seen                 with the link's token, over the host without IPv6: remembers the address for the link
    POST   /registrations        with the link's token or the shared secret as bearer: registers the caller's address
                                 and what the link has seen, and uses the link up
    GET | POST | DELETE /iam/registrations
                                 signed by AWS Signature Version 4: lists, registers or revokes the caller's own

The token stands in the fragment of the page's URL, which browsers keep to themselves: nobody who fetches the link to
show a preview of it, and no access log, has it. The two hosts are two HTTP APIs with the same routes, the one reached
over both families, the other over IPv4 only.
"""

VERSION = 1

TIMER = "timer"
STACK = "stack"
ORDER = "order"
ADMINISTRATION = "administration"

KIND = "kind"
"""The table's partition key."""

ID = "id"
"""The table's sort key."""

ENTRY = "entry"
LINK = "link"
COUNT = "count"
PROJECTION = "projection"

DELETE_AT = "delete_at"
"""The attribute by which DynamoDB deletes items."""

TABLE = "CHATOPS_ALLOWLIST_TABLE"
"""The name of the table; of both functions."""

NAME = "CHATOPS_ALLOWLIST_NAME"
"""The name of the allow-list: the value of the metrics' dimension; of both functions."""

IP_SETS = "CHATOPS_ALLOWLIST_IP_SETS"
"""The pair of IP sets, as `chatops_runtime.contracts.ip_sets` writes it; of the projection."""

URL = "CHATOPS_ALLOWLIST_URL"
"""The page's, such as `https://abc123.execute-api.ap-northeast-1.amazonaws.com`; of the registrar."""

IPV4_URL = "CHATOPS_ALLOWLIST_IPV4_URL"
"""Of the host without IPv6; of the registrar."""

VALID_SECONDS = "CHATOPS_ALLOWLIST_VALID_SECONDS"
"""How long a registration holds; of the registrar."""

IPV6_PREFIX = "CHATOPS_ALLOWLIST_IPV6_PREFIX"
"""The prefix length under which an IPv6 address is registered; of the registrar."""

LINK_SECONDS = "CHATOPS_ALLOWLIST_LINK_SECONDS"
"""How long a link may be used; of the registrar."""

SHARED_SECRET_PARAMETER = "CHATOPS_ALLOWLIST_SHARED_SECRET_PARAMETER"  # noqa: S105 - a name
"""The name of the SecureString with the shared secret; of the registrar; absent: there is none."""

SHORTEST_SHARED_SECRET = 32
"""Characters; a shorter one is refused at run time, since anybody may try as often as the API lets."""

PAGE_PATH = "/"
ADDRESS_PATH = "/address"
LINK_PATH = "/link"
SEEN_PATH = "/seen"
REGISTRATIONS_PATH = "/registrations"
IAM_REGISTRATIONS_PATH = "/iam/registrations"

NAMESPACE = "ChatOpsConstructs/Allowlist"
DIMENSION = "Allowlist"
METRIC_BEHIND = "AllowlistBehind"
"""1 if the IP sets could not be brought in line with the table; otherwise 0."""

METRIC_ENTRIES = "AllowlistEntries"
"""How many ranges the fuller one of the two sets should hold; 10,000 is the most."""

LONGEST_NOTE = 200
LONGEST_NAME = 80
WIDEST_IPV4 = 16
WIDEST_IPV6 = 32
"""The shortest prefix lengths of a range that an administrator may add: wider ones belong into a template."""
