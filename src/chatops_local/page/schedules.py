"""Schedules, as the page lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatops_local.cloud import Schedule


def schedule_as_json(schedule: Schedule) -> dict[str, Any]:
    """For the browser."""
    return {
        "title": schedule.title,
        "expression": schedule.expression,
        "zone": schedule.time_zone,
        "enabled": schedule.enabled,
        "next": f"{schedule.next_times[0]:%a %Y-%m-%d %H:%M}" if schedule.next_times else "",
    }
