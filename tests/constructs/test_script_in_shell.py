"""The document's prelude in real shells: the script arrives byte for byte, and so does its environment.

What the agent does is repeated here: it replaces `{{ name }}` and `$$` in the text of the document, joins the lines of
runCommand into a file, and has `sh -c` run that (amazon-ssm-agent, agent/plugins/runscript and agent/parameters).
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatops_constructs.run_command.script_document import _run_command
from chatops_runtime.contracts.script_environment import encode

SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox") if shutil.which(shell)]

# Whatever a script or a person's text may be: any Unicode but NUL, which neither files of ours nor environments hold.
any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# Texts that shells, agents and decoders are known to stumble over, and their neighbours.
awkward = st.sampled_from(
    [
        "$$",
        "{{ Environment }}",
        "{{ssm:/prod/db}}",
        "`id`",
        "$(id)",
        "'",
        '"',
        "\\",
        "\n",
        "\r\n",
        "\n\n",
        "😀",
        "日本",
        "=",
        " ",
    ]
)
text = st.lists(any_text | awkward, max_size=12).map("".join)

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: bytes
    stderr: bytes
    left_behind: list[str]


def as_agent_writes_it(script: str, environment: str) -> str:
    lines = _run_command("test", script).splitlines()  # type: ignore[arg-type]
    replaced = [re.sub(r"\{\{\s*Environment\s*\}\}", environment, line).replace("$$", "$") for line in lines]
    return "\n".join(replaced)


def run(shell: str, script: str, variables: dict[str, str] | None = None) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder, "tmp")
        temporary.mkdir()
        file = Path(folder, "_script.sh")
        file.write_text(as_agent_writes_it(script, encode(variables or {})), encoding="utf-8", newline="")
        file.chmod(0o700)
        command = ["busybox", "sh"] if shell == "busybox" else [shell]
        done = subprocess.run(
            [*command, "-c", str(file)],
            env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary), "LC_ALL": "C.UTF-8"},
            input=b"",
            capture_output=True,
            timeout=30,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr, [path.name for path in temporary.iterdir()])


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@few
@given(rest=text)
def test_a_script_with_a_shebang_arrives_byte_for_byte(shell: str, rest: str) -> None:
    script = f"#!/bin/cat\n{rest}"
    assert run(shell, script) == Run(0, script.encode(), b"", [])


@few
@given(rest=text)
def test_a_script_without_one_arrives_byte_for_byte(shell: str, rest: str) -> None:
    script = f'cat "$0"; exit 7\n{rest}'
    assert run(shell, script) == Run(7, script.encode(), b"", [])


@few
@given(value=text)
def test_an_environment_variable_arrives_byte_for_byte(shell: str, value: str) -> None:
    done = run(
        shell, 'printf %s "$CHATOPS_TEXT"', {"CHATOPS_COMMAND": "/ps", "CHATOPS_TEXT": value, "CHATOPS_USER_ID": "U"}
    )
    assert done == Run(0, value.encode(), b"", [])


def test_many_variables_and_none(shell: str) -> None:
    variables = {f"CHATOPS_{number}": f"{number}\n" for number in range(20)}
    assert run(shell, "env | grep -c ^CHATOPS_", variables).stdout == b"20\n"
    assert run(shell, "env | grep -c ^CHATOPS_").stdout == b"0\n"


def test_nothing_but_those_variables_is_added(shell: str) -> None:
    added = run(shell, "env", {"CHATOPS_TEXT": "x"}).stdout.decode().splitlines()
    names = {line.partition("=")[0] for line in added}
    assert names - {"CHATOPS_TEXT"} <= {"PATH", "TMPDIR", "LC_ALL", "PWD", "OLDPWD", "SHLVL", "_", "SHELL"}


@pytest.mark.parametrize("code", [0, 1, 2, 126, 127, 255])
def test_the_exit_code_is_the_scripts(shell: str, code: int) -> None:
    for shebang in ("", "#!/bin/sh\n"):
        done = run(shell, f"{shebang}echo out; echo err >&2; exit {code}")
        assert done == Run(code, b"out\n", b"err\n", [])


def test_a_script_that_is_killed_fails(shell: str) -> None:
    done = run(shell, "kill -KILL $$")
    assert done.returncode == 128 + signal.SIGKILL
    assert done.left_behind == []


def test_a_script_that_cannot_be_run_fails(shell: str) -> None:
    done = run(shell, "#!/no/such/interpreter\n")
    assert done.returncode in {126, 127}
    assert done.left_behind == []


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("#!/bin/cat\nas it is", b"#!/bin/cat\nas it is"),
        ("#! /usr/bin/env sh\necho $0 | sed 's|.*/||'", b"script\n"),
        ("#!/usr/bin/awk -f\nBEGIN { print 6 * 7 }\n", b"42\n"),
        ("#!/usr/bin/env *\n", b""),
    ],
    ids=["cat", "env", "an argument", "no pattern of files"],
)
def test_an_interpreter_needs_no_right_to_execute_the_file(
    shell: str, script: str, printed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_chmod = as_agent_writes_it(script, "").replace('chmod 700 "$folder/script"\n', "")
    assert "chmod" not in without_chmod
    monkeypatch.setitem(globals(), "as_agent_writes_it", lambda *_: without_chmod)
    assert run(shell, script).stdout == printed


def test_the_shells_options_are_not_the_preludes(shell: str) -> None:
    assert run(shell, 'echo "$-$UNSET"; false; echo on').stdout.splitlines()[1:] == [b"on"]
    flags = run(shell, 'printf %s "$-"').stdout.decode()
    assert not set(flags) & {"e", "u"}


def test_the_umask_is_the_callers(shell: str) -> None:
    before = os.umask(0o027)
    try:
        assert int(run(shell, "umask").stdout, 8) == 0o027
    finally:
        os.umask(before)


def test_the_working_directory_is_the_callers(shell: str) -> None:
    assert run(shell, "pwd").stdout.decode().strip() == os.getcwd()  # noqa: PTH109 - as the shell sees it


def test_nobody_else_may_read_the_script_while_it_runs(shell: str) -> None:
    assert run(shell, 'stat -c %a "$(dirname "$0")"; stat -c %a "$0"').stdout.split() == [b"700", b"700"]


def test_48000_bytes(shell: str) -> None:
    script = 'cat "$0"; exit\n'.ljust(48_000, "#")
    assert run(shell, script).stdout == script.encode()


def test_a_compressed_script(shell: str) -> None:
    script = 'cat "$0"; exit\n' + "# many a comment, 日本\n" * 10_000
    assert run(shell, script).stdout == script.encode()


def test_it_reads_its_own_input_not_the_rest_of_the_prelude(shell: str) -> None:
    assert run(shell, "cat; echo end").stdout == b"end\n"
