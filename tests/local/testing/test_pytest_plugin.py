"""The pytest plugin in a session of its own: the tests that docs/testing-your-commands.md shows, and some that fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "testing-your-commands.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

WITH_FAILURES = """
def test_one_app_is_one_cloud(local_cloud, slack):
    assert local_cloud().slack is slack
    assert local_cloud("examples/ops_bot") is local_cloud()


def test_before(slack):
    slack.send("/hello earlier").wait()


def test_wrong_text(slack):
    (message,) = slack.send("/hello world").wait()
    assert message.shown == "nothing"


def test_without_a_cloud():
    assert False


def test_no_such_app(local_cloud):
    local_cloud("nowhere")


def test_instances_as_one_text(local_cloud):
    local_cloud(instances="Role=web:2")


def test_clicked(local_cloud):
    slack = local_cloud("infrastructure").slack
    slack.send("/ops clear")
    asked = slack.wait_for(lambda message: any(each.action_id == "chatops.decline" for each in message.controls))
    slack.click(asked, "chatops.decline").wait()
    assert False


def test_denied(local_cloud):
    cloud = local_cloud()
    iam = cloud.server.client("iam")
    for role in iam.list_roles()["Roles"]:
        if "hello" in role["RoleName"].lower():
            for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
                iam.delete_role_policy(RoleName=role["RoleName"], PolicyName=policy)
    sent = cloud.slack.send("/hello again")
    sent.wait()
    assert cloud.problems_of(sent) == []
"""


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("user")
    (folder / "pytest.ini").write_text("[pytest]\nlocal_cloud_app = examples/ops_bot\n")
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / "infrastructure").symlink_to(ROOT / "tests" / "browser" / "operations_app")
    for number, code in enumerate(BLOCK.findall(PAGE.read_text("utf-8"))):
        (folder / f"test_page_{number}.py").write_text(code)
    (folder / "test_with_failures.py").write_text(WITH_FAILURES)
    shown = [f"test_page_{number}.py" for number in range(4)]
    return run_pytest(folder, "-rA", *shown, "test_with_failures.py").stdout


def report_of(test: str, output: str) -> str:
    return re.split(rf"_+ (?:ERROR at setup of )?{test} _+\n", output)[1].partition("\n____")[0]


def test_what_the_page_shows_passes(output: str) -> None:
    blocks = BLOCK.findall(PAGE.read_text("utf-8"))
    tests = [
        (number, name)
        for number, code in enumerate(blocks)
        for name in re.findall(r"^def (test_\w+)", code, re.MULTILINE)
    ]
    assert len(tests) == 4
    for number, name in tests:
        assert f"PASSED test_page_{number}.py::{name}" in output


def test_the_first_test_of_a_user_is_short() -> None:
    first = BLOCK.findall(PAGE.read_text("utf-8"))[0]
    assert len(first.splitlines()) <= 10


def test_the_same_arguments_give_the_same_cloud(output: str) -> None:
    assert "PASSED test_with_failures.py::test_one_app_is_one_cloud" in output


def test_a_failure_tells_what_slack_showed_during_the_test(output: str) -> None:
    report = report_of("test_wrong_text", output)
    assert " local cloud: examples/ops_bot " in report
    assert "/hello world  typed by" in report
    assert "Hello world!" in report
    assert "earlier" not in report


def test_a_failure_tells_who_clicked(output: str) -> None:
    assert re.search(r"\+\d+\.\d s U0LOCALUSER clicks on .+, ack \d+ ms", report_of("test_clicked", output))


def test_a_failure_tells_what_was_denied(output: str) -> None:
    report = report_of("test_denied", output)
    assert "✘ /hello again" in report
    assert re.search(
        r"denied: \S+ may not do lambda:InvokeFunction on arn:aws:lambda:\S+ \(no policy allows it\)", report
    )


def test_a_test_without_a_cloud_is_left_alone(output: str) -> None:
    assert "local cloud" not in report_of("test_without_a_cloud", output)


def test_errors_say_what_to_do(output: str) -> None:
    assert "no such folder; name the folder of a CDK app or its cdk.out" in report_of("test_no_such_app", output)
    assert 'a list is expected, such as ["Role=web:2"]' in report_of("test_instances_as_one_text", output)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from chatops_local import cli\ncli.find_spec = lambda name: None if name == 'ministack' else object()\n"
    )
    (tmp_path / "test_it.py").write_text("def test_it(slack):\n    pass\n")
    assert (
        "ministack not installed; the local cloud comes with the extra `local`: pip install"
        in run_pytest(tmp_path).stdout
    )


def test_a_time_scale_is_a_number_greater_than_0(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, "--local-cloud-time-scale=fast")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "'fast': a number greater than 0 is expected" in done.stderr
