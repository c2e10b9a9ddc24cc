"""Who has to agree before a command runs."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

from chatops_constructs._durations import check_duration, in_seconds
from chatops_constructs._problems import Problems, matches
from chatops_constructs.slack.authorization import CHANNEL_ID, Allow

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_WITHIN = Duration.minutes(10)
# Less is no time to read what is asked for; and what was asked for yesterday is not what is meant today.
LEAST_WITHIN = 60
MOST_WITHIN = 24 * 60 * 60

# https://docs.slack.dev/reference/block-kit/blocks/section-block: a card names them in a text of 3,000 characters.
MOST_QUORUM = 50


@dataclass(frozen=True)
class Approval:
    """Somebody else agrees before a command runs, in a channel of Slack.

    The card in the channel says who wants to run what, and what exactly would run: the version of the document or the
    function, and the instances. That is frozen then: what was shown runs, or nothing does. Who asked may not approve,
    and the same person counts once.

    The endpoint needs a bot token, and the bot has to be in the channel.

    Example:
        from aws_cdk import Duration
        from chatops_constructs import Allow, Approval

        two_admins = Approval(
            by=Allow.user_group("S0ADMINS"), channel="C0123OPS", quorum=2, within=Duration.minutes(10)
        )

    Attributes:
        by: Who may approve or deny.
        channel: Where they are asked, `C…`.
        quorum: How many of them have to approve. One who denies is enough to deny.
        within: How long they have, all together: 1 minute to 24 hours. Then nothing runs.
    """

    _: KW_ONLY
    by: Allow
    channel: str
    quorum: int = 1
    within: Duration = field(default=DEFAULT_WITHIN)

    def __post_init__(self) -> None:
        """Check what was given.

        Raises:
            ValueError: Nobody could ever approve, or the time is none.
        """
        problems = Problems("Approval")
        problems.check(
            isinstance(self.by, Allow),
            "by",
            self.by,
            "Allow.user(…), Allow.user_group(…) or any other rule",
            "say who may approve",
        )
        problems.check(
            matches(CHANNEL_ID, self.channel),
            "channel",
            self.channel,
            "a channel's id: C and capital letters or digits, not a name",
            "copy the id at the bottom of the channel's details in Slack",
            tokens=False,
        )
        if isinstance(self.by, Allow):
            problems.check(
                _is_possible_in(self.channel, self.by.render()),
                "by",
                "a rule for other channels",
                f"a rule that lets somebody in who clicks in {self.channel}, where the card is",
                "name that channel in the rule as well, or people, or a user group",
            )
        self._check_quorum(problems)
        check_duration(problems, "within", self.within, least=LEAST_WITHIN, most=MOST_WITHIN)
        problems.raise_if_any()

    @property
    def seconds(self) -> int:
        """How many seconds they have."""
        return int(in_seconds(self.within))

    def _check_quorum(self, problems: Problems) -> None:
        people = _people(self.by.render()) if isinstance(self.by, Allow) else None
        most = MOST_QUORUM if people is None else min(len(people), MOST_QUORUM)
        problems.check(
            isinstance(self.quorum, int) and not isinstance(self.quorum, bool) and 1 <= self.quorum <= most,
            "quorum",
            self.quorum,
            f"1 to {most}" + (", as many as `by` names" if people is not None else ""),
            "say how many different people have to approve",
            tokens=False,
        )


def _is_possible_in(channel: str, rule: dict[str, Any]) -> bool:
    """Whether the rule may let somebody in who is in the channel."""
    if rule["kind"] == "channel":
        return channel in rule["ids"]
    if rule["kind"] == "any":
        return any(_is_possible_in(channel, part) for part in rule["of"])
    return all(_is_possible_in(channel, part) for part in rule.get("of", ()))


def _people(rule: dict[str, Any]) -> frozenset[str] | None:
    """Everybody whom a rule may let, as far as it names them one by one; None: nobody can tell how many there are."""
    if rule["kind"] == "user":
        return frozenset(rule["ids"])
    if rule["kind"] == "any":
        parts = [_people(part) for part in rule["of"]]
        return None if None in parts else frozenset().union(*_named(parts))
    if rule["kind"] == "all":
        named = list(_named(_people(part) for part in rule["of"]))
        return frozenset.intersection(*named) if named else None
    return None


def _named(parts: Iterable[frozenset[str] | None]) -> Iterable[frozenset[str]]:
    return (part for part in parts if part is not None)
