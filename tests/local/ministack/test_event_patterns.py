"""How rules match events: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html"""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatops_local.ministack.private import private

_matches_pattern = private("services.eventbridge:_matches_pattern", "pattern_str, event")

DETAIL = {
    "document-name": "Ops_Backup",
    "status": "Success",
    "parameters": {"TaskToken": ["abc="], "Empty": []},
    "count": 3,
    "nothing": None,
    "nested": {"deep": {"flag": True}},
}


def matches(pattern: dict[str, Any]) -> bool:
    """Whether a pattern for events of aws.ssm matches one with DETAIL."""
    event = {"Source": "aws.ssm", "DetailType": "Changed", "Detail": json.dumps(DETAIL), "Resources": [], "Time": 0}
    found: bool = _matches_pattern.get()(json.dumps({"source": ["aws.ssm"], **pattern}), event)
    return found


@pytest.mark.parametrize(
    "detail",
    [
        {"document-name": [{"prefix": "Ops_"}]},
        {"document-name": [{"prefix": {"equals-ignore-case": "ops_"}}]},
        {"document-name": [{"suffix": "up"}]},
        {"document-name": [{"wildcard": "Ops_*k*"}]},
        {"document-name": [{"equals-ignore-case": "OPS_BACKUP"}]},
        {"status": ["Failed", "Success"]},
        {"status": [{"anything-but": ["Failed", "TimedOut"]}]},
        {"status": [{"anything-but": "Failed"}]},
        {"status": [{"anything-but": {"prefix": "Fail"}}]},
        {"status": [{"anything-but": {"prefix": ["Fail", "Time"]}}]},
        {"status": [{"anything-but": {"suffix": "ed"}}]},
        {"status": [{"exists": True}]},
        {"missing": [{"exists": False}]},
        {"parameters": {"Other": [{"exists": False}]}},
        {"parameters": {"TaskToken": [{"exists": True}]}},
        {"parameters": {"TaskToken": [{"anything-but": ""}]}},
        {"parameters": {"TaskToken": [{"anything-but": [""]}]}},
        {"parameters": {"TaskToken": ["abc="]}},
        {"nested": {"deep": {"flag": [True]}}},
        {"count": [{"numeric": [">", 2, "<=", 3]}]},
        {"nothing": [None]},
        {"$or": [{"status": ["Failed"]}, {"count": [3]}]},
        {"status": ["Success"], "$or": [{"nested": {"deep": {"flag": [False]}}}, {"document-name": [{"prefix": "O"}]}]},
        {"status": ["Failed", {"prefix": "Succ"}]},
    ],
)
def test_matches(detail: dict[str, Any]):
    assert matches({"detail": detail})


@pytest.mark.parametrize(
    "detail",
    [
        {"document-name": [{"prefix": "ops_"}]},
        {"document-name": [{"prefix": "Other_"}, "Ops"]},
        {"status": ["Failed", "Cancelled"]},
        {"status": [{"anything-but": ["Failed", "Success"]}]},
        {"status": [{"anything-but": {"prefix": "Suc"}}]},
        {"status": [{"anything-but": {"prefix": ["Fail", "Suc"]}}]},
        {"missing": [{"anything-but": "x"}]},
        {"status": [{"exists": False}]},
        {"missing": [{"exists": True}]},
        {"parameters": {"TaskToken": [{"exists": False}]}},
        {"parameters": {"TaskToken": [{"anything-but": "abc="}]}},
        {"parameters": {"Empty": [{"anything-but": ""}]}},
        {"nested": {"deep": {"flag": ["true"]}}},
        {"nested": {"deep": ["x"]}},
        {"count": ["3"]},
        {"nothing": [{"prefix": ""}]},
        {"$or": [{"status": ["Failed"]}, {"count": [4]}]},
        {"status": ["Failed"], "$or": [{"count": [3]}, {"count": [4]}]},
    ],
)
def test_does_not_match(detail: dict[str, Any]):
    assert not matches({"detail": detail})


def test_or_at_the_top():
    assert matches({"$or": [{"detail-type": ["Other"]}, {"detail-type": [{"prefix": "Cha"}]}]})
    assert not matches({"$or": [{"detail-type": ["Other"]}, {"source": ["aws.states"]}]})
