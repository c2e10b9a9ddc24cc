"""Reminds the team of its stand-up, and says whose turn it is to lead it."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from chatops_runtime import Reply, ScheduledRun, SlackInteraction

TEAM = ("Ann", "Ben", "Chie")
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=False)  # noqa: S701 - no HTML


def remind(run: ScheduledRun) -> Reply:
    """The reminder, with a button for those who are not there."""
    day = run.local_time
    text = TEMPLATES.get_template("standup.jinja").render(day=day, lead=TEAM[day.toordinal() % len(TEAM)], team=TEAM)
    away = {
        "type": "button",
        "action_id": "standup_away",
        "text": {"type": "plain_text", "text": "I am away"},
        "value": f"{day:%d %B}",
    }
    return Reply(
        text=f"Stand-up on {day:%d %B}",
        blocks=[
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {"type": "actions", "elements": [away]},
        ],
    )


def away(click: SlackInteraction) -> Reply:
    """Who clicked is away."""
    return Reply(mrkdwn=f"<@{click.user_id}> is away on {click.value}.")
