"""`chatops-constructs secrets check`, on the local cloud, with every fault planted."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.setup.policies import policy_in_the_guide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chatops_local.cloud import LocalCloud
    from chatops_local.server import Credentials
    from tests.setup.command_line import CommandLine, Ran

APP = Path(__file__).parent / "stages"
CANARY = f"canary-{secrets.token_hex(16)}"

FOLDER = "/acme/staging/standup"
API_KEY, DATABASE, PARTNER = f"{FOLDER}/api-key", f"{FOLDER}/database", f"{FOLDER}/partner"
BOT_TOKEN = f"{FOLDER}/slack-bot-token"
ALL = [BOT_TOKEN, API_KEY, DATABASE, PARTNER]
PUT = "`chatops-constructs secrets put` with the same arguments asks for it, and shows nothing of what is typed"


class Stores:
    """Both stores of the local cloud, with every secret of the stage `staging` as it should be."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.ssm = cloud.server.client("ssm")
        self.secrets_manager = cloud.server.client("secretsmanager")
        self.token = "-".join(["xoxb", "1", CANARY])
        self.put(BOT_TOKEN, self.token)
        self.put(API_KEY, CANARY)
        self.create(DATABASE, json.dumps({"username": "bot", "password": CANARY}))
        self.create(PARTNER, CANARY)

    def put(self, name: str, value: str, **settings: str) -> None:
        self.ssm.delete_parameters(Names=[name])
        self.ssm.put_parameter(Name=name, Value=value, **{"Type": "SecureString", **settings})

    def create(self, name: str, value: str | bytes, **settings: str) -> None:
        self.delete(name)
        kind = "SecretString" if isinstance(value, str) else "SecretBinary"
        self.secrets_manager.create_secret(Name=name, **{kind: value}, **settings)

    def delete(self, name: str, **how: Any) -> None:
        if name in {each["Name"] for each in self.secrets_manager.list_secrets()["SecretList"]}:
            self.secrets_manager.delete_secret(SecretId=name, **(how or {"ForceDeleteWithoutRecovery": True}))

    def clear(self) -> None:
        self.ssm.delete_parameters(Names=[BOT_TOKEN, API_KEY])
        for name in (DATABASE, PARTNER):
            self.delete(name)


@pytest.fixture
def stores(bare_cloud: LocalCloud) -> Iterator[Stores]:
    found = Stores(bare_cloud)
    yield found
    found.clear()


@pytest.fixture
def check(run: CommandLine, bare_cloud: LocalCloud, stages: Path) -> Callable[..., Ran]:
    """Checks the stage `staging`, and sees that no value is printed."""

    def checked(*arguments: str, app: Path = stages, stage: str = "staging", **settings: Any) -> Ran:
        ran = run(bare_cloud, "secrets", "check", str(app), "--stage", stage, *arguments, **settings)
        assert CANARY not in ran.out + ran.err
        return ran

    return checked


@pytest.mark.usefixtures("stores")
def test_all_is_well(check: Callable[..., Ran]) -> None:
    ran = check()
    assert ran.code == 0, ran.out
    lines = ran.out.splitlines()
    assert [line.split()[:2] for line in lines[:4]] == [["✔", f"{name}:"] for name in ALL]
    assert lines[0].startswith(f"✔ {BOT_TOKEN}: SecureString, version 1, of ")
    assert lines[2].startswith(f"✔ {DATABASE}: in Secrets Manager, of ")
    assert lines[-1] == "✔ 4 checks, no problem"
    assert f"looking at {API_KEY} … " in ran.err


@pytest.mark.usefixtures("stores")
def test_as_json(check: Callable[..., Ran]) -> None:
    document = check("--json").document
    assert (document["ok"], document["stage"]) == (True, "staging")
    assert [(each["check"], each["level"]) for each in document["checks"]] == [(name, "ok") for name in ALL]


