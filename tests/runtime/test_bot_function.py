"""A user's plain function of a bot behind Lambda."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import chatops_runtime
from chatops_runtime import ScheduledRun, user_function
from chatops_runtime.bot_function import handler

EVENT = {
    "version": 1,
    "kind": "scheduled",
    "bot": "Ops/Standup",
    "scheduled_at": "2026-11-22T23:30:00Z",
    "started_at": "2026-11-22T23:30:01.123Z",
    "time_zone": "Asia/Tokyo",
    "channel_id": "C0TEAM",
    "request_id": "at-2026-11-22T233000Z",
}


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Call a function of the given source through Lambda's handler."""

    def call(source: str, event: object = EVENT) -> dict[str, Any] | None:
        (tmp_path / "standup.py").write_text(f"from chatops_runtime import Reply, ScheduledRun\n{source}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setenv("CHATOPS_HANDLER", "standup.remind")
        monkeypatch.delitem(sys.modules, "standup", raising=False)
        user_function.load.cache_clear()
        return handler(event, object())  # type: ignore[arg-type] # what is no event is tried as well

    yield call
    sys.modules.pop("standup", None)
    user_function.load.cache_clear()


@pytest.mark.parametrize(
    ("returned", "answer"),
    [
        ("Reply(f'{run.local_time:%A %H:%M}')", {"text": "Monday 08:30"}),
        ("f'{run.bot} in {run.channel_id}'", {"text": "Ops/Standup in C0TEAM"}),
        ("None", None),
        (
            "Reply(blocks=[{'type': 'divider'}], text=run.request_id)",
            {"text": "at-2026-11-22T233000Z", "blocks": [{"type": "divider"}]},
        ),
    ],
)
def test_a_scheduled_time_is_what_the_function_is_called_with(call, returned, answer):
    assert call(f"def remind(run: ScheduledRun): return {returned}") == answer


def test_a_run_by_hand_has_no_scheduled_time_and_a_local_one_all_the_same(call):
    source = "def remind(run): return f'{run.scheduled_at} {run.local_time:%H:%M:%S}'"
    assert call(source, {**EVENT, "scheduled_at": ""}) == {"text": "None 08:30:01"}


def test_local_time_follows_the_clocks_when_they_change():
    before = ScheduledRun.for_test(datetime(2026, 3, 27, 8, 0, tzinfo=timezone.utc), time_zone="Europe/Berlin")
    after = ScheduledRun.for_test(datetime(2026, 3, 30, 7, 0, tzinfo=timezone.utc), time_zone="Europe/Berlin")
    assert (before.local_time.hour, after.local_time.hour) == (9, 9)


def test_a_run_for_tests_takes_what_matters():
    run = ScheduledRun.for_test()
    assert run.scheduled_at == run.started_at == run.local_time
    assert f"{run.local_time:%A %H:%M}" == "Monday 09:00"
    tokyo = timezone(timedelta(hours=9))
    given = ScheduledRun.for_test(datetime(2026, 1, 6, 9, 0, tzinfo=tokyo), channel_id="C1")
    assert (given.scheduled_at, given.channel_id) == (datetime(2026, 1, 6, tzinfo=timezone.utc), "C1")
    assert ScheduledRun.for_test(None).scheduled_at is None


@pytest.mark.parametrize("name", ["scheduled_at", "started_at"])
def test_a_time_without_a_zone_is_refused(name):
    with pytest.raises(ValueError, match=f"^ScheduledRun.for_test: {name} is .* without a time zone: give it tzinfo"):
        ScheduledRun.for_test(**{name: datetime(2026, 1, 6, 9, 0)})  # type: ignore[arg-type] # one of them is a time


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({**EVENT, "version": 2}, "of the kind 'scheduled' and of version 2"),
        ({**EVENT, "kind": "guess"}, "of the kind 'guess' and of version 1"),
        ({}, "of the kind None and of version None"),
        (None, "of the kind None"),
        ("text", "of the kind None"),
    ],
)
def test_another_event_is_explained(call, event, told):
    with pytest.raises(ValueError, match="the function is to be invoked by a bot's state machine") as caught:
        call("def remind(run): return None", event)
    assert told in str(caught.value)


@pytest.mark.parametrize("returned", ["3", "{'text': 'x'}", "['x']"])
def test_another_type_is_refused_by_name(call, returned):
    with pytest.raises(TypeError, match=r"^standup.remind answered with a value of type \w+: return a Reply, a str"):
        call(f"def remind(run): return {returned}")


def test_an_exception_of_the_function_stays_its_own(call):
    with pytest.raises(ZeroDivisionError):
        call("def remind(run): return 1 / 0")


def test_a_bot_loads_what_its_own_kind_needs_only():
    program = (
        "import json, sys; from chatops_runtime.bot_function import handler;"
        "print(json.dumps([name for name in sys.modules if name.startswith('chatops_runtime.bot_function.')]))"
    )
    source = Path(chatops_runtime.__file__).parent.parent
    finished = subprocess.run([sys.executable, "-c", program], cwd=source, check=True, capture_output=True, text=True)
    assert json.loads(finished.stdout) == ["chatops_runtime.bot_function.invocation"]
