"""Several stages of one definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import aws_cdk as cdk

from chatops_constructs._problems import Problems
from chatops_constructs.stages.stage_settings import StageSettings, check_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from constructs import Construct

S = TypeVar("S", bound=StageSettings)


class Stages(Generic[S]):
    """One `cdk.Stage` for each settings, all built by the same function: staging and production cannot drift apart.

    The stages are plain ones of CDK: `cdk deploy "staging/*"` deploys one, a pipeline takes them as they are. Their
    stacks are called `staging-Bots`, `production-Bots`, and have the stage's account and region.

    Example:
        import aws_cdk as cdk
        from aws_cdk import aws_sns as sns
        from chatops_constructs import Stages, StageSettings

        def bots(stage: cdk.Stage, settings: StageSettings) -> None:
            stack = cdk.Stack(stage, "Bots")
            sns.Topic(stack, "Alarms", topic_name=f"{settings.prefix}alarms")

        app = cdk.App()
        stages = Stages(
            app,
            build=bots,
            settings=[
                StageSettings(name="staging", account="111122223333", region="eu-central-1"),
                StageSettings(name="production", account="444455556666", region="eu-central-1"),
            ],
        )

    Attributes:
        names: The stages' names, in their order.
    """

    def __init__(self, scope: Construct, *, build: Callable[[cdk.Stage, S], object], settings: Sequence[S]) -> None:
        """Make the stages, in their order.

        Args:
            scope: The app, or the stack with the pipeline that deploys them.
            build: Makes the stacks of a stage in it, by its settings. It is called once for each stage.
            settings: One for each stage, all of one class: `StageSettings` or a dataclass of yours that extends it.

        Raises:
            ValueError: There is no stage, two have the same name, their classes differ, or the settings of one are not
                allowed.
        """
        _check(settings)
        self._stages = {each.name: SettledStage(scope, each) for each in settings}
        self.names: tuple[str, ...] = tuple(self._stages)
        for each in settings:
            build(self._stages[each.name], each)

    def __getitem__(self, name: str) -> cdk.Stage:
        """The stage of this name."""
        return self._stages[name]

    def __iter__(self) -> Iterator[cdk.Stage]:
        """The stages, in their order."""
        return iter(self._stages.values())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._stages)


class SettledStage(cdk.Stage):
    """A stage that knows its settings, so that a comparison knows what is meant to differ."""

    def __init__(self, scope: Construct, settings: StageSettings) -> None:
        """Make it, without stacks.

        Args:
            scope: Its parent.
            settings: Its name, its environment, and what else is its own.
        """
        super().__init__(scope, settings.name, env=settings.environment)
        self.settings = settings


def _check(settings: Sequence[StageSettings]) -> None:
    problems = Problems("Stages")
    names = [each.name for each in settings]
    problems.check(bool(settings), "settings", [], "one for each stage", "give those of one stage at least")
    problems.check(
        len(set(names)) == len(names), "settings", names, "another name for each stage", "rename those that are twice"
    )
    classes = sorted({type(each).__name__ for each in settings})
    problems.check(
        len(set(map(type, settings))) <= 1,
        "settings",
        classes,
        "one class for all stages",
        "a setting that one stage has is missing in another: give all the same fields",
    )
    for each in settings:
        check_settings(each, problems)
    problems.raise_if_any()
