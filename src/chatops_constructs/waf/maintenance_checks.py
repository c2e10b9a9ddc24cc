"""What is wrong with the parameters of a `WafMaintenanceSwitch`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

from chatops_constructs._problems import Problems, matches
from chatops_constructs.waf.ip_set_pair import IpSetPair
from chatops_constructs.waf.maintenance_page import MaintenancePage, check_body
from chatops_constructs.waf.maintenance_rules import json_text
from chatops_constructs.waf.switched_by import SwitchedBy
from chatops_constructs.waf.waf_scope import WafScope

if TYPE_CHECKING:
    from collections.abc import Sequence

MAINTENANCE_JSON = {
    "error": "maintenance",
    "message": "Down for maintenance. Please try again later.",
    "message_ja": "メンテナンス中です。しばらくしてから、もう一度お試しください。",
}

# https://docs.aws.amazon.com/waf/latest/APIReference/API_ByteMatchStatement.html: 200 bytes.
PATH = re.compile(r"/[!-~]{0,199}")
MOST_PATHS = 10
# https://docs.aws.amazon.com/waf/latest/developerguide/limits.html: 50 references a web ACL, of which others need some.
MOST_PAIRS = 5
LONGEST_RETRY_AFTER = 86_400


def check_parameters(
    problems: Problems,
    *,
    waf_scope: object,
    pass_through: Sequence[str],
    allow: Sequence[object],
    switched_by: object,
    page: object,
    json_body: object,
    json_paths: Sequence[object],
    retry_after: object,
    forwarded_ip_header: str | None,
) -> None:
    """Note all that is wrong.

    Raises:
        ValueError: Something is.
    """
    problems.check(
        isinstance(waf_scope, WafScope),
        "waf_scope",
        waf_scope,
        "a WafScope",
        "write WafScope.CLOUDFRONT or WafScope.REGIONAL",
    )
    _check_list(problems, "pass_through", pass_through)
    _check_allow(problems, waf_scope, allow)
    problems.check(
        isinstance(switched_by, SwitchedBy),
        "switched_by",
        switched_by,
        "a SwitchedBy",
        "write SwitchedBy.run_time() or SwitchedBy.deploy(enabled=…)",
    )
    problems.check(
        isinstance(page, MaintenancePage),
        "page",
        page,
        "a MaintenancePage",
        "write MaintenancePage.standard(), .from_html(…) or .from_file(…)",
    )
    _check_json(problems, json_body)
    _check_paths(problems, json_paths)
    _check_retry_after(problems, retry_after)
    _check_header(problems, forwarded_ip_header, passing=bool(pass_through or allow))
    problems.raise_if_any()


def _check_list(problems: Problems, parameter: str, value: object) -> None:
    problems.check(
        isinstance(value, (list, tuple)), parameter, value, "a list", f"write it in brackets: {parameter}=[…]"
    )


def _check_allow(problems: Problems, waf_scope: object, allow: Sequence[object]) -> None:
    _check_list(problems, "allow", allow)
    if not isinstance(allow, (list, tuple)):
        return
    problems.check(
        len(allow) <= MOST_PAIRS,
        "allow",
        f"{len(allow)} pairs",
        f"at most {MOST_PAIRS}, as a web ACL has 50 references to IP sets",
        "put more addresses into fewer pairs",
    )
    for place, pair in enumerate(allow):
        is_pair = isinstance(pair, IpSetPair)
        problems.check(is_pair, f"allow[{place}]", pair, "an IpSetPair", "make one of the addresses")
        if is_pair:
            problems.check(
                pair.waf_scope is waf_scope,
                f"allow[{place}]",
                f"a pair of {pair.waf_scope}",
                f"pairs of {waf_scope}",
                "make the pair for the same scope",
            )


def _check_json(problems: Problems, json_body: object) -> None:
    if json_body is None:
        return
    try:
        text = json_text(json_body)
    except (TypeError, ValueError):
        text = ""
    problems.check(
        isinstance(json_body, dict) and bool(text),
        "json_body",
        json_body,
        "a dict of what JSON has",
        "give texts, numbers, lists and dicts",
    )
    if text:
        check_body(problems, "json_body", text)


def _check_paths(problems: Problems, json_paths: Sequence[object]) -> None:
    _check_list(problems, "json_paths", json_paths)
    if not isinstance(json_paths, (list, tuple)):
        return
    problems.check(
        len(json_paths) <= MOST_PATHS,
        "json_paths",
        f"{len(json_paths)} beginnings",
        f"at most {MOST_PATHS}",
        "choose beginnings that more paths have",
    )
    for place, path in enumerate(json_paths):
        problems.check(
            matches(PATH, path),
            f"json_paths[{place}]",
            path,
            "a beginning of a path: a slash, then up to 199 characters of ASCII without blanks",
            "write it like /api/",
            tokens=False,
        )


def _check_retry_after(problems: Problems, retry_after: object) -> None:
    known = isinstance(retry_after, Duration) and not retry_after.is_unresolved()
    seconds: Any = retry_after.to_seconds(integral=False) if known else 0  # type: ignore[attr-defined]
    problems.check(
        known and 1 <= seconds <= LONGEST_RETRY_AFTER and seconds == int(seconds),
        "retry_after",
        f"{seconds:g} seconds" if known else retry_after,
        "a Duration of 1 second to 24 hours, in whole seconds",
        "choose one in between",
    )


def _check_header(problems: Problems, header: str | None, *, passing: bool) -> None:
    problems.check(
        header is None or passing,
        "forwarded_ip_header",
        header,
        "none without pass_through or allow",
        "leave it out: the header is looked at for those who pass only",
    )
