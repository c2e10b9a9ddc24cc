"""What functions take the time to be, when the local cloud says that it is another one."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from chatops_local.server import Server
from tests.local.ministack.stacks import ACCOUNT, WRITE_LOGS, deploy, function, invoke, machine, output_of, role, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = """
import copy, datetime, os, pickle, sys, time
from datetime import datetime as Datetime
from time import time as now

loaded = time.time()

class Mine(Datetime):
    pass

def handler(event, context):
    if event["ask"] == "clocks":
        local = time.strptime(time.ctime())
        return {
            "time": now(), "ns": time.time_ns() / 1e9, "now": Datetime.now(datetime.timezone.utc).timestamp(),
            "local": Datetime.now().timestamp(), "today": Datetime.today().timestamp(),
            "utc": Datetime.utcnow().replace(tzinfo=datetime.timezone.utc).timestamp(),
            "gmtime": time.mktime(time.gmtime()), "localtime": time.mktime(time.localtime()),
            "strftime": float(time.strftime("%s")), "ctime": time.mktime(local),
            "asctime": time.mktime(time.strptime(time.asctime())),
            "date": time.mktime(datetime.date.today().timetuple()),
        }
    if event["ask"] == "types":
        moment, parsed = Datetime.now(), datetime.datetime.strptime("2026", "%Y")
        later = moment + datetime.timedelta(1)
        made_by_c = datetime.datetime.min
        return {
            "instances": [isinstance(each, datetime.datetime) for each in (moment, parsed, later, made_by_c)],
            "dates": [isinstance(moment, datetime.date), isinstance(datetime.date.today(), datetime.datetime)],
            "subclasses": [issubclass(Datetime, datetime.date), issubclass(datetime.date, Datetime)],
            "of_a_subclass": [isinstance(Mine.now(), Mine), isinstance(moment, Mine), issubclass(Datetime, Mine)],
            "copies": [pickle.loads(pickle.dumps(moment)) == moment, copy.deepcopy(moment) == moment],
            "given": [time.gmtime(0).tm_year, time.strftime("%Y", time.gmtime(0)), time.ctime(0)[-4:]],
        }
    if event["ask"] == "limit":
        before = context.get_remaining_time_in_millis()
        time.sleep(event.get("seconds", 0))
        return [before, context.get_remaining_time_in_millis()]
    if event["ask"] == "process":
        started = {"argv": sys.argv[1:], "path": sys.path[:2], "directory": os.getcwd()}
        return {"pid": os.getpid(), "started": started, "loaded": loaded}
    if event["ask"] == "caller":
        import boto3
        return boto3.client("sts").get_caller_identity()["Arn"]
"""
HOUR = 3600.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One of its own, since clocks do not go back to where they were."""
    with Server.start() as started:
        yield started


@pytest.fixture(scope="module")
def name(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    resources = {"Role": role("lambda", WRITE_LOGS), "Function": function(CODE, "Role", Timeout=20)}
    stack = deploy(server, tmp_path_factory.mktemp("clocks"), "Clocks", resources)
    return stack.resource("Function")


@pytest.fixture
def ask(server: Server, name: str) -> Any:
    def asked(what: str, **more: Any) -> Any:
        answer = invoke(server, name, {"ask": what, **more})
        assert answer["error"] is None, answer
        return answer["payload"]

    return asked


def test_the_runtime_client_starts_as_it_does_otherwise(server: Server, ask: Any):
    found = [ask("process")["started"]]
    server.shift_clocks(HOUR)
    found.append(ask("process")["started"])
    assert found[0] == found[1]


@pytest.mark.parametrize("ahead", [10 * HOUR, -40 * 24 * HOUR, 0.0], ids=["hours ahead", "weeks behind", "as it is"])
def test_every_clock_of_python_is_shifted(server: Server, ask: Any, ahead: float):
    server.shift_clocks(ahead)
    began = time.time() + ahead
    clocks = ask("clocks")
    date = clocks.pop("date")
    assert {
        name: began - 1.5 < seconds < time.time() + ahead + 0.5 for name, seconds in clocks.items()
    } == dict.fromkeys(clocks, True)
    assert datetime.fromtimestamp(date, timezone.utc).date() == datetime.fromtimestamp(began, timezone.utc).date()


def test_state_machines_reckon_with_the_same_time(server: Server, tmp_path: Path):
    """Of what is left until a deadline, say, from the start of the execution and the time that it is."""
    began = "$toMillis($states.context.Execution.StartTime)"
    output = {
        "left": f"{{% {began} + 5000 - $millis() %}}",
        "now": "{% $toMillis($now()) %}",
        "then": "{% $now('[Y]') %}",
    }
    states = {"Look": {"Type": "Pass", "Output": output, "End": True}}
    stack = deploy(server, tmp_path, "Reckons", {"Role": role("states"), "Machine": machine("Role", states)})
    for ahead in (10 * HOUR, 900 * 24 * HOUR):
        server.shift_clocks(ahead)
        at = time.time() + ahead
        reckoned = output_of(run(server, stack.resource("Machine")))
        assert 0 < reckoned["left"] <= 5000
        assert at - 1 < reckoned["now"] / 1000 < at + 60
        assert reckoned["then"] == str(datetime.fromtimestamp(at, timezone.utc).year)


def test_a_warm_process_sees_it_too(server: Server, ask: Any):
    server.shift_clocks(HOUR)
    process = ask("process")
    first = ask("clocks")["time"]
    server.shift_clocks(2 * HOUR)
    assert ask("process")["pid"] == process["pid"]
    assert HOUR < ask("clocks")["time"] - first < HOUR + 60
    assert process["loaded"] < first


def test_dates_stay_what_they_are(server: Server, ask: Any):
    server.shift_clocks(HOUR)
    assert ask("types") == {
        "instances": [True] * 4,
        "dates": [True, False],
        "subclasses": [True, False],
        "of_a_subclass": [True, False, False],
        "copies": [True, True],
        "given": [1970, "1970", "1970"],
    }


def test_the_time_limit_of_an_invocation_is_not_shifted(server: Server, ask: Any):
    server.shift_clocks(HOUR)
    before, after = ask("limit", seconds=0.2)
    assert 19_000 < before <= 20_000
    assert 150 < before - after < 5_000


@pytest.mark.parametrize("years", [-20, 20])
def test_calls_are_signed_with_it_and_let_in(server: Server, ask: Any, years: int):
    server.shift_clocks(years * 365 * 24 * HOUR)
    assert "assumed-role" in ask("caller")


def test_a_call_that_is_signed_by_another_clock_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch):
    server.shift_clocks(HOUR)
    sts = server.client("sts")
    for hours, admitted in ((0, True), (1, True), (2.5, False)):
        moment = datetime.now(timezone.utc) + timedelta(hours=hours)
        monkeypatch.setattr("botocore.auth.get_current_datetime", lambda moment=moment: moment)
        if admitted:
            assert sts.get_caller_identity()["Account"] == ACCOUNT
            continue
        with pytest.raises(ClientError, match="Signature not yet current"):
            sts.get_caller_identity()
