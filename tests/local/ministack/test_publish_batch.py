"""PublishBatch: what is refused of a batch and of its entries, and entries that fail because a test says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.ministack.messaging_stacks import topic
from tests.local.ministack.stacks import deploy

if TYPE_CHECKING:
    from chatops_local.server import Server


@pytest.fixture(scope="module")
def topic_arn(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    return deploy(server, tmp_path_factory.mktemp("batches"), "Batches", {"Topic": topic()}).resource("Topic")


def entries(*texts: str) -> list[dict[str, Any]]:
    return [{"Id": f"entry-{number}", "Message": text} for number, text in enumerate(texts)]


def publish(server: Server, topic_arn: str, *texts: str) -> dict[str, Any]:
    answer = server.client("sns").publish_batch(TopicArn=topic_arn, PublishBatchRequestEntries=entries(*texts))
    return {
        "successful": [each["Id"] for each in answer.get("Successful", [])],
        "failed": {each["Id"]: (each["Code"], each["SenderFault"]) for each in answer.get("Failed", [])},
    }


def published(server: Server, topic_arn: str) -> list[str]:
    return [publication.message for publication in server.published(topic_arn)]


def test_ten_entries_are_published(server: Server, topic_arn: str):
    texts = [f"ten {number}" for number in range(10)]
    answer = publish(server, topic_arn, *texts)
    assert answer == {"successful": [f"entry-{number}" for number in range(10)], "failed": {}}
    assert published(server, topic_arn)[-10:] == texts


@pytest.mark.parametrize(
    ("texts", "code"),
    [(["m"] * 11, "TooManyEntriesInBatchRequest"), (["x" * 26_215] * 10, "BatchRequestTooLong")],
)
def test_a_batch_that_is_too_much_is_refused_as_a_whole(server: Server, topic_arn: str, texts: list[str], code: str):
    before = published(server, topic_arn)
    with pytest.raises(ClientError, match=code):
        publish(server, topic_arn, *texts)
    assert published(server, topic_arn) == before


def test_ids_have_letters_digits_and_dashes(server: Server, topic_arn: str):
    entry = {"Id": "an id", "Message": "m"}
    with pytest.raises(ClientError, match="InvalidBatchEntryId"):
        server.client("sns").publish_batch(TopicArn=topic_arn, PublishBatchRequestEntries=[entry])


def test_an_entry_that_is_wrong_by_itself_fails_alone(server: Server, topic_arn: str):
    given = [
        {"Id": "good", "Message": "good"},
        {"Id": "bad", "Message": "m", "Subject": "x" * 101},
        {"Id": "fine", "Message": "fine"},
    ]
    answer = server.client("sns").publish_batch(TopicArn=topic_arn, PublishBatchRequestEntries=given)
    (failed,) = answer["Failed"]
    assert (failed["Id"], failed["Code"], failed["SenderFault"]) == ("bad", "InvalidParameter", True)
    assert [each["Id"] for each in answer["Successful"]] == ["good", "fine"]
    assert published(server, topic_arn)[-2:] == ["good", "fine"]


def test_entries_fail_on_purpose_across_batches(server: Server, topic_arn: str):
    server.sns.fail_entries(3, after=1)
    assert publish(server, topic_arn, "a", "b", "c") == {
        "successful": ["entry-0"],
        "failed": {"entry-1": ("InternalError", False), "entry-2": ("InternalError", False)},
    }
    assert publish(server, topic_arn, "d", "e")["failed"] == {"entry-0": ("InternalError", False)}
    assert publish(server, topic_arn, "f")["failed"] == {}
    assert published(server, topic_arn)[-3:] == ["a", "e", "f"]


def test_a_whole_batch_fails_on_purpose(server: Server, topic_arn: str):
    before = published(server, topic_arn)
    server.sns.fail_entries(2, code="InvalidParameter", message="a < b", sender_fault=True)
    assert publish(server, topic_arn, "a", "b") == {
        "successful": [],
        "failed": {"entry-0": ("InvalidParameter", True), "entry-1": ("InvalidParameter", True)},
    }
    assert published(server, topic_arn) == before


def test_a_throttled_call_publishes_nothing(server: Server, topic_arn: str):
    before = published(server, topic_arn)
    server.sns.throttle()
    with pytest.raises(ClientError, match="Throttled"):
        publish(server, topic_arn, "m")
    assert published(server, topic_arn) == before


def test_the_answer_is_lost_and_everything_published(server: Server, topic_arn: str):
    server.sns.lose_answer()
    with pytest.raises(ClientError, match="InternalError"):
        publish(server, topic_arn, "lost")
    assert published(server, topic_arn)[-1] == "lost"
