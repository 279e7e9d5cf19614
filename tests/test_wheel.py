"""The wheel in an empty environment elsewhere, without network; and what a partner's CI runs.

The wheel is built from a clone and installed in a new environment that sees the libraries of this
one, but not this checkout.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from rskg.namespaces import OWL
from tests.conftest import ROOT
from tests.schemas import schema

LIBRARIES = next(path for path in sys.path if path.endswith("site-packages"))
HERE = Path(sys.executable).parent
BAD = (ROOT / "examples/lead/invalid-lead-row-blank.ttl").read_text(encoding="utf-8")
LINE = next(n for n, line in enumerate(BAD.splitlines(), 1) if line.startswith("    rskg:leadRow"))


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RSKG_", "GITHUB_", "PIP_"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with what is in the working tree: what git would carry, and nothing else."""
    folder = tmp_path_factory.mktemp("clone") / "rskg"
    told = run("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT)
    for name in filter(None, told.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(clone: Path) -> Path:
    out = clone.parent / "wheels"
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", out]
    made = run(*build, ".", cwd=clone)
    assert made.returncode == 0, made.stderr
    (found,) = out.glob("rskg-*.whl")
    return found


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment that holds the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(folder)  # without a pip of its own, which takes longer than all the rest
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin/python"]
    put = run(*pip, "install", "--no-deps", wheel, cwd=folder)
    assert put.returncode == 0, put.stderr
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "libraries.pth").write_text(LIBRARIES + "\n")
    return folder / "bin"


def test_the_wheel_checks_and_lists_questions_elsewhere(elsewhere: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(BAD)
    where = run(elsewhere / "python", "-c", "import rskg; print(rskg.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(elsewhere.parent)), where.stderr
    bad = run(elsewhere / "rskg", "validate", "bad.ttl", cwd=tmp_path)
    assert bad.returncode == 1, bad.stderr
    assert f"bad.ttl:{LINE}:" in bad.stdout
    listed = run(elsewhere / "rskg", "query", "--list", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert len(listed.stdout.splitlines()) == len(list((ROOT / "queries").glob("*.rq")))
    (tmp_path / "q.rq").write_text(
        "PREFIX rskg: <https://w3id.org/rskg/ontology#> ASK {?x a rskg:X}"
    )
    assert run(elsewhere / "rskg", "lint-query", "q.rq", cwd=tmp_path).returncode == 1


def test_a_version_of_the_wheel_is_that_version_of_the_shapes(
    elsewhere: Path, tmp_path: Path
) -> None:
    told = run(elsewhere / "rskg", "--version", cwd=tmp_path).stdout.split()[-1]
    (files,) = elsewhere.parent.glob("lib/python3*/site-packages/rskg/files")
    ontology = (files / "ontology/rskg.ttl").read_text(encoding="utf-8")
    assert f'owl:versionInfo "{told}"' in ontology
    assert OWL in ontology
    assert f"\n## {told}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for kind in ("shapes", "queries"):
        carried = {p.name: p.read_bytes() for p in (files / kind).iterdir() if p.is_file()}
        assert carried == {p.name: p.read_bytes() for p in (ROOT / kind).iterdir() if p.is_file()}
    (tmp_path / "bad.ttl").write_text(BAD)
    pinned = [elsewhere / "rskg", "validate", "bad.ttl", "--shapes-version"]
    assert run(*pinned, told, cwd=tmp_path).returncode == 1
    assert run(*pinned, told.rpartition(".")[0], cwd=tmp_path).returncode == 1
    other = run(*pinned, "77.1", cwd=tmp_path)
    assert other.returncode == 2
    assert f"version {told}, not 77.1" in other.stderr


def action() -> dict[str, Any]:
    told = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def walk(repository: Path, wheel: Path, **given: str) -> tuple[int, str, dict[str, str], str]:
    """Run the action's steps as GitHub's runner does: exit code, log, outputs, summary."""
    told = action()
    runner = repository.parent / "runner"
    runner.mkdir(exist_ok=True)
    inputs = {name: said["default"] for name, said in told["inputs"].items()}
    inputs |= {"package": str(wheel), **{name.replace("_", "-"): v for name, v in given.items()}}
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    known["github.action_path"] = str(ROOT)
    output, summary = runner / "output", runner / "summary.md"
    for path in (output, summary):
        path.write_text("")
    log = ""
    for step in told["runs"]["steps"]:
        (runner / "step.sh").write_text(step["run"])
        env = {
            name: re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: known[m[1]], value)
            for name, value in step["env"].items()
        }
        ran = run(
            "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", runner / "step.sh",
            cwd=repository, RUNNER_TEMP=str(runner), GITHUB_WORKSPACE=str(repository),
            GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary),
            PIP_NO_DEPS="1", PYTHONPATH=LIBRARIES, PATH=f"{HERE}:{os.environ['PATH']}", **env,
        )  # fmt: skip
        log += ran.stdout + ran.stderr
        if ran.returncode:
            break
    pairs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return ran.returncode, log, pairs, summary.read_text()


def test_a_partners_walk(wheel: Path, tmp_path: Path) -> None:
    """An empty repository, five lines of workflow, one bad file: the line is annotated."""
    workflow = (ROOT / "docs/validate.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(on: .*?)```", workflow, re.DOTALL)
    assert block is not None
    jsonschema.validate(_plain(yaml.safe_load(block[1])), schema("github-workflow"))
    assert len(block[1].strip().splitlines()) <= 7
    repository = tmp_path / "partner"
    (repository / "data").mkdir(parents=True)
    assert run("git", "init", "-q", ".", cwd=repository).returncode == 0
    (repository / "data/our actors.ttl").write_text(BAD)
    code, log, outputs, summary = walk(
        repository, wheel, data="data\n", sarif_file="out.sarif", junit_file="out.xml"
    )
    assert code == 1, log
    assert f"::error file=data/our actors.ttl,line={LINE}," in log
    assert outputs == {"conforms": "false", "results": "1", "new-results": "1"}
    assert f"our actors.ttl:{LINE}" in summary
    told = json.loads((repository / "out.sarif").read_text())
    jsonschema.validate(told, schema("sarif-2.1.0"))
    assert (repository / "out.xml").exists()
    again, *_ = walk(repository, wheel, fail_on="none")
    assert again == 0
    broken, log, outputs, _ = walk(repository, wheel, data="nowhere.ttl")
    assert (broken, outputs) == (3, {})
    assert "::error title=rskg validate::" in log
    injected, log, *_ = walk(repository, wheel, data="$(touch pwned)\n; touch pwned")
    assert injected != 0
    assert not (repository / "pwned").exists()


def _plain(told: Any) -> Any:
    """YAML 1.1 reads the key `on` as true."""
    return {"on" if key is True else key: value for key, value in told.items()}


def test_the_action_is_valid_and_takes_no_text_into_its_scripts() -> None:
    told = action()
    jsonschema.validate(told, schema("github-action"))
    for step in told["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "uses" not in step


def test_the_gitlab_snippet_is_one_job_with_a_report() -> None:
    text = (ROOT / "docs/validate.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(rskg:.*?)```", text, re.DOTALL)
    assert block is not None
    job = yaml.safe_load(block[1])["rskg"]
    report = job["artifacts"]["reports"]["junit"]
    assert any(f"junit={report}" in line for line in job["script"])
    assert job["artifacts"]["when"] == "always"


HOOKS = ROOT / ".pre-commit-hooks.yaml"


def hooks() -> dict[str, Any]:
    told = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in told}


def test_the_hooks_find_their_files_and_fail_on_bad_ones(elsewhere: Path, tmp_path: Path) -> None:
    """Each hook's entry on the files that its pattern chooses, in a throw-away repository."""
    files = {
        "bad.ttl": BAD,
        "untidy.ttl": "<http://a.b/s>   <http://a.b/p> 1 .\n",
        "typo.rq": "PREFIX rskg: <https://w3id.org/rskg/ontology#> ASK { ?x a rskg:Compny }",
        "notes.md": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = {
        "rskg-validate": (["bad.ttl", "untidy.ttl"], f"bad.ttl:{LINE}:"),
        "rskg-fmt": (["bad.ttl", "untidy.ttl"], "untidy.ttl"),
        "rskg-lint-query": (["typo.rq"], "did you mean rskg:Company?"),
    }
    assert set(said) == set(hooks())
    manifest = run(sys.executable, "-m", "pre_commit", "validate-manifest", HOOKS, cwd=tmp_path)
    assert manifest.returncode == 0, manifest.stdout
    for name, hook in hooks().items():
        chosen = [each for each in files if re.search(hook["files"], each)]
        assert chosen == said[name][0]
        program, *rest = hook["entry"].split()
        ran = run(elsewhere / program, *rest, *chosen, cwd=tmp_path)
        assert ran.returncode == 1, ran.stderr
        assert said[name][1] in ran.stdout
    clean = run(elsewhere / "rskg", "validate", "--allow-empty", "untidy.ttl", cwd=tmp_path)
    assert clean.returncode == 0, clean.stderr
