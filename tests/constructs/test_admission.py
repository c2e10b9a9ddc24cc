"""What happens before a command runs, state by state: menus, who may, whose turn, approval, confirmation."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from chatops_constructs import Allow, Choice, Concurrency, InvokeFunction, RunScript, SlackCredentials
from chatops_constructs.slack.approval import Approval
from chatops_runtime.contracts import commands_table, control
from chatops_runtime.contracts.control import Handle
from chatops_runtime.decide import answers
from chatops_runtime.decide.click import Click
from chatops_runtime.decide.target import Target
from chatops_runtime.decide.turn import Turn
from chatops_runtime.report.asking import card, private_question
from chatops_runtime.report.asking.asked import Asked
from tests.constructs.admission_double import (
    BUSY,
    CARD,
    CLICK,
    AdmissionDouble,
    Answer,
    configuration,
    execution,
    turn_of,
)
from tests.constructs.fake_ssm import FakeInstance, FakeSsm
from tests.constructs.stacks import WEB, Synthesised, add, endpoint, hello_function, new_stack
from tests.constructs.states_language import StateError

APPROVERS = Allow.user("U0ONE", "U0TWO", "U0THREE")


def approval(**options: Any) -> Approval:
    return Approval(**{"by": APPROVERS, "channel": "C0123OPS", "within": cdk.Duration.minutes(10), **options})


@pytest.fixture(scope="module")
def synthesised() -> Synthesised:
    app, stack = new_stack()
    slack = endpoint(stack, credentials=SlackCredentials.from_parameters("/ops/prod", bot_token=True))
    function = InvokeFunction(hello_function(stack))
    services = Choice("service", ["nginx", "app"], help="what is restarted")
    add(slack, "/approved", function, approval=approval())
    add(slack, "/twice", function, approval=approval(quorum=2))
    add(slack, "/confirmed", function, confirm=True)
    add(slack, "/grouped", function, allow=Allow.user_group("S0ADMINS"))
    add(slack, "/one", function, concurrency=Concurrency.ONE)
    add(slack, "/chosen", RunScript("true", targets=WEB), arguments=[services, Choice("stage", ["dev", "prod"])])
    add(slack, "/picked", RunScript("true", targets=WEB.pick(max=2)))
    add(slack, "/script", RunScript("true", targets=WEB), approval=approval())
    add(slack, "/silent", RunScript("true", targets=WEB, completion_signal=False), approval=approval())
    return Synthesised.of(app, stack)


def approved(by: str, **more: Any) -> Answer:
    return Answer({"kind": "approval", "decision": "approved", "by": by}, **more)


def web(count: int = 2, **more: Any) -> FakeSsm:
    return FakeSsm([FakeInstance(f"i-{number:08x}", name=f"web-{number}", **more) for number in range(count)])


class TestApproval:
    def test_is_asked_for_and_then_it_runs(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE")])
        assert double.run(synthesised.definition("_Approved_")) is None
        assert [name for name, _ in double.events] == ["ask", "wait", "close", "report"]
        assert double.result["kind"] == "reply"
        assert double.reported["approved_by"] == double.audited["approved_by"] == ["U0ONE"]
        assert double.audited["outcome"] == "succeeded"
        assert double.of("close")[0]["ending"] == {"state": "approved", "by": ["U0ONE"]}
        assert double.of("close")[0]["card"] == CARD

    def test_the_card_shows_what_will_run(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE")])
        double.run(synthesised.definition("_Approved_"))
        assert double.of("ask")[0]["question"] == {
            "kind": "approval",
            "channel_id": "C0123OPS",
            "by": {"kind": "user", "ids": ["U0ONE", "U0TWO", "U0THREE"]},
            "quorum": 1,
            "until": "2026-11-22T01:13:50Z",
            "frozen": [
                "Function seed, version $LATEST, code SHA-256 c0de",
                "Last changed 2026-11-20T10:00:00.000+0000",
            ],
        }

    def test_the_control_and_the_wait_have_the_same_nonce(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE")])
        double.run(synthesised.definition("_Approved_"))
        (ask,), (wait,) = double.of("ask"), double.of("wait")
        handle = Handle.parse(ask["handle"])
        assert handle is not None
        assert handle.machine in synthesised.definitions()
        assert handle.execution == ask["id"]
        assert handle.nonce == wait["nonce"] != ""
        assert wait["question"] == ask["question"]
        assert wait["token"]

    def test_of_several_counts_distinct_people(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE"), approved("U0ONE"), approved("U0TWO")])
        assert double.run(synthesised.definition("_Twice_")) is None
        assert [wait["approved_by"] for wait in double.of("wait")] == [[], ["U0ONE"], ["U0ONE"]]
        assert len({wait["nonce"] for wait in double.of("wait")}) == 1
        assert double.audited["approved_by"] == ["U0ONE", "U0TWO"]

    def test_all_turns_have_one_deadline(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE", after=550)])
        assert double.run(synthesised.definition("_Twice_")) == "ChatOps.Declined"
        assert double.clock.now == 600
        assert double.result["reason"] == "expired"
        # Who agreed until then is on record.
        assert double.audited["approved_by"] == ["U0ONE"]

    @pytest.mark.parametrize(
        "nothing",
        [
            {"kind": "signal"},
            {"kind": "confirm", "decision": "approved", "by": "U0ONE"},
            {"kind": "approval", "decision": "approved"},
            {"kind": "approval", "decision": "approved", "by": ""},
            {"kind": "approval", "decision": "approved", "by": ["U0ONE"]},
            {"kind": "approval", "decision": "approved", "by": "U0REQUESTER"},
            {"kind": "approval", "decision": "chosen", "by": "U0ONE"},
            {"kind": "approval", "by": "U0ONE"},
            "approved",
            None,
            [],
            {},
        ],
    )
    def test_what_is_no_answer_is_waited_on(self, synthesised: Synthesised, nothing: Any) -> None:
        double = AdmissionDouble([Answer(nothing), approved("U0TWO")])
        assert double.run(synthesised.definition("_Approved_")) is None
        assert len(double.of("wait")) == 2
        assert double.audited["approved_by"] == ["U0TWO"]
        alone = AdmissionDouble([Answer(nothing)])
        assert alone.run(synthesised.definition("_Approved_")) == "ChatOps.Declined"
        assert alone.result["reason"] == "expired"

    @pytest.mark.parametrize(("decision", "by"), [("denied", "U0ONE"), ("cancelled", "U0REQUESTER")])
    def test_no_is_no(self, synthesised: Synthesised, decision: str, by: str) -> None:
        double = AdmissionDouble([Answer({"kind": "approval", "decision": decision, "by": by})])
        assert double.run(synthesised.definition("_Twice_")) == "ChatOps.Declined"
        assert double.result == {"kind": "declined", "ok": False, "reason": decision, "by": [by], "detail": ""}
        assert double.of("close")[0]["ending"] == {"state": decision, "by": [by]}
        assert double.audited["outcome"] == decision
        assert double.audited["by"] == [by]
        assert not any("Hello" in call for call in double.calls)

    def test_nobody_answers(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble()
        assert double.run(synthesised.definition("_Approved_")) == "ChatOps.Declined"
        assert double.clock.now == 600
        assert double.of("close")[0]["ending"] == {"state": "expired", "by": []}
        assert double.result == {"kind": "declined", "ok": False, "reason": "expired", "by": [], "detail": ""}
        assert double.audited["outcome"] == "expired"

    def test_busy_slack_is_asked_for_minutes(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE")], failing={"ask": [BUSY] * 8, "close": [BUSY] * 3})
        assert double.run(synthesised.definition("_Approved_")) is None
        assert len(double.of("ask")) == 9
        assert len(double.of("close")) == 4

    def test_a_question_that_can_never_be_asked_is_reported(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble(failing={"ask": [StateError("CannotAskError", "not_in_channel: invite the bot")]})
        assert double.run(synthesised.definition("_Approved_")) == "ChatOps.CommandFailed"
        assert len(double.of("ask")) == 1
        assert "invite the bot" in double.reported["outcome"]["cause"]
        assert double.audited["outcome"] == "failed"

    def test_a_card_that_cannot_be_closed_changes_nothing(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([approved("U0ONE")], failing={"close": [StateError("Boom", "")] * 9})
        assert double.run(synthesised.definition("_Approved_")) is None
        assert double.audited["outcome"] == "succeeded"


class TestFrozenFunction:
    @pytest.mark.parametrize(
        "change", [{"CodeSha256": "0ther"}, {"Version": "8"}, {"RevisionId": "r2", "LastModified": "later"}]
    )
    def test_one_that_changed_is_not_invoked(self, synthesised: Synthesised, change: dict[str, str]) -> None:
        double = AdmissionDouble([approved("U0ONE")], function=[configuration(), configuration(**change)])
        assert double.run(synthesised.definition("_Approved_")) == "ChatOps.Declined"
        assert double.result["reason"] == double.audited["outcome"] == "changed"
        assert double.audited["approved_by"] == ["U0ONE"]
        assert not any("Hello" in call for call in double.calls)


class TestConfirmation:
    def test_the_user_says_yes(self, synthesised: Synthesised) -> None:
        yes = Answer({"kind": "confirm", "decision": "confirmed", "by": "U0REQUESTER"})
        double = AdmissionDouble([yes], card={})
        assert double.run(synthesised.definition("_Confirmed_")) is None
        # Through the response_url, so that there is nothing to close.
        assert [name for name, _ in double.events] == ["ask", "wait", "report"]
        assert double.reported["used"] == 1
        assert double.of("ask")[0]["used"] == 0
        assert double.of("ask")[0]["question"]["frozen"][0].startswith("Function seed")
        assert double.audited["approved_by"] == []

    @pytest.mark.parametrize("decision", ["declined", "cancelled"])
    def test_the_user_says_no(self, synthesised: Synthesised, decision: str) -> None:
        no = Answer({"kind": "confirm", "decision": decision, "by": "U0REQUESTER"})
        double = AdmissionDouble([no], card={})
        assert double.run(synthesised.definition("_Confirmed_")) == "ChatOps.Declined"
        assert double.result["reason"] == "cancelled"

    def test_nobody_else_says_yes(self, synthesised: Synthesised) -> None:
        yes = Answer({"kind": "confirm", "decision": "confirmed", "by": "U0ONE"})
        double = AdmissionDouble([yes], card={})
        assert double.run(synthesised.definition("_Confirmed_")) == "ChatOps.Declined"
        assert double.result["reason"] == "expired"


def chosen(service: str, stage: str | None = None, **more: Any) -> Answer:
    arguments = {"service": service, "stage": stage}
    return Answer(
        {
            "kind": "choice",
            "decision": "chosen",
            "by": "U0REQUESTER",
            "arguments": arguments,
            "script_environment": f"{service}-{stage}",
            **more,
        }
    )


class TestMenus:
    def test_what_is_given_is_not_asked_for(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble(ssm=web())
        assert double.run(synthesised.definition("_Chosen_"), arguments={"service": "app", "stage": "dev"}) is None
        assert not double.of("ask")
        assert double.reported["used"] == 0

    def test_one_after_the_other(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([chosen("app"), chosen("app", "prod")], card={}, ssm=web())
        assert double.run(synthesised.definition("_Chosen_"), arguments={"service": None, "stage": None}) is None
        first, second = double.of("ask")
        assert first["question"] == {
            "kind": "choice",
            "name": "service",
            "help": "what is restarted",
            "options": [{"value": "nginx", "label": "nginx"}, {"value": "app", "label": "app"}],
            "until": "2026-11-22T01:08:50Z",
        }
        assert second["question"]["name"] == "stage"
        assert second["request"]["arguments"] == {"service": "app", "stage": None}
        assert (first["used"], second["used"], double.reported["used"]) == (0, 1, 2)
        (sent,) = double.ssm.arguments("sendCommand")
        assert sent["Parameters"]["Environment"] == ["app-prod"]
        assert double.reported["request"]["arguments"] == {"service": "app", "stage": "prod"}
        assert double.audited["arguments"] == {"service": "app", "stage": "prod"}

    @pytest.mark.parametrize(
        "nothing", [chosen("mysql"), chosen("app", by="U0ONE"), Answer({"kind": "choice", "by": "U0REQUESTER"})]
    )
    def test_what_is_not_offered_or_not_theirs_is_no_choice(self, synthesised: Synthesised, nothing: Answer) -> None:
        double = AdmissionDouble([nothing], ssm=web())
        request = {"service": None, "stage": "dev"}
        assert double.run(synthesised.definition("_Chosen_"), arguments=request) == "ChatOps.Declined"
        assert double.result["reason"] == "expired"
        assert double.audited["arguments"] == request

    def test_withdrawn(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([Answer({"kind": "choice", "decision": "cancelled", "by": "U0REQUESTER"})])
        arguments = {"service": None, "stage": "dev"}
        assert double.run(synthesised.definition("_Chosen_"), arguments=arguments) == "ChatOps.Declined"
        assert double.result["reason"] == "cancelled"
        assert not double.ssm.calls[:-1]


class TestAuthorization:
    def test_who_may_goes_on(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble()
        assert double.run(synthesised.definition("_Grouped_")) is None
        assert "reply" in double.result["kind"]

    @pytest.mark.parametrize(
        ("why", "detail", "reason", "told"),
        [
            ("not_allowed", "", "not_allowed", ""),
            ("slack_unavailable", "HTTP 503", "slack_unavailable", " (HTTP 503)"),
            ("slack_refused", "missing_scope", "slack_unavailable", " (missing_scope)"),
        ],
    )
    def test_who_may_not_is_told_who_may(
        self, synthesised: Synthesised, why: str, detail: str, reason: str, told: str
    ) -> None:
        answer = {"allowed": False, "who_may": "members of `S0ADMINS`", "why": why, "detail": detail}
        double = AdmissionDouble(authorized=answer)
        assert double.run(synthesised.definition("_Grouped_")) == "ChatOps.Declined"
        assert double.result["reason"] == reason
        assert double.result["detail"] == f"members of `S0ADMINS`{told}"
        assert double.audited["outcome"] == "refused"
        assert double.audited["reason"] == reason

    @pytest.mark.parametrize("answer", [{}, {"allowed": "true"}, {"allowed": None}])
    def test_anything_but_yes_is_no(self, synthesised: Synthesised, answer: dict[str, Any]) -> None:
        double = AdmissionDouble(authorized={"who_may": "", "why": "", **answer})
        assert double.run(synthesised.definition("_Grouped_")) == "ChatOps.Declined"


class TestTurns:
    def test_is_taken_and_given_back(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble()
        assert double.run(synthesised.definition("_One_")) is None
        assert double.calls.index("putItem") < double.calls.index("deleteItem")
        assert double.item is None

    def test_another_one_is_running(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble(item=turn_of("other"), executions={execution("other"): "RUNNING"})
        assert double.run(synthesised.definition("_One_")) == "ChatOps.Declined"
        assert double.result == {
            "kind": "declined",
            "ok": False,
            "reason": "busy",
            "by": ["U0OTHER"],
            "detail": "2026-11-22T01:00:00Z",
        }
        assert double.audited["outcome"] == "busy"
        assert double.item == turn_of("other")

    @pytest.mark.parametrize("status", ["ABORTED", "FAILED", "TIMED_OUT", "SUCCEEDED"])
    def test_of_one_that_is_over_it_is_taken_over(self, synthesised: Synthesised, status: str) -> None:
        double = AdmissionDouble(item=turn_of("other"), executions={execution("other"): status})
        assert double.run(synthesised.definition("_One_")) is None
        assert double.item is None

    def test_one_that_has_just_begun_is_not_over(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble(item=turn_of("other"))
        assert double.run(synthesised.definition("_One_")) == "ChatOps.Declined"
        assert double.result["reason"] == "busy"

    def test_void_after_the_longest_time(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble(item=turn_of("other", expires=1))
        assert double.run(synthesised.definition("_One_")) is None
        assert "describeExecution" not in double.calls

    def test_is_given_back_when_the_action_fails(
        self, synthesised: Synthesised, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        double = AdmissionDouble()
        invoked = double._invoked

        def fail(resource: str, function: str, payload: dict[str, Any]) -> Any:
            if "Hello" in function:
                raise StateError("Boom", "")
            return invoked(resource, function, payload)

        monkeypatch.setattr(double, "_invoked", fail)
        assert double.run(synthesised.definition("_One_")) == "ChatOps.CommandFailed"
        assert double.item is None


def picked(*values: str, by: str = "U0REQUESTER") -> Answer:
    return Answer({"kind": "instances", "decision": "chosen", "by": by, "values": list(values)})


class TestPicked:
    def test_runs_on_those_that_were_picked(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([picked("i-00000001")], card={}, ssm=web(3))
        assert double.run(synthesised.definition("_Picked_")) is None
        (ask,) = double.of("ask")
        assert ask["question"]["most"] == 2
        assert ask["question"]["options"][0] == {"value": "i-00000000", "label": "web-0 (i-00000000)"}
        (sent,) = double.ssm.arguments("sendCommand")
        assert sent["InstanceIds"] == ["i-00000001"]
        assert sent["Targets"] == []
        assert double.reported["used"] == 1
        assert [one["name"] for one in double.result["instances"]] == ["web-1"]

    def test_of_more_than_a_command_takes(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([picked("i-00000001", "i-00000040")], ssm=web(70))
        assert double.run(synthesised.definition("_Picked_")) is None
        assert len(double.of("ask")[0]["question"]["options"]) == 70
        (sent,) = double.ssm.arguments("sendCommand")
        assert sent["InstanceIds"] == ["i-00000001", "i-00000040"]
        assert sent["Targets"] == []

    def test_no_more_than_there_are(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([picked("i-00000000")], ssm=web(1))
        assert double.run(synthesised.definition("_Picked_")) is None
        assert double.of("ask")[0]["question"]["most"] == 1
        assert len(double.of("ask")[0]["question"]["options"]) == 1

    @pytest.mark.parametrize(
        "nothing",
        [
            picked(),
            picked("i-00000000", "i-00000001", "i-00000002"),
            picked("i-0000000f"),
            picked("i-00000000", "i-0000000f"),
            picked("i-00000000", by="U0ONE"),
        ],
    )
    def test_what_cannot_be_picked_is_waited_on(self, synthesised: Synthesised, nothing: Answer) -> None:
        double = AdmissionDouble([nothing], ssm=web(3))
        assert double.run(synthesised.definition("_Picked_")) == "ChatOps.Declined"
        assert double.result["reason"] == "expired"
        assert not double.ssm.commands

    def test_none_is_online(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble(ssm=web(2, ping="ConnectionLost"))
        assert double.run(synthesised.definition("_Picked_")) == "ChatOps.ActionFailed"
        assert double.result["kind"] == "run_command"
        assert not double.of("ask")

    def test_one_that_is_gone_is_not_replaced_by_others(self, synthesised: Synthesised) -> None:
        double = AdmissionDouble([picked("i-00000000")], ssm=web(3, gone=True))
        assert double.run(synthesised.definition("_Picked_")) == "ChatOps.Declined"
        assert double.result["reason"] == "changed"
        assert len(double.ssm.arguments("sendCommand")) == 1


@pytest.mark.parametrize("command", ["_Script_", "_Silent_"])
class TestFrozenScript:
    def test_the_card_shows_version_hash_and_instances(self, synthesised: Synthesised, command: str) -> None:
        double = AdmissionDouble([approved("U0ONE")], ssm=web())
        assert double.run(synthesised.definition(command)) is None
        script, *instances = double.of("ask")[0]["question"]["frozen"]
        assert "version 7, SHA-256 5ha256" in script
        assert instances == ["On web-0 (i-00000000)", "On web-1 (i-00000001)"]

    def test_what_was_shown_is_sent_whatever_is_deployed_meanwhile(
        self, synthesised: Synthesised, command: str
    ) -> None:
        double = AdmissionDouble([approved("U0ONE")], ssm=web())
        double.run(synthesised.definition(command))
        (sent,) = double.ssm.arguments("sendCommand")
        assert sent["DocumentVersion"] == "7"
        assert (sent["DocumentHash"], sent["DocumentHashType"]) == ("5ha256", "Sha256")
        assert sent["InstanceIds"] == ["i-00000000", "i-00000001"]
        assert len(double.ssm.arguments("describeDocument")) == 1
        assert len(double.ssm.arguments("describeInstanceInformation")) == 1

    def test_many_instances_are_counted(self, synthesised: Synthesised, command: str) -> None:
        double = AdmissionDouble([approved("U0ONE")], ssm=web(30))
        double.run(synthesised.definition(command))
        frozen = double.of("ask")[0]["question"]["frozen"]
        assert len(frozen) == 22
        assert frozen[-1] == "and 10 more"

    def test_too_many_to_name_run_by_tag(self, synthesised: Synthesised, command: str) -> None:
        double = AdmissionDouble([approved("U0ONE")], ssm=web(60))
        double.run(synthesised.definition(command))
        (_, instances) = double.of("ask")[0]["question"]["frozen"]
        assert "all instances with Role=web" in instances
        assert "60 at this moment" in instances

    def test_one_that_is_gone_is_told(self, synthesised: Synthesised, command: str) -> None:
        double = AdmissionDouble([approved("U0ONE")], ssm=web(3, gone=True))
        assert double.run(synthesised.definition(command)) == "ChatOps.Declined"
        assert double.result["reason"] == "changed"
        assert len(double.ssm.arguments("sendCommand")) == 1


class TestWhatIsHandedOver:
    """What the states say is what the functions read, and what those answer is what the states take."""

    @pytest.mark.parametrize(
        ("command", "action_id", "by", "selected"),
        [
            ("_Approved_", control.APPROVE, "U0ONE", []),
            ("_Script_", control.APPROVE, "U0ONE", []),
            ("_Confirmed_", control.CONFIRM, "U0REQUESTER", []),
            ("_Picked_", control.SUBMIT, "U0REQUESTER", ["i-00000001", "i-00000002"]),
            ("_Chosen_", control.SUBMIT, "U0REQUESTER", ["nginx"]),
        ],
    )
    def test_a_question_and_its_answer(
        self, synthesised: Synthesised, command: str, action_id: str, by: str, selected: list[str]
    ) -> None:
        definition = synthesised.definition(command)
        request = {"arguments": {"service": None, "stage": "dev"}} if command == "_Chosen_" else {}
        unanswered = AdmissionDouble(ssm=web(3))
        assert unanswered.run(definition, **request) == "ChatOps.Declined"
        (ask,), (wait,), (close,) = (unanswered.of(event) for event in ("ask", "wait", "close"))
        for event in (ask, wait, close):
            asked = Asked.from_event(event)
            assert (card.render if asked.kind == "approval" else private_question.render)(asked).blocks

        turn = Turn.of(wait, None)
        assert turn.is_card
        click = Click.from_event({**CLICK, "user_id": by, "action_id": action_id, "selected": selected})
        commands = commands_table.read([table_of(synthesised)])["commands"]
        target = Target.of(ask["handle"], commands, "arn:aws:lambda:us-east-1:123456789012:function:decide")
        assert target is not None
        decided = answers.decision_of(click, turn)
        assert decided is not None
        double = AdmissionDouble([Answer(answers.answer(click, target, turn, decided))], ssm=web(3))
        assert double.run(definition, **request) is None
        assert double.of("close")[0]["ending"]["by"] == [by]


def table_of(synthesised: Synthesised) -> str:
    layer = synthesised.only("Lambda::LayerVersion", "CommandsTable")
    return str(synthesised.asset(layer["Content"]) / commands_table.LAYER_FOLDER)