def test_nothing_is_there(check: Callable[..., Ran]) -> None:
    ran = check("--json")
    assert ran.code == 1
    parameter, managed = "missing from Parameter Store in us-east-1", "missing from Secrets Manager in us-east-1"
    assert ran.failures() == [
        (name, says, PUT) for name, says in zip(ALL, [parameter, parameter, managed, managed], strict=True)
    ]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (API_KEY, " ", "is empty"),
        (API_KEY, "changeme", "holds a placeholder"),
        (BOT_TOKEN, CANARY, "does not hold xoxb- and letters, digits and dashes"),
        (PARTNER, "<token>", "holds a placeholder"),
        (PARTNER, CANARY.encode(), "is binary, and text is expected"),
        (DATABASE, CANARY, "is no JSON object, and the field password of it is read"),
        (DATABASE, json.dumps([CANARY]), "is no JSON object, and the field password of it is read"),
        (DATABASE, json.dumps({"pass": CANARY}), "has no text in the field password"),
        (DATABASE, json.dumps({"password": "TODO"}), "the field password of it holds a placeholder"),
    ],
    ids=lambda value: str(value).replace(CANARY, "canary"),
)
def test_a_value_that_is_no_secret(
    stores: Stores, check: Callable[..., Ran], name: str, value: str | bytes, says: str
) -> None:
    if name in (API_KEY, BOT_TOKEN):
        assert isinstance(value, str)
        stores.put(name, value)
    else:
        stores.create(name, value)
    ran = check("--json")
    assert ran.failures() == [(name, says, PUT)]
    assert ran.code == 1


def test_one_that_is_not_encrypted(stores: Stores, check: Callable[..., Ran]) -> None:
    stores.put(API_KEY, CANARY, Type="String")
    ((name, says, remedy),) = check("--json").failures()
    assert (name, says) == (API_KEY, "is a String, which everybody who lists parameters can read")
    assert remedy.startswith("let whoever issued it make a new one, since this one has been readable, and delete it; ")


def test_one_that_is_being_deleted(stores: Stores, check: Callable[..., Ran]) -> None:
    stores.delete(PARTNER, RecoveryWindowInDays=7)
    remedy = f"aws secretsmanager restore-secret --secret-id {PARTNER}"
    assert check("--json").failures() == [(PARTNER, "is being deleted", remedy)]
    stores.secrets_manager.restore_secret(SecretId=PARTNER)


def test_keys_that_the_readers_may_not_use(stores: Stores, check: Callable[..., Ran]) -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/2b0c9a3e-0000-0000-0000-000000000000"
    stores.put(API_KEY, CANARY, KeyId=key)
    stores.create(PARTNER, CANARY, KmsKeyId=key)
    says = f"is encrypted with {key}, which its readers may not use"
    assert [failure[:2] for failure in check("--json").failures()] == [(API_KEY, says), (PARTNER, says)]


@pytest.mark.usefixtures("stores")
def test_the_stage_of_another_account_is_not_looked_for_in_this_one(check: Callable[..., Ran]) -> None:
    ran = check("--json", stage="production")
    assert ran.code == 1
    says = "was not looked at: it is of account 222222222222, your credentials are of 123456789012"
    assert ran.failures() == [
        (name.replace("staging", "production"), says, "name credentials of that account, with --profile or --role-arn")
        for name in ALL
    ]


def test_a_stage_that_only_the_names_say(check: Callable[..., Ran]) -> None:
    names = [failure[0] for failure in check("--json", "--region", "us-east-1", stage="preview").failures()]
    assert names == [name.replace("staging", "preview") for name in ALL]


def test_a_stage_that_is_none(check: Callable[..., Ran]) -> None:
    ran = check(stage="prod")
    assert ran.code == 1
    assert ran.err.endswith("there are: Production, Staging, preview, production, staging\n")
    assert "the app has no stage prod: neither a cdk.Stage of that id nor secrets that StageSecrets(" in ran.err


@pytest.mark.usefixtures("stores")
def test_an_app_is_synthesised_first(check: Callable[..., Ran]) -> None:
    ran = check(app=APP)
    assert ran.code == 0, ran.err
    assert f"synthesising {APP} … " in ran.err
    assert not (APP / "cdk.out").exists()


