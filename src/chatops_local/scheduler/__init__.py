"""What EventBridge Scheduler makes of a schedule: when it is due, what its target gets, when it is given up."""

from __future__ import annotations

from chatops_local.scheduler.context_attributes import ContextAttributes
from chatops_local.scheduler.expression import ExpressionError, ScheduleExpression, parse_expression
from chatops_local.scheduler.retry_policy import RetryPolicy

__all__ = ["ContextAttributes", "ExpressionError", "RetryPolicy", "ScheduleExpression", "parse_expression"]
