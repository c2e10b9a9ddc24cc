"""Metric math: the value of an alarm that watches an expression on metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

Python's own parser reads an expression. That operators bind as Python's do, that where an operand has no data point the
result has none, nor a division by zero, are readings of ours: the page is silent on them.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Point: TypeAlias = "float | None"
"""The value of a period; None where there is no data point."""
Series: TypeAlias = "list[Point]"
"""A value for each period, the earliest first."""
_Value: TypeAlias = "Point | Series"

_SPELLINGS = {"^": "**", "&&": " and ", "AND": " and ", "||": " or ", "OR": " or "}
_SPELLED = re.compile(r"\^|&&|\|\||\b(?:AND|OR)\b")

_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.USub: operator.neg,
    ast.And: lambda *operands: all(operands),
    ast.Or: lambda *operands: any(operands),
}
_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "AVG": lambda values: sum(values) / len(values),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}
_FUNCTIONS = ", ".join(sorted((*_AGGREGATES, "FILL", "IF", "METRICS", "PERIOD")))


class MetricMathError(ValueError):
    """Metrics of an alarm that are not emulated, or that CloudWatch would not take."""


def evaluate(queries: Sequence[Mapping[str, Any]], series: Callable[[Mapping[str, Any]], Series]) -> Series:
    """The values that an alarm watches.

    Args:
        queries: the alarm's ``Metrics``: each is a metric or an expression.
        series: gives the values of a metric, by its ``MetricStat``.

    Raises:
        MetricMathError: something in it is not emulated, or not right.
    """
    watched = [str(query["Id"]) for query in queries if query.get("ReturnData", True)]
    if len(watched) != 1:
        raise MetricMathError(
            f"an alarm watches the one of its Metrics that has ReturnData; here {len(watched)} have it"
        )
    value = _Metrics({str(query["Id"]): query for query in queries}, series).value(watched[0])
    if not isinstance(value, list):
        raise MetricMathError(f"{watched[0]} is a number and not a time series, which is what an alarm watches")
    return value


def problems(queries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Why an alarm on these metrics would not work here; nothing if it does."""
    try:
        period_of(queries)
        evaluate(queries, lambda _: [1.0])
    except MetricMathError as error:
        yield str(error)


def period_of(queries: Sequence[Mapping[str, Any]]) -> int:
    """The seconds of a period of the alarm.

    Raises:
        MetricMathError: its metrics have several.
    """
    periods = {int(query["MetricStat"]["Period"]) for query in queries if "MetricStat" in query}
    if len(periods) != 1:
        found = " and ".join(map(str, sorted(periods))) or "none"
        raise MetricMathError(f"an alarm on metrics of one Period is emulated; here it is {found}")
    return periods.pop()


@dataclass
class _Metrics:
    """The metrics and expressions of an alarm, by their ids."""

    queries: Mapping[str, Mapping[str, Any]]
    series: Callable[[Mapping[str, Any]], Series]
    _under_way: list[str] = field(default_factory=list)

    def value(self, id: str) -> _Value:
        query = self.queries.get(id)
        if query is None:
            raise MetricMathError(f"{id} is none of the alarm's Metrics, which are {', '.join(self.queries)}")
        if "MetricStat" in query:
            return self.series(query["MetricStat"])
        if id in self._under_way:
            raise MetricMathError(f"the expressions go round in a circle: {' -> '.join([*self._under_way, id])}")
        self._under_way.append(id)
        value = self._of(_parsed(str(query["Expression"])))
        self._under_way.pop()
        return value

    def _of(self, node: ast.AST) -> _Value:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=id):
                return self.value(id)
            case ast.UnaryOp(op=op, operand=operand):
                operands = [operand]
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                operands = [left, right]
            case ast.BoolOp(op=op, values=values):
                operands = values
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return _in_each_period(*self._called(name, arguments))
            case _:
                raise MetricMathError(f"{ast.unparse(node)!r} is not emulated in metric math")
        if type(op) not in _OPERATORS:
            raise MetricMathError(f"{ast.unparse(node)!r} has an operator that metric math does not have")
        return _in_each_period(_of_data(_OPERATORS[type(op)]), *map(self._of, operands))

    def _called(self, name: str, arguments: Sequence[ast.expr]) -> tuple[Any, ...]:
        """What computes the value of a period, and what it does that from."""
        match name, arguments:
            case "IF", [_, _, *otherwise] if len(otherwise) <= 1:
                return _chosen, *map(self._of, arguments)
            case "FILL", [_, by] if not isinstance(by, ast.Name) or by.id in self.queries:
                return _filled, *map(self._of, arguments)
            case "PERIOD", [ast.Name(id=id)] if "MetricStat" in self.queries.get(id, {}):
                return float, float(self.queries[id]["MetricStat"]["Period"])
            case _, [ast.Call(func=ast.Name(id="METRICS"), args=[])] if name in _AGGREGATES:
                return _aggregate(name), *(self.value(id) for id, each in self.queries.items() if "MetricStat" in each)
            case _, [ast.List(elts=[_, *_] as elements)] if name in _AGGREGATES:
                return _aggregate(name), *map(self._of, elements)
        call = f"{name}({', '.join(map(ast.unparse, arguments))})"
        raise MetricMathError(f"{call!r} is not emulated in metric math; its functions here are {_FUNCTIONS}")


def _parsed(expression: str) -> ast.expr:
    try:
        return ast.parse(_SPELLED.sub(lambda found: _SPELLINGS[found[0]], expression).strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise MetricMathError(f"{expression!r} is no expression of metric math") from None


def _in_each_period(compute: Callable[..., Point], *values: _Value) -> _Value:
    """A number stands for itself in every period; of numbers alone comes a number."""
    lengths = {len(value) for value in values if isinstance(value, list)}
    if not lengths:
        return compute(*values)
    columns = [value if isinstance(value, list) else [value] * max(lengths) for value in values]
    return [compute(*points) for points in zip(*columns, strict=True)]


def _of_data(compute: Callable[..., float]) -> Callable[..., Point]:
    """Computes where every operand has a data point."""

    def computed(*points: Point) -> Point:
        if None in points:
            return None
        try:
            return float(compute(*points))
        except (ArithmeticError, ValueError):
            return None

    return computed


def _aggregate(name: str) -> Callable[..., Point]:
    """Aggregates the data points that there are."""

    def aggregated(*points: Point) -> Point:
        present = [point for point in points if point is not None]
        return float(_AGGREGATES[name](present)) if present else None

    return aggregated


def _chosen(condition: Point, then: Point, otherwise: Point = None) -> Point:
    if condition is None:
        return None
    return then if condition else otherwise


def _filled(point: Point, by: Point) -> Point:
    return by if point is None else point
