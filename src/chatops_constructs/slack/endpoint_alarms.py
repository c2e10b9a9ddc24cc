"""Alarms on an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from chatops_constructs._at_synthesis import at_synthesis
from chatops_constructs._problems import Problems
from chatops_runtime.contracts import request_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatops_constructs.slack.endpoint import SlackCommandEndpoint

# As `chatops_runtime.slack.signature` calls it.
SIGNATURE_WRONG = "signature_wrong"

AT_ONCE = Duration.minutes(1)
SOON = Duration.minutes(5)

# Slack waits for 3 seconds. What dispatch does not see, its own start and the way of request and answer, has one.
ACK_TIME = Duration.seconds(2)

# Any public address is knocked at. A secret that was changed in Slack alone has the same reason, for every command.
WRONG_SIGNATURES = 20

# One is an answer that got lost, and whoever typed the command was asked to try again.
UNANSWERED_STARTS = 2


class EndpointAlarms(Construct):
    """Alarms that go off when commands cannot be started, told of or answered in time; each has the same actions.

    None of them goes off for what somebody typed, or for a command that came to a bad result and was told.

    Attributes:
        undelivered: Something is in the dead-letter queue.
        endings_failed: An ending could not be told of.
        clicks_failed: A click could not be handled. None before synthesis, and if there is nothing to click on.
        not_audited: A refusal has no audit line.
        start_refused: Step Functions refused to start a command.
        start_unanswered: Step Functions did not answer in time, more than once.
        secret_missing: The signing secret could not be read, so no command is served.
        off_switch_unusable: The off-switch could not be read or says neither `on` nor `off`, so no command is served.
        internal_error: A request ran into an error of ours.
        signature_wrong: Many requests were signed with another secret.
        ack_time: Answers come nearly too late for Slack.
        dispatch_errors: The function that Slack talks to crashed or ran into its timeout.
        dispatch_throttles: Lambda turned requests away.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        endpoint: SlackCommandEndpoint,
        actions: Sequence[cloudwatch.IAlarmAction],
        ack_time: Duration,
        wrong_signatures: int,
    ) -> None:
        """Create the alarms; use `SlackCommandEndpoint.alarms` instead.

        Args:
            scope: The parent.
            id: The id in `scope`.
            endpoint: The endpoint.
            actions: What is done when one of them goes off.
            ack_time: How long an answer may take.
            wrong_signatures: How many requests with a wrong signature are one too many, within 5 minutes.

        Raises:
            ValueError: A limit is none.
        """
        super().__init__(scope, id)
        _check(scope, ack_time, wrong_signatures)
        self._actions = list(actions)
        where = endpoint.node.path
        self.undelivered: cloudwatch.Alarm = self._alarm(
            "Undelivered",
            endpoint.metric_undelivered(period=AT_ONCE),
            f"Results or audit lines of {where} are in its dead-letter queue. Each says what it is; reports can be sent"
            " again",
        )
        self.endings_failed: cloudwatch.Alarm = self._alarm(
            "EndingsFailed",
            endpoint.endings.state_machine.metric_failed(period=SOON, statistic=cloudwatch.Stats.SUM),
            f"A command of {where} was aborted, timed out or broke, and telling of it failed: see its last execution",
        )
        self.not_audited: cloudwatch.Alarm = self._alarm(
            "NotAudited",
            endpoint.metric_not_audited(period=SOON),
            f"Refused commands of {where} have no audit line: the log of dispatch has them",
        )
        self.start_refused: cloudwatch.Alarm = self._of_reason(
            endpoint,
            "StartRefused",
            request_log.START_REFUSED,
            f"Step Functions refused to start a command of {where}. Whoever typed it was told; the log of dispatch says"
            " why",
        )
        self.start_unanswered: cloudwatch.Alarm = self._of_reason(
            endpoint,
            "StartUnanswered",
            request_log.START_UNANSWERED,
            f"Step Functions did not answer {where} in time. Whoever typed the command was asked to try again",
            threshold=UNANSWERED_STARTS,
        )
        self.secret_missing: cloudwatch.Alarm = self._of_reason(
            endpoint,
            "SecretMissing",
            request_log.SECRET_MISSING,
            f"The signing secret of {where} cannot be read, so no command is served: see the log of dispatch",
        )
        self.off_switch_unusable: cloudwatch.Alarm = self._of_reason(
            endpoint,
            "OffSwitchUnusable",
            request_log.OFF_SWITCH_UNUSABLE,
            f"The off-switch of {where} cannot be read or says neither on nor off, so no command is served",
        )
        self.internal_error: cloudwatch.Alarm = self._of_reason(
            endpoint,
            "InternalError",
            request_log.INTERNAL_ERROR,
            f"A request to {where} ran into an error of the library's: the log of dispatch has its stack",
        )
        self.signature_wrong: cloudwatch.Alarm = self._of_reason(
            endpoint,
            "SignatureWrong",
            SIGNATURE_WRONG,
            f"Many requests to {where} have a wrong signature: the stored signing secret is not the Slack app's, or"
            " somebody is guessing",
            threshold=wrong_signatures,
        )
        self.ack_time: cloudwatch.Alarm = self._alarm(
            "AckTime",
            endpoint.metric_ack_time(period=SOON),
            f"Answers of {where} take so long that Slack may show operation_timeout",
            threshold=ack_time.to_milliseconds(),
        )
        self.dispatch_errors: cloudwatch.Alarm = self._alarm(
            "DispatchErrors",
            endpoint.dispatch.metric_errors(period=SOON, statistic=cloudwatch.Stats.SUM),
            f"The function that Slack talks to crashed or timed out, of {where}: see its log",
        )
        self.dispatch_throttles: cloudwatch.Alarm = self._alarm(
            "DispatchThrottles",
            endpoint.dispatch.metric_throttles(period=SOON, statistic=cloudwatch.Stats.SUM),
            f"Lambda turned requests to {where} away: the account's concurrency is used up",
        )
        self.clicks_failed: cloudwatch.Alarm | None = None
        # Whether there is anything to click on is known when all commands are.
        clicks = Construct(self, "Clicks")
        at_synthesis(clicks, lambda: self._look_at_clicks(clicks, endpoint))

    def _look_at_clicks(self, scope: Construct, endpoint: SlackCommandEndpoint) -> None:
        if endpoint.decisions is None:
            return
        self.clicks_failed = self._alarm(
            "Failed",
            endpoint.decisions.state_machine.metric_failed(period=SOON, statistic=cloudwatch.Stats.SUM),
            f"A click in a message of {endpoint.node.path} could not be handled. Whoever clicked was told, if Slack"
            " took that: see its last execution and the log of decide",
            scope=scope,
        )

    def _of_reason(
        self, endpoint: SlackCommandEndpoint, id: str, reason: str, description: str, *, threshold: float = 1
    ) -> cloudwatch.Alarm:
        return self._alarm(id, endpoint.metric_refused(reason=reason, period=SOON), description, threshold=threshold)

    def _alarm(
        self,
        id: str,
        metric: cloudwatch.IMetric,
        description: str,
        *,
        threshold: float = 1,
        scope: Construct | None = None,
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            scope or self,
            id,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # Nothing that happens gives no data.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=description,
        )
        if self._actions:
            alarm.add_alarm_action(*self._actions)
        return alarm


def _check(endpoint: Construct, ack_time: Duration, wrong_signatures: int) -> None:
    problems = Problems(endpoint)
    problems.check(
        0 < ack_time.to_milliseconds() <= Duration.seconds(3).to_milliseconds(),
        "ack_time",
        ack_time.to_human_string(),
        "more than nothing, up to 3 seconds",
        "stay below what Slack waits for",
    )
    problems.check(
        isinstance(wrong_signatures, int) and wrong_signatures >= 1,
        "wrong_signatures",
        wrong_signatures,
        "a whole number from 1 on",
        "say how many within 5 minutes are too many",
    )
    problems.raise_if_any()
