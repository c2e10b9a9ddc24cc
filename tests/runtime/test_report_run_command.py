"""What is said of a script's run on instances."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatops_runtime.report.account import Account
from chatops_runtime.report.rendering import render
from chatops_runtime.report.report import Report
from chatops_runtime.slack.text_budget import MESSAGE, units
from tests.runtime.reports import finished, instance, report, run_command


def account_of(result: dict[str, Any], visible: str = "channel", *, files: bool = False) -> Account:
    return render(Report.from_event(report(finished(result), visible=visible)), files=files)


def text_of(result: dict[str, Any], visible: str = "channel") -> str:
    """The first message."""
    message = account_of(result, visible).messages[0]
    assert message.blocks is None
    assert message.visible is None
    return message.text


def test_a_run_that_succeeded_everywhere():
    result = run_command(instance(1, stdout="PID 1\nPID 2\n"), instance(2, stdout="<!channel> & co\n"))
    assert text_of(result) == (
        ":white_check_mark: `/ps` succeeded on 2 of 2 instances (asked by <@U0123TARO>, id `0123456789`)\n"
        "*`web-1`* (`i-00000000000000001`): Success\n"
        "```\nPID 1\nPID 2\n```\n"
        "*`web-2`* (`i-00000000000000002`): Success\n"
        "```\n&lt;!channel&gt; &amp; co\n```"
    )


def test_a_run_that_failed_on_one_instance_shows_that_one_first():
    result = run_command(
        instance(1, stdout="fine"), instance(2, status="Failed", exit_code=3, stdout="out", stderr="no such file")
    )
    assert text_of(result, visible="user") == (
        ":x: `/ps` failed on 1 of 2 instances (id `0123456789`)\n"
        "*`web-2`* (`i-00000000000000002`): Failed with exit code 3\n"
        "```\nout\n```\n"
        "stderr:\n"
        "```\nno such file\n```\n"
        "*`web-1`* (`i-00000000000000001`): Success\n"
        "```\nfine\n```"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "Failed", "exit_code": 127}, "Failed with exit code 127"),
        ({"status": "ExecutionTimedOut"}, "ExecutionTimedOut: ran longer than 600 s and was stopped"),
        ({"status": "Execution Timed Out"}, "ExecutionTimedOut: ran longer than 600 s and was stopped"),
        (
            {"status": "DeliveryTimedOut"},
            "DeliveryTimedOut: the instance did not take the command within 60 s; or it did,",
        ),
        ({"status": "Undeliverable"}, "Undeliverable: Systems Manager could not deliver the command"),
        ({"status": "AccessDenied"}, "AccessDenied: the command's role may not run it on this instance"),
        ({"status": "InvalidPlatform"}, "InvalidPlatform: the command is not for this instance's operating system"),
        ({"status": "Cancelled"}, "Cancelled: the command was cancelled"),
        ({"status": "Terminated"}, "Terminated: not run, since the command had failed on too many other instances"),
        ({"status": "InProgress"}, "InProgress: not over at the deadline"),
        ({"status": "<New>"}, "&lt;New&gt;: a status that this version does not know"),
    ],
)
def test_every_status_has_its_own_words(changes, words):
    text = text_of(run_command(instance(**changes)))
    assert f"*`web-1`* (`i-00000000000000001`): {words}" in text
    assert text.startswith(":x: `/ps` failed on 1 of 1 instance ")


def test_no_output_is_said():
    assert text_of(run_command(instance(stdout="\n \n"))).endswith(": Success, no output")


def test_what_aws_left_out_is_no_output():
    bare = {"instance_id": "i-1", "name": "web-1", "status": "AccessDenied"}
    assert text_of(run_command(bare)).endswith("on this instance, no output")


def test_an_instance_without_a_name_is_called_by_its_id():
    for name in ("", "i-00000000000000001"):
        assert "\n*`i-00000000000000001`*: Success" in text_of(run_command(instance(name=name)))


def test_a_run_that_was_given_up():
    result = run_command(instance(status="Cancelled"), instance(2), given_up=True, ok=False)
    assert ":x: `/ps` was not over in time and was cancelled; it succeeded on 1 of 2 instances (" in text_of(result)


def test_offline_instances_are_listed_and_count():
    offline = [{"instance_id": "i-9", "name": "web-9", "status": "ConnectionLost"}]
    text = text_of(run_command(instance(stdout="x"), offline=offline))
    assert "succeeded on 1 of 2 instances" in text
    assert text.endswith("*`web-9`* (`i-9`): offline (ConnectionLost), not run")


def test_no_instance_carries_the_tag():
    text = text_of(run_command(ok=False, command_id=None))
    assert text.startswith(":x: `/ps` ran nowhere: no managed instance carries the tag `Role=web` (asked by")
    assert "instance profile" in text


def test_no_instance_has_the_id():
    text = text_of(run_command(ok=False, command_id=None, targets="i-0123456789abcdef0"))
    assert "no managed instance has the id `i-0123456789abcdef0`" in text


def test_no_instance_is_online():
    offline = [{"instance_id": f"i-{number}", "name": "", "status": "ConnectionLost"} for number in range(40)]
    text = text_of(run_command(ok=False, command_id=None, offline=offline))
    assert ":x: `/ps` ran nowhere: no instance of `Role=web` is online" in text
    assert "*`i-14`*: offline (ConnectionLost), not run\n… and 25 more that are offline, not run" in text


def test_many_instances_are_summed_up_after_the_failed_ones():
    instances = [instance(number, stdout="x") for number in range(40)]
    instances[39].update(status="Failed", exit_code=1)
    text = text_of(run_command(*instances))
    assert text.count("(`i-") == 15
    assert text.splitlines()[1] == "*`web-39`* (`i-00000000000000027`): Failed with exit code 1"
    assert text.endswith("… and 25 more: 25 Success\nMore follows.")


def test_output_beyond_the_room_says_how_much_of_it_is_shown_and_where_the_rest_is():
    text = text_of(run_command(instance(stdout="é" * 20_000)))
    shown = text.count("é")
    assert 11_000 < shown < MESSAGE
    assert f"_stdout was cut: the first {shown:,} of 20,000 characters._" in text
    assert text.endswith("\nMore follows.")


@pytest.mark.parametrize(
    "changes",
    [
        {"stdout": "x" * 24_000},  # what GetCommandInvocation gives at most
        {"stdout": "x" * 20_000, "stdout_cut": True},
    ],
)
def test_output_that_was_cut_before_says_that_there_was_more(changes):
    text = text_of(run_command(instance(**changes)))
    assert re.search(r"_stdout was cut: the first 11,\d{3} of more than 2[04],000 characters\._", text)
    assert text.endswith(
        "\nMore follows.\nThe whole output is in the log group `/aws/ssm/ops`, streams "
        "`11111111-2222-3333-4444-555555555555/INSTANCE_ID/…/stdout` and `…/stderr`."
    )


def test_short_output_that_was_cut_before_says_so_too():
    text = text_of(run_command(instance(stdout="abc", stdout_cut=True), log_group=None))
    assert "```\nabc\n```\n_stdout was cut: the first 3 of more than 3 characters._" in text
    assert text.endswith(
        "Systems Manager keeps the first 24,000 characters of each instance's output, under the command "
        "`11111111-2222-3333-4444-555555555555`. To keep all of it, give this command a log group."
    )


def test_output_of_which_nothing_was_kept_says_so():
    text = text_of(run_command(instance(stdout="", stdout_cut=True)))
    assert "\n_stdout was cut: none of it came with the result._\n" in text
    assert "no output" not in text


def test_room_is_shared_fairly():
    text = text_of(
        run_command(
            instance(1, stdout="a" * 20_000), instance(2, stdout="b" * 100), instance(3, stdout="", stderr="d" * 20_000)
        )
    )
    body = text.split("\n", 1)[1]
    assert abs(body.count("aaaaaaaaaa") - body.count("dddddddddd")) <= 1
    assert "b" * 100 in text
    assert "_stderr was cut: the first 5," in text


def test_terminal_escapes_fences_and_bidi_controls_are_harmless():
    text = text_of(run_command(instance(stdout="\x1b[31mred\x1b[0m\n```\n<!channel> \u202eevil\r\n")))
    assert "```\nred\nˋˋˋ\n&lt;!channel&gt; evil\n```" in text


HOSTILE = st.text(st.sampled_from("a&<>`*\n\r\x1b[ \u202e\ud800再🚀\u0301\u200d"), max_size=60)
INSTANCES = st.lists(
    st.fixed_dictionaries(
        {
            "instance_id": HOSTILE,
            "name": HOSTILE | st.none(),
            "status": st.sampled_from(["Success", "Failed", "Undeliverable"]) | HOSTILE,
            "exit_code": st.integers(-1, 255),
            "stdout": st.builds(str.__mul__, HOSTILE, st.sampled_from([1, 10, 500])),
            "stderr": st.builds(str.__mul__, HOSTILE, st.sampled_from([1, 10, 200])),
            "stdout_cut": st.booleans(),
            "stderr_cut": st.booleans(),
        }
    ),
    max_size=6,
).flatmap(lambda some: st.sampled_from([some, some * 10]))


@example(
    instances=[instance(status="```", name="```", instance_id="```")] * 20, offline=[instance(status="```")], files=True
)
@settings(deadline=None, max_examples=60)
@given(
    instances=INSTANCES,
    offline=st.lists(st.fixed_dictionaries({"instance_id": HOSTILE, "name": HOSTILE, "status": HOSTILE}), max_size=20),
    files=st.booleans(),
)
def test_any_result_fits_and_is_harmless(instances, offline, files):
    result = run_command(*instances, offline=offline, ok=False, targets="&" * 300, log_group="/" + "a" * 511)
    account = account_of(result, files=files)
    assert 1 <= len(account.messages) <= 4
    assert (account.file is not None) == (files and len(account.messages) > 1)
    for text in (message.text for message in account.messages):
        assert "cannot be shown" not in text
        assert units(text) <= MESSAGE
        assert set(re.findall("<[^>]*>?", text)) <= {"<@U0123TARO>"}
        assert text.count("```") % 2 == 0
        assert re.sub("&(amp|lt|gt);", "", text).count("&") == 0
        text.encode()


def test_the_largest_result_fits():
    """Fifteen instances whose every part is as long as it may be, and wide when it is escaped."""
    wide = [
        instance(
            number, instance_id="&" * 300, name="<" * 300, status="&" * 300, stdout="&" * 24_000, stderr="&" * 8_000
        )
        for number in range(200)
    ]
    offline = [{"instance_id": "&" * 300, "name": "<" * 300, "status": ">" * 300}] * 200
    account = account_of(run_command(*wide, offline=offline, ok=False, log_group="a" * 512))
    assert len(account.messages) == 4
    for text in (message.text for message in account.messages):
        assert "cannot be shown" not in text
        assert units(text) <= MESSAGE
    assert re.search(r"_[\d,]+ more characters have no room here\._\nThe whole output is in", text)


LINES = "".join(f"line {number:05} <&>\n" for number in range(1_200))
HEADING = "*`web-1`* (`i-00000000000000001`): Success, stdout:\n"


def shown_of(account: Account) -> str:
    """What is in the fences, one after the other, as it was printed."""
    fences = [piece for message in account.messages for piece in re.findall("```\n(.*?)\n```", message.text, re.DOTALL)]
    return "\n".join(fences).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_what_has_no_room_follows_in_more_messages_line_by_line():
    account = account_of(run_command(instance(stdout=LINES)))
    assert account.file is None
    assert len(account.messages) == 3
    first, *others = (message.text for message in account.messages)
    assert first.endswith("\nMore follows.")
    assert all(text.startswith(f"{HEADING}```\n") for text in others)
    assert "log group" not in others[-1]
    fences = [re.findall("```\n(.*?)\n```", text, re.DOTALL)[0] for text in others]
    assert all(line.startswith("line ") for fence in fences[1:] for line in fence.splitlines())
    assert shown_of(account).replace("\n", "") == LINES.replace("\n", "")


def test_what_has_no_room_in_four_messages_is_counted_and_pointed_at():
    wide = [instance(number, stdout="x" * 23_999) for number in range(1, 4)]
    account = account_of(run_command(*wide))
    assert len(account.messages) == 4
    shown = sum(message.text.count("x") for message in account.messages)
    assert f"\n_{3 * 23_999 - shown:,} more characters have no room here._\nThe whole output is in the log group" in (
        account.messages[-1].text
    )
    assert shown > 45_000


@pytest.mark.parametrize(
    ("visible", "announcement"),
    [("channel", "More follows as a file."), ("user", "More follows as a file, in a direct message.")],
)
def test_with_a_token_the_beginning_is_shown_and_all_of_it_is_in_a_file(visible, announcement):
    result = run_command(instance(stdout=LINES, stderr="\x1b[31moh\n"), instance(2, status="Failed", exit_code=3))
    account = account_of(result, visible, files=True)
    assert account.file is not None
    assert account.messages[0].text.endswith(f"\n{announcement}")
    assert units(account.messages[0].text) < 4_000
    assert (account.file.name, account.file.title) == ("ps-0123456789.txt", "/ps (0123456789)")
    assert account.file.text == (
        "===== web-2 (i-00000000000000002): Failed, exit code 3\n\n"
        "===== web-1 (i-00000000000000001): Success, exit code 0\n"
        f"----- stdout\n{LINES}----- stderr\noh\n"
    )


def test_a_file_says_what_is_not_in_it():
    file = account_of(run_command(instance(stdout="x" * 24_000)), files=True).file
    assert file is not None
    assert file.text.endswith("\n----- stdout was longer: this is the beginning of it\n")


def test_output_that_fits_is_no_file():
    assert account_of(run_command(instance(stdout="x" * 11_000)), files=True).file is None


def test_the_output_of_instances_that_are_not_shown_follows_too():
    account = account_of(run_command(*(instance(number, stdout=f"from {number}") for number in range(20))))
    assert "… and 5 more: 5 Success\nMore follows." in account.messages[0].text
    assert account.messages[1].text.count("```\nfrom ") == 5


def test_half_a_character_does_not_keep_the_file_from_slack():
    file = account_of(run_command(instance(name="\ud800", stdout="x" * 13_000)), files=True).file
    assert file is not None
    assert b"x" * 13_000 in file.content
