"""How tests and people at the command line name the options of a menu."""

from __future__ import annotations

import pytest

from chatops_local.slack.controls import Control


def menu(*labels: str) -> Control:
    options = [{"text": {"type": "plain_text", "text": each}, "value": f"v{n}"} for n, each in enumerate(labels)]
    return Control("b", {"type": "static_select", "action_id": "a", "options": options})


INSTANCES = menu("web-1 (i-1)", "web-2 (i-2)", "web-3", "web-3 (i-3)", "db (i-4)", "db (i-5)")


@pytest.mark.parametrize(
    ("named", "value"),
    [
        ("web-2 (i-2)", "v1"),
        ("v1", "v1"),
        ("web-2", "v1"),
        ("web-3", "v2"),  # a label as it is comes first
        ("web", None),
        ("db", None),  # which one?
        ("", None),
    ],
)
def test_an_option_is_named_by_its_value_its_label_or_that_without_its_brackets(named, value):
    found = INSTANCES.option(named)
    assert (found and found["value"]) == value
