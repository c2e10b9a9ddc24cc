"""Stages with settings of one's own, and the differences that are meant."""

from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from chatops_constructs import Difference, Stages, StageSettings, assert_stage_parity


@dataclass(frozen=True, kw_only=True)
class OrderSettings(StageSettings):
    """What differs between the stages. Each has to say the capacity, or it does not synthesise."""

    capacity: int
    is_precious: bool = False


class Orders(cdk.Stack):
    """A table, and who is told when it is too small."""

    def __init__(self, scope: Construct, id: str, *, settings: OrderSettings) -> None:
        super().__init__(scope, id)
        table = dynamodb.Table(
            self,
            "Table",
            # With the stage's name in front, both stages may be in one account.
            table_name=f"{settings.prefix}orders",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            read_capacity=settings.capacity,
            write_capacity=settings.capacity,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=settings.is_precious,
        )
        if settings.is_precious:
            throttled = table.metric("ThrottledRequests", statistic="Sum")
            cloudwatch.Alarm(self, "TooSmall", metric=throttled, threshold=100, evaluation_periods=3)


app = cdk.App()
Stages(
    app,
    build=lambda stage, settings: Orders(stage, "Orders", settings=settings),
    settings=[
        OrderSettings(name="staging", account="111122223333", region="eu-central-1", capacity=1),
        OrderSettings(name="production", account="444455556666", region="eu-west-1", capacity=20, is_precious=True),
    ],
)
assert_stage_parity(
    app,
    # The first is what the others are compared with. Default: all stages of the app, in its order.
    stages=["production", "staging"],
    differences=[
        Difference("Orders/TooSmall", only_in=["production"], reason="nobody is woken for staging"),
        Difference(
            "Orders/Table", properties=["DeletionProtectionEnabled"], reason="staging is made and deleted every week"
        ),
    ],
)
