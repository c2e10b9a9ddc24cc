"""Each kind of argument: what it takes, what it refuses, and how a value is written."""

import pytest

from tests.runtime.arguments.declared import declared, one, wrong


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "42", 42),
        ("integer", "-5", -5),
        ("integer", "+7", 7),
        ("integer", "４２", 42),
        ("integer", "9007199254740991", 9007199254740991),
        ("duration", "3h", 10_800),
        ("duration", "'90 minutes'", 5_400),
        ("duration", "2時間", 7_200),
        ("cidr", "203.0.113.0/24", "203.0.113.0/24"),
        ("cidr", "203.0.113.7", "203.0.113.7/32"),
        ("cidr", "2001:DB8:0::/32", "2001:db8::/32"),
        ("cidr", "2001:db8::1", "2001:db8::1/128"),
        ("cidr", "10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("user", "<@U012AB3CD>", "U012AB3CD"),
        ("user", "<@U012AB3CD|taro>", "U012AB3CD"),
        ("user", "<@U012AB3CD|two words>", "U012AB3CD"),
        ("user", "U012AB3CD", "U012AB3CD"),
        ("channel", "<#C012AB3CD|ops>", "C012AB3CD"),
        ("channel", "<#C012AB3CD>", "C012AB3CD"),
        ("channel", "<#C012AB3CD|>", "C012AB3CD"),
        ("channel", "<C012AB3CD|>", "C012AB3CD"),
        ("time", "3h", "-10800"),
        ("time", "0m", "-0"),
        ("time", "2026-11-22T10:00Z", "2026-11-22T10:00:00Z"),
        ("time", "'2026-11-22 19:00:30+09:00'", "2026-11-22T10:00:30Z"),
        ("time", "2026-11-22T00:30+0900", "2026-11-21T15:30:00Z"),
        ("time", "0001-01-01T00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_value_is_written_in_one_way(kind, text, value):
    assert one(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("integer", "1.5", "a whole number"),
        ("integer", "1e3", "a whole number"),
        ("integer", "0x10", "a whole number"),
        ("integer", "9007199254740992", "a whole number"),
        ("integer", "9" * 5_000, "a whole number"),
        ("integer", "''", "a whole number"),
        ("duration", "3", "a duration such as `30m`, `3h` or `2d`"),
        ("duration", "'3h ago'", "a duration such as"),
        ("duration", "-3h", "a duration such as"),
        ("cidr", "203.0.113.300", "a range of IP addresses such as `203.0.113.0/24`"),
        ("cidr", "203.0.113.7/33", "a range of IP addresses"),
        ("cidr", "fe80::1%eth0", "a range of IP addresses"),
        ("cidr", "203.0.113.7/24", "either the network, `203.0.113.0/24`, or the one address, `203.0.113.7/32`"),
        ("cidr", "example.com", "a range of IP addresses"),
        ("user", "@taro", "a user: type `@` and pick one from the list"),
        ("user", "taro", "a user"),
        ("user", "<@C012AB3CD>", "a user"),
        ("user", "<@u012ab3cd>", "a user"),
        ("user", "<!subteam^S012AB3CD>", "a user"),
        ("user", "<@U012AB3CD><@U0MALLORY>", "a user"),
        ("user", "x<@U012AB3CD>", "a user"),
        ("channel", "#ops", "a channel: type `#` and pick one from the list"),
        ("channel", "<@U012AB3CD>", "a channel"),
        ("channel", "<!channel>", "a channel"),
        (
            "time",
            "2026-11-22T10:00",
            "a time: how long ago, such as `3h`, or with its zone, such as `2026-11-22T10:00Z`",
        ),
        ("time", "2026-02-30T10:00Z", "a time"),
        ("time", "2026-11-22", "a time"),
        ("time", "2026-11-22T10:00+99:00", "a time"),
        ("time", "0001-01-01T00:00+01:00", "a time"),
        ("time", "yesterday", "a time"),
    ],
)
def test_what_it_is_not_is_refused(kind, text, wanted):
    said = wrong([declared("it", kind, required=True)], text)
    assert said.startswith("`it` cannot be `")
    assert f": it is {wanted}" in said


def test_the_name_beside_an_id_is_not_believed():
    assert one("text", "<@U012AB3CD|boss>") == "<@U012AB3CD>"
    assert one("text", "<#C012AB3CD|general>") == "<#C012AB3CD>"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<http://example.com|example.com>", "example.com"),
        ("<mailto:taro@example.com|taro@example.com>", "taro@example.com"),
        ("<https://evil.example|https://bank.example>", "https://evil.example"),
        ("<http://evil.example|bank.example>", "http://evil.example"),
        ("'see <http://example.com|example.com>, now'", "see example.com, now"),
        ("3&lt;5", "3<5"),
        ("&amp;lt;", "&lt;"),
        ("<not a link>", None),
    ],
)
def test_links_are_what_was_typed_and_labels_are_not_believed(text, value):
    if value is None:
        assert "one too many" in wrong([declared("it", "text", required=True)], text)
    else:
        assert one("text", text) == value


def test_a_text_may_be_so_long():
    assert one("text", "x" * 1_000) == "x" * 1_000
    assert wrong([declared("it", "text")], "x" * 1_001) == "`it` may have 1000 characters; what was typed has 1001."
    assert one("text", "xyz", longest=3) == "xyz"
    assert "may have 3 characters" in wrong([declared("it", "text", longest=3)], "xyzz")


def test_a_pattern_is_of_the_whole_text():
    assert one("text", "abc", pattern="[a-c]+") == "abc"
    for text in ("abcd", "'abc\n'", "''"):
        assert "it is text that matches `[a-c]+`" in wrong([declared("it", "text", pattern="[a-c]+")], text)


@pytest.mark.parametrize(
    ("kind", "limits", "good", "bad", "words"),
    [
        ("integer", {"least": 1, "most": 5}, ["1", "5"], ["0", "6"], "a whole number from 1 to 5."),
        ("integer", {"least": 1}, ["1", "500"], ["0", "-1"], "a whole number of at least 1."),
        ("integer", {"most": 5}, ["5", "-100"], ["6"], "a whole number of at most 5."),
        ("duration", {"least": 600, "most": 7200}, ["10m", "2h"], ["9m", "2h1m"], "`2d` from 10m to 2h."),
        ("duration", {"most": 0}, ["0m"], ["1m"], "`2d` of at most 1m."),
    ],
)
def test_limits_are_part_of_it(kind, limits, good, bad, words):
    for text in good:
        assert isinstance(one(kind, text, **limits), int)
    for text in bad:
        assert wrong([declared("it", kind, **limits)], text).endswith(words)


@pytest.mark.parametrize(("family", "good", "bad"), [(4, "10.0.0.0/8", "fc00::/7"), (6, "fc00::/7", "10.0.0.0/8")])
def test_a_range_may_have_to_be_of_one_family(family, good, bad):
    assert one("cidr", good, family=family) == good
    assert f"an IPv{family} range such as" in wrong([declared("it", "cidr", family=family)], bad)
