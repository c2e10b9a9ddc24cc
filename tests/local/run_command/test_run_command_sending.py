"""What SendCommand takes and refuses: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html."""

from __future__ import annotations

from typing import Any

import pytest

from chatops_local.run_command import ServiceError

UNKNOWN = "i-0123456789abcdef0"
BY_TAG = {"Targets": [{"Key": "tag:Role", "Values": ["web"]}]}


def by(key: str = "tag:a", *, values: int = 1, times: int = 1) -> dict[str, Any]:
    return {"InstanceIds": [], "Targets": [{"Key": key, "Values": ["b"] * values}] * times}


def test_the_answer_to_ids_counts_them(cloud, web):
    sent = cloud.call(
        "SendCommand",
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": ["true"]},
        InstanceIds=[web.instance_id],
        Comment="why",
        TimeoutSeconds=30,
    )["Command"]
    assert (sent["Status"], sent["StatusDetails"], sent["TargetCount"]) == ("Pending", "Pending", 1)
    assert sent["Comment"] == "why"
    assert sent["Parameters"] == {"commands": ["true"]}
    assert sent["DocumentVersion"] == "$DEFAULT"
    assert (sent["MaxConcurrency"], sent["MaxErrors"], sent["TimeoutSeconds"]) == ("50", "0", 30)
    # Delivery and execution timeout together: executionTimeout is 3600 by default.
    assert sent["ExpiresAfter"] - sent["RequestedDateTime"] == pytest.approx(3630)


def test_the_answer_to_tags_counts_nothing_yet(cloud, web):
    sent = cloud.call("SendCommand", DocumentName="AWS-RunShellScript", Parameters={"commands": ["true"]}, **BY_TAG)[
        "Command"
    ]
    assert (sent["Status"], sent["TargetCount"], sent["InstanceIds"]) == ("Pending", 0, [])
    ended = cloud.ended(sent["CommandId"])
    assert (ended["Status"], ended["TargetCount"], ended["CompletedCount"]) == ("Success", 1, 1)


