"""What the local cloud claims to do as AWS does, and where AWS says so: `allow()` and `deny()` mark tests of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

_DOCS = "https://docs.aws.amazon.com"


@dataclass(frozen=True)
class Behaviour:
    """One behaviour of AWS.

    Attributes:
        text: What happens.
        page: Where AWS says so, below docs.aws.amazon.com.
    """

    text: str
    page: str

    def allow(self, *actions: str) -> pytest.MarkDecorator:
        """Of a test of what may be done; with the IAM actions that it shows, `{name}` being a parameter of the test."""
        return pytest.mark.trust(self.text, source=f"{_DOCS}/{self.page}", canary="allow", actions=actions)

    def deny(self, *actions: str) -> pytest.MarkDecorator:
        """Of a test of what may not be done."""
        return pytest.mark.trust(self.text, source=f"{_DOCS}/{self.page}", canary="deny", actions=actions)


# --- Roles
API_CALL = Behaviour(
    "An API call is judged by the policies of the role that makes it",
    "service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
)
TASK_ROLE = Behaviour(
    "A task of a state machine is judged by the machine's role, on every pattern",
    "step-functions/latest/dg/service-integration-iam-templates.html",
)
FOLLOWING = Behaviour(
    "A `.sync` task takes the rights to follow the execution that it starts",
    "step-functions/latest/dg/connect-stepfunctions.html",
)
TRUST_OF_FUNCTIONS = Behaviour(
    "A function's role must trust Lambda, and the function has that role's credentials",
    "lambda/latest/dg/lambda-intro-execution-role.html",
)
TRUST_OF_MACHINES = Behaviour(
    "A state machine's role must trust Step Functions",
    "step-functions/latest/dg/procedure-create-iam-role.html",
)
FUNCTION_LOGS = Behaviour(
    "Lines of a function are written with the rights of its role, its own log group included",
    "lambda/latest/dg/monitoring-cloudwatchlogs.html",
)
LOG_DELIVERY = Behaviour(
    "A state machine that logs is created only if its role may set up the delivery of logs",
    "step-functions/latest/dg/cw-logs.html",
)
TRACING = Behaviour(
    "A state machine that is traced is created only if its role may send traces",
    "step-functions/latest/dg/xray-iam.html",
)
MACHINE_KEY = Behaviour(
    "A state machine with a key of its own takes the right to it, for executions and for logs",
    "step-functions/latest/dg/encryption-at-rest.html",
)
SCHEDULE_ROLE = Behaviour(
    "A schedule starts its target in its role: trust, the target's action, and the dead-letter queue's",
    "scheduler/latest/UserGuide/setting-up.html",
)
RULE_ROLE = Behaviour(
    "A rule whose target has a role starts it with the rights of that role",
    "eventbridge/latest/userguide/eb-use-identity-based.html",
)
QUEUE_POLLER = Behaviour(
    "Lambda polls a queue in the role of the function", "lambda/latest/dg/services-sqs-configure.html"
)
STREAM_POLLER = Behaviour(
    "Lambda polls the stream of a table in the role of the function",
    "amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html",
)
AGENT = Behaviour(
    "An instance is online only if its role lets the agent register and fetch messages",
    "systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html",
)
INSTANCE_OUTPUT = Behaviour(
    "What an instance logs and which parameters it reads is judged by its profile's role",
    "systems-manager/latest/userguide/sysman-rc-setting-up-cwlogs.html",
)
API_ROUTE = Behaviour(
    "A route with IAM authorization takes a signature and the right to invoke that route",
    "apigateway/latest/developerguide/http-api-access-control-iam.html",
)

# --- Resources and conditions
RESOURCE_TAG = Behaviour(
    "`SendCommand` is judged on the document and on every instance, by `ssm:resourceTag`",
    "systems-manager/latest/userguide/run-command-setting-up.html",
)
LEADING_KEYS = Behaviour(
    "`dynamodb:LeadingKeys` is judged for items, queries and each item of a transaction; a scan has none",
    "amazondynamodb/latest/developerguide/specifying-conditions.html",
)
TRANSACTION = Behaviour(
    "Each item of a transaction is judged as the action that it is",
    "amazondynamodb/latest/developerguide/transaction-apis-iam.html",
)
TASK_TOKEN = Behaviour(
    "`SendTask*` is judged by the ARN of the machine that waits",
    "step-functions/latest/dg/concept-create-iam-advanced.html",
)
IP_SET = Behaviour("IP sets are judged by scope and name", "service-authorization/latest/reference/list_awswafv2.html")

# --- Policies of resources and keys
RULE_TARGET_POLICY = Behaviour(
    "A rule reaches a queue, a topic or a function as far as its policy lets the rule in",
    "eventbridge/latest/userguide/eb-use-resource-based.html",
)
QUEUE_POLICY = Behaviour(
    "A topic reaches a queue as far as the queue's policy lets it in",
    "sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
)
FUNCTION_PERMISSION = Behaviour(
    "A topic invokes a function as far as the function's policy lets it", "lambda/latest/dg/with-sns.html"
)
TOPIC_POLICY = Behaviour(
    "A topic's policy takes the place of the default one: alarms have to be let in",
    "AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
)
SITE_BUCKET = Behaviour(
    "A bucket serves the distributions that its policy names, and tells who may list what is not there",
    "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
)
SIGNED_ORIGIN = Behaviour(
    "A function URL with IAM takes CloudFront's signature, both permissions, and the hash of what is posted",
    "AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html",
)
SERVICE_KEY = Behaviour(
    "Services write to encrypted queues and topics as far as the key's policy lets them",
    "sns/latest/dg/sns-key-management.html",
)
CALLER_KEY = Behaviour(
    "Who sends to or receives from what is encrypted takes the right to the key",
    "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
)
SECRET_KEY = Behaviour(
    "Reading a secret takes the right to that secret, and to its key if it has one of its own",
    "secretsmanager/latest/userguide/security-encryption.html",
)
PIPELINE_APPROVAL = Behaviour(
    "An approval of a pipeline is answered with the right to that one action of it",
    "codepipeline/latest/userguide/approvals-iam-permissions.html",
)
DESTINATION = Behaviour(
    "Lambda tells the destination of an asynchronous invocation with the rights of the function's role",
    "lambda/latest/dg/invocation-async-retain-records.html",
)
MESSAGE_MOVES = Behaviour(
    "Moving dead letters back takes rights to both queues",
    "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive-permissions.html",
)
TABLE_KEY = Behaviour(
    "A table with a key of its own takes the rights to that key",
    "amazondynamodb/latest/developerguide/encryption.usagenotes.html",
)

# --- Executions and commands
SAME_NAME = Behaviour(
    "The same name and input while it runs is the same execution; anything else is refused",
    "step-functions/latest/apireference/API_StartExecution.html",
)
TOKEN_LENGTH = Behaviour(
    "Task tokens have up to 2,048 characters; others than the one that is waited for are refused",
    "step-functions/latest/apireference/API_SendTaskSuccess.html",
)
TIME_LIMIT = Behaviour(
    "`TimeoutSeconds` of tasks and executions, in scaled time",
    "step-functions/latest/dg/state-task.html",
)
HISTORY = Behaviour(
    "A history has the arguments of each call, and so its task token, if execution data are asked for",
    "step-functions/latest/apireference/API_GetExecutionHistory.html",
)
CLOSED_TOKEN = Behaviour(
    "A task token is taken once; that of a task which has ended, by whatever, is taken no more",
    "step-functions/latest/apireference/API_SendTaskSuccess.html",
)
REVISIONS = Behaviour(
    "A function has a new revision, and a state machine too, whenever it is updated, and only then",
    "lambda/latest/api/API_GetFunctionConfiguration.html",
)
CHILDREN = Behaviour(
    "A `.sync` task ends with the execution that it starts, as that ends; who is stopped stops it too",
    "step-functions/latest/dg/connect-to-resource.html",
)
LOG_PATTERNS = Behaviour(
    "A filter pattern finds lines with all of its terms, or one of those with `?`, in their case, a phrase as it is",
    "AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
)
LOG_PAGES = Behaviour(
    "A page of log events may be partly full or empty; only one without a token is the last",
    "AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html",
)
LOG_QUERIES = Behaviour(
    "A query of Logs Insights finds lines that hold a text, and names each one's account and log group",
    "AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html",
)
COMMAND_EVENTS = Behaviour(
    "Events of Run Command are best effort: they come late, twice or not at all",
    "systems-manager/latest/userguide/reference-eventbridge-events.html",
)
