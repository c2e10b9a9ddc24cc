"""What the functions of a delivery pipeline are told by their environment.

The function behind `/deploy` has `PIPELINE`, `PIPELINE_ARN`, `STAGES`, `PEOPLE`, `SELF_APPROVAL` and, with a bot token,
the variable of `chatops_runtime.contracts.environment` for it; the one that tells topics has `PIPELINE_ARN`, `STAGES`
and `TOPICS`.
"""

PIPELINE = "CHATOPS_PIPELINE"
"""The pipeline's name."""

PIPELINE_ARN = "CHATOPS_PIPELINE_ARN"
"""Its ARN, for links to the console."""

STAGES = "CHATOPS_DELIVERY_STAGES"
"""JSON: by the name that people type, where its approval is: `{"production": "production-gate"}`.

The action is `APPROVE` in each of them. In their order.
"""

PEOPLE = "CHATOPS_DELIVERY_PEOPLE"
"""JSON: the Slack user of a commit's author, by e-mail address or login in small letters: `{"octocat": "U012AB"}`.

`AUTOMATION` in the place of a user is nobody in Slack.
"""

SELF_APPROVAL = "CHATOPS_SELF_APPROVAL"
"""`refused` or `allowed`."""

REFUSED = "refused"
ALLOWED = "allowed"

TOPICS = "CHATOPS_DELIVERY_TOPICS"
"""JSON: the ARNs of topics by the outcome that they are told: `{"waiting": […], "failed": […], "succeeded": […]}`."""

AUTOMATION = "automation"

APPROVE = "Approve"
"""The name of the action that waits for an approval."""

LONGEST_SUMMARY = 512
"""https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ApprovalResult.html."""

LONGEST_REASON = 300
"""Characters of the reason that somebody types."""
