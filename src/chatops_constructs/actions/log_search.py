"""A search in log groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, Size
from aws_cdk import aws_iam as iam

from chatops_constructs._asked_once import arn_beside, name_of
from chatops_constructs._durations import check_duration, in_seconds, of_seconds
from chatops_constructs._problems import Problems, is_token
from chatops_constructs.accounts.target_account import check_role, take_the_role
from chatops_constructs.actions.action import Action, ActionContext, BoundAction
from chatops_constructs.log_search import search_states
from chatops_constructs.log_search.reading import let_search
from chatops_constructs.log_search.search_states import SearchStates
from chatops_constructs.log_search.searched_groups import check_groups, labelled
from chatops_constructs.packaging.runtime_function import RuntimeFunction
from chatops_constructs.slack.arguments.choice import Choice
from chatops_constructs.slack.arguments.durations import LONGEST
from chatops_constructs.slack.arguments.patterns import check_pattern
from chatops_constructs.slack.arguments.text import Text
from chatops_constructs.slack.arguments.time_arg import TimeArg
from chatops_runtime.contracts import log_search as contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs
    from constructs import Construct

    from chatops_constructs.accounts.target_account import TargetAccount
    from chatops_constructs.slack.arguments.argument import Argument

DEFAULT_SINCE = Duration.hours(3)
DEFAULT_TIMEOUT = Duration.minutes(5)
# A function ends after 15 minutes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_SECONDS = 14 * 60
LEAST_SECONDS = 10
# What is under way when the time is over is waited for: a page, or the look at a query.
MARGIN_SECONDS = 45

# Python's json holds some tens of thousands of lines while they are put in order; a processor's share follows it.
MEMORY_MIB = 1024

MOST_PATTERNS = 5


class LogSearch(Action):
    """Search log groups for a text, such as a request id, and say what was found as one time line.

    `/logsearch 8f0c2d1e --since 3h --until 2026-11-22T10:00Z --group orders`: the text is matched as it is typed, in
    upper and lower case, and nothing in it is syntax. All groups are searched at the same time, every page; lines of
    all of them come in order of time, each with the short name of its group, errors marked. Keys in the lines that
    were found, X-Ray's trace ids unless others are named, are followed once into all groups, so that lines of the same
    transaction are found that hold the trace id only.

    A search that takes longer than a few seconds says its first lines while it goes on. What is left out, or could not
    be searched, is counted and named, and a link opens the same search in the console.

    Creates, for each command that it is added to, a function that may read these log groups and nothing else and, once
    per stack, the policy for what IAM cannot narrow to a log group.

    Example:
        from aws_cdk import aws_logs as logs
        from chatops_constructs import Allow, LogSearch

        orders = logs.LogGroup.from_log_group_name(self, "Orders", "/aws/lambda/orders")
        billing = logs.LogGroup.from_log_group_name(self, "Billing", "/aws/lambda/billing")
        slack.add_command(
            "/logsearch",
            LogSearch(log_groups=[orders, billing]),
            description="finds a request in the logs",
            allow=Allow.workspace(),
        )
    """

    X_RAY_TRACE_ID = "1-[0-9a-f]{8}-[0-9a-f]{24}"
    """A pattern for `correlation`: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html."""

    def __init__(
        self,
        *,
        log_groups: Sequence[logs.ILogGroup] | Mapping[str, logs.ILogGroup],
        since: Duration | None = None,
        timeout: Duration | None = None,
        correlation: Sequence[str] = (X_RAY_TRACE_ID,),
        insights_above: int = 50,
        insights_above_size: Size | None = None,
        account: TargetAccount | None = None,
    ) -> None:
        """Describe what to search.

        Args:
            log_groups: 1 to 100 log groups of the endpoint's account and region, in a list or by the short names that
                people type after `--group`. Default names: the last part of a group's name, or of its ids.
            since: How far back is searched when nobody says. Default: 3 hours.
            timeout: How long a search may take: 10 seconds to 14 minutes. What was not searched by then is named.
                Default: 5 minutes.
            correlation: Up to 5 regular expressions for keys that are followed from the lines found; of one with a
                group, the group is the key. `()` for none. Default: X-Ray's trace ids.
            insights_above: With more log groups than that, Logs Insights searches, which is paid for by what it reads.
                Default: 50.
            insights_above_size: A log group with more than that to read in the time that is searched is searched with
                Logs Insights. Default: 5 GiB.
            account: Another account, or another region, in which the log groups are, with the role that a
                `TargetAccountRole` has made there. They are named in plain then: `LogGroup.from_log_group_name(…)`.
                Default: the endpoint's own.

        Raises:
            ValueError: No log group or too many, two with one name, a name that cannot be typed, a time limit out of
                its range, a pattern that is none, or with `account` a log group whose name is known at deploy time
                only.
        """
        self._account = account
        self._since = since or DEFAULT_SINCE
        self._timeout = timeout or DEFAULT_TIMEOUT
        self._correlation = list(correlation)
        self._above = {
            "groups": insights_above,
            "bytes": (insights_above_size or Size.gibibytes(5)).to_bytes(),
        }
        self._groups = labelled(log_groups)
        self._check(log_groups, insights_above)

    @property
    def accepts_text(self) -> bool:
        """It does: what to search for."""
        return True

    @property
    def arguments(self) -> Sequence[Argument]:
        """The text, and what narrows the search."""
        groups = [Choice(contract.GROUP, list(self._groups), required=False, help="only this log group")]
        return (
            Text(contract.TERM, longest=contract.LONGEST_TERM, help="a request id, a trace id or any other text"),
            TimeArg(contract.SINCE, default=self._since, help="from when on"),
            TimeArg(contract.UNTIL, required=False, help="until when"),
            *(groups if len(self._groups) > 1 else []),
        )

    def bind(self, scope: Construct, context: ActionContext) -> BoundAction:
        """Create the function, let it read the log groups, and hand out the states.

        Args:
            scope: The command's own scope.
            context: The command.
        """
        function = self._function(scope, context)
        if self._account is None:
            let_search(cast("iam.Role", function.role), [group.log_group_arn for group in self._groups.values()], scope)
        else:
            function.add_to_role_policy(take_the_role(self._account))
        # Not `grant_invoke`: that adds every version and alias of the function.
        iam.Grant.add_to_principal(
            grantee=context.role, actions=["lambda:InvokeFunction"], resource_arns=[function.function_arn]
        )
        seconds = int(in_seconds(self._timeout))
        states = SearchStates(
            function_arn=function.function_arn,
            event={
                "groups": [{"name": name_of(group), "label": label} for label, group in self._groups.items()],
                "correlation": self._correlation,
                "insights_above": self._above,
            },
            request=context.request,
            seconds=seconds,
            progress=context.progress,
        )
        return BoundAction(
            start_at=search_states.FIRST,
            states=states.states(),
            longest=of_seconds(search_states.FIRST_SECONDS + seconds + 4 * MARGIN_SECONDS),
            resources={"function": function},
            tells_progress=context.progress is not None,
        )

    def allow_elsewhere(self, scope: Construct, *, role_name: str, role: iam.Role) -> None:
        """Let the role of another account read the log groups; use `TargetAccountRole.allow_log_search` instead.

        Args:
            scope: A construct of the role's stack.
            role_name: The name of the role, in plain.
            role: May search the log groups from now on.

        Raises:
            ValueError: The search is in no other account, or takes another role.
        """
        check_role("LogSearch", self._account, role_name)
        arns = [arn_beside(scope, "logs", f"log-group:{name_of(group)}:*") for group in self._groups.values()]
        let_search(role, arns, scope)

    def _function(self, scope: Construct, context: ActionContext) -> lambda_.Function:
        return RuntimeFunction(
            scope,
            "Search",
            handler="chatops_runtime.log_search.handler.handler",
            description=f"searches log groups for {context.command}",
            memory_size=MEMORY_MIB,
            timeout=of_seconds(in_seconds(self._timeout) + MARGIN_SECONDS),
            environment=self._account.environment if self._account else None,
            encryption_key=context.encryption_key,
        )

    def _check(self, log_groups: object, insights_above: int) -> None:
        problems = Problems("LogSearch")
        check_groups(problems, log_groups, self._groups)
        for label, group in self._groups.items() if self._account else ():
            problems.check(
                not is_token(name_of(group)),
                "log_groups",
                f"one whose name is known at deploy time only, {label}",
                "names in plain beside account",
                "name it with LogGroup.from_log_group_name(…)",
            )
        check_duration(problems, "since", self._since, least=60, most=LONGEST)
        check_duration(problems, "timeout", self._timeout, least=LEAST_SECONDS, most=LONGEST_SECONDS)
        problems.check(
            type(insights_above) is int and insights_above >= 0,
            "insights_above",
            insights_above,
            "a number of log groups, 0 for always",
            "leave it out for 50",
            tokens=False,
        )
        problems.check(
            len(self._correlation) <= MOST_PATTERNS,
            "correlation",
            self._correlation,
            f"up to {MOST_PATTERNS} patterns",
            "name the most important ones",
        )
        for pattern in self._correlation:
            check_pattern(problems, pattern, "correlation")
        problems.check(
            all(_groups_in(pattern) <= 1 for pattern in self._correlation),
            "correlation",
            self._correlation,
            "patterns with one group at most, which is the key",
            "write the others as (?:…)",
        )
        problems.raise_if_any()


def _groups_in(pattern: str) -> int:
    try:
        return re.compile(pattern).groups
    except (re.error, TypeError):
        return 0  # told already