def test_the_version_of_the_moment_of_sending_runs(cloud, web, document_content):
    cloud.create_document(["echo one"], name="Doc")
    cloud.fleet.set_online(web.instance_id, online=False)
    to_web = {"document": "Doc", "InstanceIds": [web.instance_id]}
    default, latest, first = (
        cloud.send(**to_web),
        cloud.send(DocumentVersion="$LATEST", **to_web),
        cloud.send(DocumentVersion="1", **to_web),
    )
    cloud.call("UpdateDocument", Name="Doc", Content=document_content(["echo two"]))
    cloud.call("UpdateDocumentDefaultVersion", Name="Doc", DocumentVersion="2")
    cloud.fleet.set_online(web.instance_id, online=True)
    for command_id in (default, latest, first):
        cloud.ended(command_id)
        assert cloud.invocation(command_id, web)["StandardOutputContent"] == "one\n"
    second = cloud.send(**to_web)
    cloud.ended(second)
    assert cloud.invocation(second, web)["StandardOutputContent"] == "two\n"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"DocumentName": "Missing"}, "InvalidDocument", "Missing"),
        ({"DocumentName": "x"}, "ValidationException", "DocumentName 'x' does not match"),
        ({"DocumentVersion": "7"}, "InvalidDocumentVersion", "AWS-RunShellScript has no version 7"),
        ({"DocumentVersion": "latest"}, "ValidationException", "DocumentVersion 'latest'"),
        ({"Parameters": {}}, "InvalidParameters", "commands is required"),
        ({"Parameters": {"commands": []}}, "InvalidParameters", "minItems is 1"),
        ({"Parameters": {"commands": ["x"], "more": ["y"]}}, "InvalidParameters", "no parameter more"),
        ({"Parameters": {"commands": ["x"], "executionTimeout": ["172801"]}}, "InvalidParameters", "executionTimeout"),
        ({"Parameters": {"commands": "x"}}, "ValidationException", "Parameters.commands is a str, a list"),
        ({"InstanceIds": [UNKNOWN]}, "InvalidInstanceId", UNKNOWN),
        ({"InstanceIds": ["web-1"]}, "ValidationException", r"InstanceIds\[0\] 'web-1'"),
        ({"InstanceIds": [UNKNOWN] * 2}, "DuplicateInstanceId", "twice"),
        ({"InstanceIds": [UNKNOWN] * 51}, "ValidationException", "InstanceIds has a length of 51, 0 to 50"),
        ({"InstanceIds": []}, "ValidationException", "one of InstanceIds and Targets"),
        (BY_TAG, "ValidationException", "one of InstanceIds and Targets"),
        (by(times=6), "ValidationException", "Targets has a length of 6"),
        (by(values=51), "ValidationException", "a length of 51, 0 to 50"),
        (by("tag:a%"), "ValidationException", r"Targets\[0\].Key 'tag:a%'"),
        ({"Comment": "x" * 101}, "ValidationException", "Comment .* has a length of 101, 0 to 100"),
        ({"TimeoutSeconds": 29}, "ValidationException", "TimeoutSeconds 29 has a value of 29, 30 to 2592000"),
        ({"TimeoutSeconds": 2592001}, "ValidationException", "TimeoutSeconds"),
        ({"TimeoutSeconds": "60"}, "ValidationException", "TimeoutSeconds is a str, a integer"),
        ({"TimeoutSeconds": True}, "ValidationException", "TimeoutSeconds is a bool"),
        ({"MaxConcurrency": "0"}, "ValidationException", "MaxConcurrency '0'"),
        ({"MaxErrors": "101%"}, "ValidationException", "MaxErrors '101%'"),
        ({"CloudWatchOutputConfig": {"CloudWatchLogGroupName": ""}}, "ValidationException", "CloudWatchLogGroupName"),
        ({"CloudWatchOutputConfig": {"On": True}}, "ValidationException", "CloudWatchOutputConfig.On is unknown"),
        ({"Timeout": 60}, "ValidationException", "Timeout is unknown"),
        ({"DocumentHash": "0" * 64}, "InvalidDocument", "another hash"),
        ({"DocumentHashType": "Sha1"}, "NotEmulated", "DocumentHashType Sha1"),
        ({"OutputS3BucketName": "bucket"}, "NotEmulated", "SendCommand's OutputS3BucketName"),
        ({"NotificationConfig": {}}, "NotEmulated", "NotificationConfig"),
        ({"AlarmConfiguration": {"Alarms": [{"Name": "a"}]}}, "NotEmulated", "AlarmConfiguration"),
    ],
)  # fmt: skip
def test_what_is_refused(cloud, web, change, code, message):
    request = {
        "DocumentName": "AWS-RunShellScript",
        "Parameters": {"commands": ["true"]},
        "InstanceIds": [web.instance_id],
    }
    with pytest.raises(ServiceError, match=message) as caught:
        cloud.call("SendCommand", **{**request, **change})
    assert caught.value.code == code
    assert cloud.call("ListCommands")["Commands"] == []


def test_the_document_is_held_to_the_hash_that_its_description_has(cloud, web):
    seen = cloud.call("DescribeDocument", Name="AWS-RunShellScript")["Document"]
    hashed = {"DocumentHash": seen["Hash"], "DocumentHashType": seen["HashType"]}
    assert cloud.send("true", InstanceIds=[web.instance_id], **hashed)


def test_a_parameters_value_is_in_no_error_and_no_repr(cloud, web):
    secret = "s3cret-" + "x" * 200
    with pytest.raises(ServiceError) as caught:
        cloud.send(InstanceIds=[web.instance_id], Parameters={"commands": ["x"], "executionTimeout": [secret]})
    assert "s3cret" not in str(caught.value)
    cloud.send(f"echo {secret}", InstanceIds=[web.instance_id])
    assert "s3cret" not in repr(list(cloud.service._commands._commands.values()))


def test_all_that_is_wrong_is_said_at_once(cloud):
    with pytest.raises(ServiceError, match=r"DocumentName is missing; .*TimeoutSeconds 1 has"):
        cloud.call("SendCommand", TimeoutSeconds=1)


def test_an_unknown_action_is_named(cloud):
    with pytest.raises(ServiceError, match=r"StartAutomationExecution: emulated are CancelCommand") as caught:
        cloud.call("StartAutomationExecution")
    assert caught.value.code == "UnknownOperationException"
    assert "SendCommand" in cloud.service.actions