def test_an_app_that_fails(check: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('no such luck')")
    ran = check("--json", app=tmp_path)
    assert ran.code == 1
    assert "no such luck" in ran.err
    assert ran.document["ok"] is False


def test_a_folder_without_an_app(check: Callable[..., Ran], tmp_path: Path) -> None:
    ran = check(app=tmp_path)
    assert ran.code == 1
    assert "no CDK app (cdk.json or app.py) and no cloud assembly (manifest.json) in this folder" in ran.err


@pytest.mark.parametrize("arguments", [["secrets"], ["secrets", "check"], ["secrets", "check", ".", "--values", "x"]])
def test_a_command_line_that_is_none(bare_cloud: LocalCloud, run: CommandLine, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(bare_cloud, *arguments)
    assert ended.value.code == 2


PAGE = "stage-secrets.md"


class TestWhoRunsIt:
    """The rights of the person or the pipeline, judged by the local cloud's IAM."""

    @pytest.fixture
    def pipeline(self, bare_cloud: LocalCloud) -> Credentials:
        """Who may see that secrets are there."""
        name = f"pipeline-{secrets.token_hex(4)}"
        return bare_cloud.server.user_credentials(name, *policy_in_the_guide("check", PAGE))

    @pytest.mark.usefixtures("stores")
    def test_without_a_right_to_values(self, pipeline: Credentials, check: Callable[..., Ran]) -> None:
        ran = check("--json", credentials=pipeline)
        assert ran.code == 0
        for each in ran.document["checks"]:
            assert each["level"] == "warning"
            assert "; its value was not looked at: you may not " in each["says"]

    @pytest.mark.usefixtures("stores")
    def test_values_that_are_required(self, pipeline: Credentials, check: Callable[..., Ran]) -> None:
        ran = check("--json", "--values", "required", credentials=pipeline)
        assert ran.code == 1
        assert [name for name, *_ in ran.failures()] == ALL

    @pytest.mark.usefixtures("stores")
    def test_values_that_are_not_asked_for(self, pipeline: Credentials, check: Callable[..., Ran]) -> None:
        ran = check("--json", "--values", "no", credentials=pipeline)
        assert ran.code == 0
        assert {each["level"] for each in ran.document["checks"]} == {"ok"}
        assert all(each["says"].endswith("; its value was not looked at") for each in ran.document["checks"])

    @pytest.mark.usefixtures("stores")
    def test_the_policies_in_the_guide_are_enough(self, bare_cloud: LocalCloud, check: Callable[..., Ran]) -> None:
        statements = [*policy_in_the_guide("check", PAGE), *policy_in_the_guide("values", PAGE)]
        ann = bare_cloud.server.user_credentials(f"ann-{secrets.token_hex(4)}", *statements)
        ran = check("--json", "--values", "required", credentials=ann)
        assert ran.code == 0, ran.out
        assert {each["level"] for each in ran.document["checks"]} == {"ok"}

    @pytest.mark.parametrize(
        ("sid", "not_seen"),
        [
            ("ListParameters", [BOT_TOKEN, API_KEY]),
            ("LookAtSecrets", [DATABASE, PARTNER]),
            ("ReadParameters", [BOT_TOKEN, API_KEY]),
            ("ReadSecrets", [DATABASE, PARTNER]),
        ],
    )
    @pytest.mark.usefixtures("stores")
    def test_each_part_of_them_is_needed_and_named(
        self, bare_cloud: LocalCloud, check: Callable[..., Ran], sid: str, not_seen: list[str]
    ) -> None:
        statements = [*policy_in_the_guide("check", PAGE), *policy_in_the_guide("values", PAGE)]
        rest = [each for each in statements if each["Sid"] != sid]
        (taken,) = [each for each in statements if each not in rest]
        user = bare_cloud.server.user_credentials(f"user-{secrets.token_hex(4)}", *rest)
        failures = check("--json", "--values", "required", credentials=user).failures()
        assert [name for name, *_ in failures] == not_seen
        assert all(f"cannot be checked: you may not {taken['Action']}" in says for _, says, _ in failures)

    @pytest.mark.usefixtures("stores")
    def test_without_any_right(self, bare_cloud: LocalCloud, check: Callable[..., Ran]) -> None:
        eve = bare_cloud.server.user_credentials(f"eve-{secrets.token_hex(4)}")
        ran = check("--json", credentials=eve)
        assert ran.code == 1
        assert [name for name, *_ in ran.failures()] == ALL
        assert ran.failures()[1][1].startswith("cannot be checked: you may not ssm:DescribeParameters")

    @pytest.mark.usefixtures("stores")
    def test_in_a_role(self, bare_cloud: LocalCloud, check: Callable[..., Ran]) -> None:
        iam = bare_cloud.server.client("iam")
        name = f"check-{secrets.token_hex(4)}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
        iam.put_role_policy(
            RoleName=name, PolicyName="looking", PolicyDocument=_document(*policy_in_the_guide("check", PAGE))
        )
        taking = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
        user = bare_cloud.server.user_credentials(f"user-{secrets.token_hex(4)}", taking)
        ran = check("--json", "--values", "no", "--role-arn", role, credentials=user)
        assert ran.code == 0, ran.out


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
