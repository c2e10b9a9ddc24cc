"""What a process leaves running when it is killed."""

import os
import signal
import subprocess
import sys
import time

STARTER = """
import subprocess, sys, time
from chatops_local.reaper import REAPER
started = [subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2)]
for each in started:
    REAPER.watch(each.pid)
REAPER.forget(started[1].pid)
print(*(each.pid for each in started), flush=True)
time.sleep(60)
"""


def runs(pid: int) -> bool:
    """One that nobody has waited for yet does not run any more."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_a_process_that_is_killed_leaves_nothing_running_but_what_it_took_back():
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        watched, forgotten = map(int, starter.stdout.readline().split())
        try:
            assert runs(watched)
            starter.send_signal(signal.SIGKILL)
            deadline = time.monotonic() + 10
            while runs(watched):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert runs(forgotten)
        finally:
            os.kill(forgotten, signal.SIGKILL)
