"""Only Slack's own response URLs of the expected team are posted to."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack import response_url

TEAM = "T0123"
GOOD = "https://hooks.slack.com/commands/T0123/397700885554/96rGlfmibIGlgcZRskXaIFfN"


@pytest.mark.parametrize(
    "url",
    [
        GOOD,
        GOOD.replace("slack.com", "slack-gov.com"),
        GOOD.replace("commands", "actions"),
        "https://hooks.slack.com/commands/T0123/1",
    ],
)
def test_slacks_own_are_accepted(url):
    assert response_url.refusal(url, {TEAM}) is None


def test_any_of_the_owners_may_be_in_the_path():
    url = GOOD.replace("T0123", "E0456")
    assert response_url.refusal(url, {TEAM, "E0456"}) is None
    assert response_url.refusal(url, {TEAM}) == response_url.OTHER_TEAM
    assert response_url.owner(url) == "E0456"


@pytest.mark.parametrize("team", ["T01234", "T012", "T0124", "XT0123"])
@pytest.mark.parametrize("kind", ["commands", "actions"])
def test_another_team_is_refused(team, kind):
    assert (
        response_url.refusal(GOOD.replace("T0123", team).replace("commands", kind), {TEAM}) == response_url.OTHER_TEAM
    )


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "hooks.slack.com.example.com",
        "slack.com",
        "xhooks.slack.com",
        "hooks.slack.co",
        "169.254.169.254",
        "localhost",
    ],
)
def test_another_host_is_refused(host):
    url = GOOD.replace("hooks.slack.com", host)
    assert response_url.refusal(url, {TEAM}) == response_url.OTHER_HOST
    assert response_url.owner(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/commands/T0123/1",
        GOOD.replace("https", "http"),
        GOOD.replace("https", "HTTPS"),
        GOOD.replace("hooks.slack.com", "hooks.slack.com:443"),
        GOOD.replace("hooks.slack.com", "hooks.slack.com:"),
        GOOD.replace("hooks.slack.com", "HOOKS.slack.com"),
        GOOD.replace("hooks.slack.com", "hooks.slack.com@example.com"),
        GOOD.replace("hooks.slack.com", "user:pass@hooks.slack.com"),
        GOOD.replace("hooks.slack.com", "example.com\\@hooks.slack.com"),
        GOOD.replace("hooks.slack.com", "example.com#@hooks.slack.com"),
        GOOD.replace("hooks.slack.com", "hooks.slack.com%00.example.com"),
        GOOD.replace("hooks.slack.com", "ｈooks.slack.com"),
        GOOD.replace("hooks.slack.com", "[::1]"),
        GOOD.replace("//", "/\\"),
        GOOD + "/../../../services/T0/B0/x",
        GOOD + "/%2e%2e",
        GOOD + "?next=https://example.com",
        GOOD + "#fragment",
        GOOD + "\n",
        GOOD + "\r\nHost: example.com",
        GOOD + " ",
        " " + GOOD,
        GOOD + "/",
        "https://hooks.slack.com/commands/T0123",
        "https://hooks.slack.com/commands//T0123/1",
        "https://hooks.slack.com/services/T0123/1",
        "https://hooks.slack.com/actions",
        "https://hooks.slack.com/actions//T0123/1",
        "https://hooks.slack.com/commands/actions/T0123/1",
        "https://hooks.slack.com/workflows/T0123/1",
        "file:///commands/T0123/1",
    ],
)
def test_anything_else_is_malformed(url):
    assert response_url.refusal(url, {TEAM}) == response_url.MALFORMED


@given(st.text(max_size=20), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
def test_whatever_is_accepted_leads_to_slack_and_the_team(inserted, start, end):
    url = GOOD[: min(start, end)] + inserted + GOOD[max(start, end) :]
    if response_url.refusal(url, {TEAM}) is None:
        split = urlsplit(url)
        assert (split.scheme, split.query, split.fragment) == ("https", "", "")
        assert split.netloc in {"hooks.slack.com", "hooks.slack-gov.com"}
        assert split.path.startswith(("/commands/T0123/", "/actions/T0123/"))
        assert ".." not in split.path


def test_gov_slack_is_told_apart():
    assert response_url.is_gov(GOOD.replace("slack.com", "slack-gov.com"))
    assert not response_url.is_gov(GOOD)
