"""`python -m tests.fuzz [SECONDS] [TARGET …]`: coverage-guided fuzzing of what strangers can send, target by target.

`make fuzz` installs what it takes. What a run finds out about the code (the corpus) is kept in `.hypothesis/fuzz`, and
the next one goes on from there; an input that breaks a promise is kept beside it.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.seeds import WORDS
from tests.fuzz.targets import TARGETS

KEPT = Path(__file__).parents[2] / ".hypothesis" / "fuzz"
SECONDS = 60

_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_COVERAGE = re.compile(r"cov: (\d+)")


def main(arguments: list[str]) -> int:
    """Fuzz each target; 1 if something was found, 2 if there is no fuzzer."""
    if importlib.util.find_spec("atheris") is None:
        return _say("atheris is not there: make fuzz installs it and calls this", code=2)
    seconds = int(arguments[0]) if arguments else SECONDS
    failed = [name for name in arguments[1:] or TARGETS if not _fuzz(name, seconds)]
    if failed:
        return _say(f"promises broken: {', '.join(failed)}", code=1)
    return _say("no promise broken")


def _fuzz(name: str, seconds: int) -> bool:
    corpus, found = KEPT / name, KEPT / f"found-{name}-"
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words"
        words.write_text("".join(f'"{_quoted(word)}"\n' for word in WORDS), encoding="utf-8")
        given = Path(folder) / "seeds"
        given.mkdir()
        for number, seed in enumerate(TARGETS[name].seeds):
            (given / str(number)).write_bytes(seed)
        options = [
            *(f"-max_total_time={seconds}", f"-dict={words}", f"-artifact_prefix={found}"),
            *("-max_len=8192", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"),
        ]
        command = [sys.executable, "-m", "tests.fuzz.one", name, *options, str(corpus), str(given)]
        done = subprocess.run(
            command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    executions, coverage = _EXECUTIONS.search(done.stdout), _COVERAGE.findall(done.stdout)
    if done.returncode == 0 and executions is not None and int(executions[1]) > len(TARGETS[name].seeds):
        _say(f"{name}: {int(executions[1]):,} executions, {coverage[-1]} edges")
        return True
    _say(done.stdout[-6_000:])
    for path in KEPT.glob(f"{found.name}*"):
        _say(f"{name}: to repeat it: make fuzz TARGET={name} INPUT={path}")
    return False


def _quoted(word: str) -> str:
    """As libFuzzer's dictionaries have it: https://llvm.org/docs/LibFuzzer.html#dictionaries."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\x{byte:02x}" for byte in word.encode()
    )


def _say(text: str, *, code: int = 0) -> int:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
