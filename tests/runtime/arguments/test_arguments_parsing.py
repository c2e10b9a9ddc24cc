"""What was typed after a command becomes values, or an error that says what is wrong."""

import pytest

from chatops_runtime.arguments import parse
from tests.runtime.arguments.declared import declared, wrong

RESTART = [
    declared("service", "choice", required=True, choices=["nginx", "app"]),
    declared("since", "duration", most=86_400),
    declared("dry_run", "flag"),
]
NOTE = [declared("stage", "choice", required=True, choices=["dev", "prod"]), declared("why", "text", rest=True)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("nginx", {"service": "nginx", "dry_run": False}),
        ("nginx 3h", {"service": "nginx", "since": 10_800, "dry_run": False}),
        ("nginx --since 3h --dry-run", {"service": "nginx", "since": 10_800, "dry_run": True}),
        ("--dry_run --since=3h nginx", {"service": "nginx", "since": 10_800, "dry_run": True}),
        ("--service=app 1h30m", {"service": "app", "since": 5_400, "dry_run": False}),
        ("  'nginx'\t\n\"3h\" ", {"service": "nginx", "since": 10_800, "dry_run": False}),
        ("nginx --", {"service": "nginx", "dry_run": False}),
        ("nginx -- 3h", {"service": "nginx", "since": 10_800, "dry_run": False}),
        ("", {"service": None, "dry_run": False}),
        ("--since 3h", {"service": None, "since": 10_800, "dry_run": False}),
    ],
)
def test_in_places_by_name_and_mixed(text, values):
    assert parse(RESTART, text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("\u201cnginx\u201d \u2018 3h \u2019", {"service": "nginx", "since": 10_800, "dry_run": False}),
        ("nginx\xa03h", {"service": "nginx", "since": 10_800, "dry_run": False}),
        ("nginx \u2014since 3h \u2013dry-run", {"service": "nginx", "since": 10_800, "dry_run": True}),
        ("\u201enginx\u201c \u2014since=3h", {"service": "nginx", "since": 10_800, "dry_run": False}),
        ("nginx\u3000３h", {"service": "nginx", "since": 10_800, "dry_run": False}),
    ],
)
def test_what_clients_made_of_quotes_dashes_and_blanks_is_repaired(text, values):
    assert parse(RESTART, text) == values


def test_what_is_given_by_its_name_only_takes_no_place():
    since, service = declared("since", "duration", named=True), RESTART[0]
    assert parse([since, service], "app --since 3h") == {"since": 10_800, "service": "app"}
    assert "`service` cannot be `3h`" in wrong([since, service], "3h app")


def test_an_ellipsis_and_a_dash_between_numbers_stay():
    assert parse([declared("it", "text")], "'1\u20135 …'") == {"it": "1\u20135 …"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ngnix", "`service` cannot be `ngnix`: it is one of `nginx`, `app`. Did you mean `nginx`?"),
        ("Nginx", "`service` cannot be `Nginx`: it is one of `nginx`, `app`. Did you mean `nginx`?"),
        ("''", "`service` cannot be ` `: it is one of `nginx`, `app`."),
        ("nginx 3h more", "`more` is one too many."),
        ("nginx 3h -dry-run", "`-dry-run` is one too many. Did you mean `--dry-run`?"),
        ("nginx --sinc 3h", "There is no `--sinc`. Did you mean `--since`?"),
        ("nginx --zzz", "There is no `--zzz`."),
        ("nginx --since", "`--since` needs a value after it."),
        ("nginx --since --dry-run", "`--since` needs a value after it."),
        ("nginx --dry-run=true", "`--dry-run` takes no value: give it or leave it out."),
        ("nginx --service app", "`service` is given twice."),
        ("--dry-run --dry-run", "`dry_run` is given twice."),
        ("nginx 'x", "A quote is not closed: '. An apostrophe needs double quotes around its text."),
        ('nginx "x\\"', 'A quote is not closed: ".'),
        ("nginx \\", "The text ends with a backslash, which has to stand before something."),
        ("<!channel>", "`service` cannot be `&lt;!channel&gt;`: it is one of `nginx`, `app`."),
        ("`x`", "`service` cannot be `\u02cbx\u02cb`: it is one of `nginx`, `app`."),
    ],
)
def test_what_is_wrong_is_said(text, said):
    assert wrong(RESTART, text) == said


def test_what_is_missing_is_said_at_once():
    needed = [declared("count", "integer", required=True), declared("who", "user", required=True), *RESTART]
    assert wrong(needed, "") == "`count`, `who` are missing."
    assert wrong(needed, "--count 3") == "`who` is missing."


def test_nothing_declared_takes_nothing():
    assert parse([], " ") == {}
    assert wrong([], "x") == "`x` is one too many."


def test_a_default_stands_for_what_is_absent():
    count = declared("count", "integer", default=10)
    assert parse([count], "") == {"count": 10}
    assert parse([count], "3") == {"count": 3}
    stage = declared("stage", "choice", choices=["dev", "prod"], default="dev")
    assert parse([stage], "") == {"stage": "dev"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("prod it's broken, isn't it", "it's broken, isn't it"),
        ("prod  two  blanks \n and a line ", "two  blanks \n and a line"),
        ('prod "as a whole"', "as a whole"),
        ("prod 'a' and 'b'", "'a' and 'b'"),
        ('prod "a" and "b"', '"a" and "b"'),
        ("prod --why=because of --force", "because of --force"),
        ("prod --why because", "because"),
        ("prod -- --force", "--force"),
        ("prod \\", "\\"),
    ],
)
def test_prose_takes_all_that_is_left(text, why):
    assert parse(NOTE, text) == {"stage": "prod", "why": why}


def test_values_come_in_the_order_of_their_declarations():
    assert list(parse(RESTART, "--dry-run --since 3h --service app")) == ["service", "since", "dry_run"]


def test_a_long_word_is_cut_where_it_is_shown():
    assert len(wrong(RESTART, "x" * 5_000)) < 250


def test_many_choices_are_not_all_listed():
    hundred = [declared("shard", "choice", required=True, choices=[f"shard-{number}" for number in range(100)])]
    said = wrong(hundred, "shard-100")
    assert "`shard-19` and 80 more." in said
    assert said.endswith(" Did you mean `shard-10`?")
