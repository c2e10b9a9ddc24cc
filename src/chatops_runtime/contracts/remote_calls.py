"""How a state machine calls AWS in another account or region: through a function that takes a role there.

Step Functions calls services of its own region only. The function is invoked with

    {"operation": "sendCommand", "arguments": {"DocumentName": "…", …}}

both as in the integration `aws-sdk:ssm:sendCommand`, and answers what that would answer. Its errors have the names of
that integration's: `Ssm.InvalidInstanceIdException`, `Ssm.ThrottlingException`, and `Ssm.SdkClientException` for a call
that was not answered.
"""

ROLE_ARN = "CHATOPS_TARGET_ROLE_ARN"
"""The role that is taken for the calls."""

REGION = "CHATOPS_TARGET_REGION"
"""The region in which the calls are made. Absent: the function's own."""

OPERATIONS = frozenset(
    {
        "cancelCommand",
        "describeDocument",
        "describeInstanceInformation",
        "getCommandInvocation",
        "listCommandInvocations",
        "listCommands",
        "sendCommand",
    }
)
"""What is called: all of Systems Manager."""
