"""The design that ScheduledRunCommand is compared with."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

CODE = Path(__file__).parent / "functions"

SEND = "Send the command"
CHECK = "Check the command"
TRY_EVERY = Duration.seconds(10)
TRIES = 360


class PriorDesign(Construct):
    """One task of it, rebuilt from its description.

    A function sends the command by AWS-RunShellScript; another looks at the first invocation and raises an error as
    long as that is not over; the state machine retries it every 10 seconds, at most 360 times; a Choice leads to the
    topic of successes or of failures. What starts it, a rule with a schedule, costs nothing and is left out.

    Attributes:
        state_machine: Each run is one execution.
    """

    def __init__(self, scope: Construct, id: str, *, tag_name: str, tag_value: str, command: str) -> None:
        """Create the task.

        Args:
            scope: The parent.
            id: The id in `scope`.
            tag_name: The instances' tag.
            tag_value: Its value.
            command: What they run.
        """
        super().__init__(scope, id)
        target = {"TAG_NAME": tag_name, "TAG_VALUE": tag_value}
        send = self._function("SendFunction", "send_command", ["ssm:SendCommand"], target)
        check = self._function("CheckFunction", "check_command", ["ssm:ListCommandInvocations"], {})
        succeeded = self._publish("Tell of the success", sns.Topic(self, "SucceededTopic"))
        failed = self._publish("Tell of the failure", sns.Topic(self, "FailedTopic"))

        checking = tasks.LambdaInvoke(
            self, CHECK, lambda_function=check, payload_response_only=True, retry_on_service_exceptions=False
        )
        checking.add_retry(errors=["NotYetCompleteError"], interval=TRY_EVERY, max_attempts=TRIES, backoff_rate=1)
        checking.add_catch(failed, result_path="$.error")
        sending = tasks.LambdaInvoke(
            self,
            SEND,
            lambda_function=send,
            payload=sfn.TaskInput.from_object({"command": command}),
            payload_response_only=True,
            retry_on_service_exceptions=False,
        )
        judge = sfn.Choice(self, "Did it succeed?")
        judge.when(sfn.Condition.string_equals("$.status", "Success"), succeeded).otherwise(failed)
        self.state_machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(sending.next(checking).next(judge)),
            role=iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com")),
        )

    def _function(self, id: str, module: str, actions: list[str], environment: dict[str, str]) -> lambda_.Function:
        function = lambda_.Function(
            self,
            id,
            code=lambda_.Code.from_asset(str(CODE), exclude=["**/__pycache__"]),
            handler=f"{module}.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
            memory_size=128,
            timeout=Duration.seconds(30),
            environment=environment,
        )
        function.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=["*"]))
        return function

    def _publish(self, id: str, topic: sns.Topic) -> tasks.SnsPublish:
        return tasks.SnsPublish(self, id, topic=topic, message=sfn.TaskInput.from_json_path_at("$"))
