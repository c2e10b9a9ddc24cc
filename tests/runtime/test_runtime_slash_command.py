"""The slash command's form: https://docs.slack.dev/interactivity/implementing-slash-commands."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatops_runtime.slack import slash_command
from chatops_runtime.slack.slash_command import MalformedCommandError, is_ssl_check, normalised, parse
from tests.runtime.slack_requests import APP, RESPONSE_URL, TEAM, form


def test_every_field_arrives():
    command = parse(form(text="web", enterprise_id="E0123"))
    assert (command.command, command.text) == ("/ps", "web")
    assert (command.team_id, command.enterprise_id, command.app_id) == (TEAM, "E0123", APP)
    assert (command.channel_id, command.channel_name) == ("C0123OPS", "ops")
    assert (command.user_id, command.user_name) == ("U0123TARO", "taro")
    assert command.response_url == RESPONSE_URL


def test_slacks_own_sample_is_read():
    body = (
        b"token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T0001&team_domain=example&enterprise_id=E0001"
        b"&enterprise_name=Globular%20Construct%20Inc&channel_id=C2147483705&channel_name=test&user_id=U2147483697"
        b"&user_name=Steve&command=/weather&text=94070&response_url=https://hooks.slack.com/commands/1234/5678"
        b"&trigger_id=13345224609.738474920.8088930838d88f008e0&api_app_id=A123456"
    )
    assert parse(body).text == "94070"


@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        (b"", ""),
        (b"a+b", "a b"),
        (b"a%2Bb", "a+b"),
        (b"100%25", "100%"),
        (b"a%26b%3Dc", "a&b=c"),
        ("再起動 🚀".encode(), "再起動 🚀"),
        (b"%E5%86%8D%F0%9F%9A%80", "再🚀"),
        (b"a%3Bb;c", "a;b;c"),
        (b"+a++b+", "a  b"),
        (b"%C2%A0web%C2%A01%C2%A0", "web 1"),
        (b"%E3%80%80web", "web"),
    ],
)
def test_text_arrives_unharmed(encoded, text):
    assert parse(form(text=None) + b"&text=" + encoded).text == text


def test_a_missing_text_is_an_empty_one():
    assert not parse(form(text=None)).text


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_arrives_normalised_and_nothing_else(text):
    assert parse(form(text=text)).text == normalised(text)


@given(st.dictionaries(st.text("abcdef_", min_size=1, max_size=8), st.text(max_size=5), max_size=5))
def test_further_fields_do_no_harm(further):
    further = {name: value.replace("\0", "").encode("utf-8", "replace") for name, value in further.items()}
    extra = {name: value for name, value in further.items() if name != "text"}
    body = form() + (b"&" + urlencode(extra).encode() if extra else b"")
    assert parse(body).command == "/ps"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", slash_command.NOT_A_FORM),
        (b"nonsense", slash_command.NOT_A_FORM),
        (b'{"json": true}', slash_command.NOT_A_FORM),
        (form() + b"&&", slash_command.NOT_A_FORM),
        (b"&".join(b"f%d=1" % number for number in range(200)), slash_command.NOT_A_FORM),
        (form() + b"&x=\xff", slash_command.NOT_UTF8),
        (form() + b"&x=%ff", slash_command.NOT_UTF8),
        (form() + b"&x=%ed%a0%80", slash_command.NOT_UTF8),
        (form(text="a\0b"), slash_command.HOLDS_NUL),
        (form() + b"&user_id=U2", slash_command.FIELD_REPEATED),
        (form() + b"&text=", slash_command.FIELD_REPEATED),
    ],
)
def test_a_malformed_body_has_a_name(body, name):
    with pytest.raises(MalformedCommandError) as caught:
        parse(body)
    assert caught.value.name == name


@pytest.mark.parametrize("field", ["team_id", "api_app_id", "channel_id", "user_id", "command", "response_url"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_required_field_is_named_when_it_is_missing(field, value):
    with pytest.raises(MalformedCommandError) as caught:
        parse(form(**{field: value}))
    assert (caught.value.name, caught.value.field) == (slash_command.FIELD_MISSING, field)


@pytest.mark.parametrize("field", ["team_id", "api_app_id", "channel_id", "user_id", "enterprise_id"])
@pytest.mark.parametrize("value", ["t0123", "T", "T01 23", "<!channel>", "T0123\n", "Ｔ0123", "T" + "0" * 40, "*"])
def test_an_id_of_another_shape_is_refused(field, value):
    with pytest.raises(MalformedCommandError, match=f"^field_malformed: {field}$"):
        parse(form(**{field: value}))


@pytest.mark.parametrize("command", ["ps", "/", "/p s", "/<!channel>", "/`", "/" + "x" * 100])
def test_a_command_of_another_shape_is_refused(command):
    with pytest.raises(MalformedCommandError, match=r"^field_malformed: command$"):
        parse(form(command=command))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_malformed_and_not_quoted(body):
    with pytest.raises(MalformedCommandError) as caught:
        parse(body)
    name, _, field = str(caught.value).partition(": ")
    assert name in {
        slash_command.NOT_A_FORM,
        slash_command.NOT_UTF8,
        slash_command.HOLDS_NUL,
        slash_command.FIELD_REPEATED,
        slash_command.FIELD_MISSING,
    }
    assert field in {"", "team_id"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"ssl_check=1&token=abc", True),
        (b"token=abc&ssl_check=1", True),
        (b"ssl_check=0", False),
        (b"text=ssl_check%3D1", False),
        (b"xssl_check=1", False),
        (b"", False),
    ],
)
def test_ssl_check_is_a_field_of_its_own(body, expected):
    assert is_ssl_check(body) is expected
