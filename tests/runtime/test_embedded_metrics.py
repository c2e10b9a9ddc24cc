"""Lines that CloudWatch makes metrics of, judged by what the local cloud holds such lines to."""

import json

import pytest

from chatops_local.ministack.functions.embedded_metrics import Datum, InvalidMetricError, data_of
from chatops_runtime import embedded_metrics
from chatops_runtime.embedded_metrics import COUNT, MILLISECONDS, directive, marked


def test_counts_of_one_dimension() -> None:
    facts = embedded_metrics.facts({"On": True, "Late": 0}, namespace="N", dimension="Switch", name="Site", now=1.5)
    assert data_of(json.dumps(facts)) == [
        Datum("N", "On", {"Switch": "Site"}, "Count", (1.0,), 1.5),
        Datum("N", "Late", {"Switch": "Site"}, "Count", (0.0,), 1.5),
    ]


def test_several_sets_of_dimensions_and_units_in_one_line() -> None:
    line = {
        **marked(
            directive({"Time": MILLISECONDS}, namespace="N", dimensions=[["Endpoint"]]),
            directive({"Refused": COUNT}, namespace="N", dimensions=[["Endpoint"], ["Endpoint", "Reason"]]),
            now=2.0,
        ),
        "Endpoint": "Ops",
        "Reason": "usage",
        "Time": 9,
        "Refused": 1,
    }
    assert data_of(json.dumps(line)) == [
        Datum("N", "Time", {"Endpoint": "Ops"}, "Milliseconds", (9.0,), 2.0),
        Datum("N", "Refused", {"Endpoint": "Ops"}, "Count", (1.0,), 2.0),
        Datum("N", "Refused", {"Endpoint": "Ops", "Reason": "usage"}, "Count", (1.0,), 2.0),
    ]


def test_a_dimension_that_the_line_lacks_is_no_metric() -> None:
    line = {**marked(directive({"Time": COUNT}, namespace="N", dimensions=[["Endpoint"]]), now=2.0), "Time": 1}
    with pytest.raises(InvalidMetricError, match="Endpoint"):
        data_of(json.dumps(line))
