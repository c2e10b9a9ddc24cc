"""What time to live deletes: when the test says so, and the stream of the table tells who did it.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.local.ministack.messaging_stacks import until
from tests.local.ministack.stacks import deploy
from tests.local.ministack.table_stacks import TELLS, fed_by_stream, item, streaming_table, told

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.server import Server


def test_what_has_expired_is_deleted_on_demand(server: Server, tmp_path: Path):
    expiring = {"AttributeName": "delete_at", "Enabled": True}
    resources = {"Table": streaming_table(TimeToLiveSpecification=expiring), **fed_by_stream("Table", TELLS)}
    stack = deploy(server, tmp_path, "Expiring", resources)
    dynamodb, name, now = server.client("dynamodb"), stack.resource("Table"), int(time.time())
    for identity, delete_at in (("past", {"N": str(now - 5)}), ("soon", {"N": str(now + 600)}), ("text", {"S": "0"})):
        dynamodb.put_item(TableName=name, Item={**item(identity), "delete_at": delete_at})
    dynamodb.put_item(TableName=name, Item=item("never"))

    def left() -> set[str]:
        return {each["id"]["S"] for each in dynamodb.scan(TableName=name)["Items"]}

    assert left() == {"past", "soon", "text", "never"}, "expired items stay until they are deleted"
    assert server.dynamodb.delete_expired() == 1
    assert left() == {"soon", "text", "never"}
    assert server.dynamodb.delete_expired(datetime.now(timezone.utc) + timedelta(hours=1)) == 1
    assert left() == {"text", "never"}
    removed = until(
        lambda: (
            len(found := [each for batch in told(server, stack) for each in batch if each["eventName"] == "REMOVE"])
            == 2
            and found
        )
    )
    assert [each["userIdentity"] for each in removed] == [
        {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    ] * 2
