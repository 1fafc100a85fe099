# SPDX-License-Identifier: MIT
"""runner - the steps of a workflow, done here as a runner of GitHub Actions would do them.

    runner.py WORKFLOW JOB WORKSPACE CONTEXT.json

The context has "inputs", "github", and "repositories": what a checkout of a name ("" is the caller's own) puts in
place. Knows the two actions that the kit's workflows use and expressions that are one name; complains about
everything else, so that a workflow cannot grow past what is tried here. Steps are run with `bash -e`, as there.
"""
import glob
import json
import os
import re
import subprocess
import sys

import yaml


def value_of(name, context):
    for part in name.split("."):
        context = context[part]
    return context


def filled(text, context):
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: str(value_of(m[1], context)), str(text))


def checkout(step, workspace, context):
    unknown = set(step["with"]) - {"repository", "ref", "path", "persist-credentials"}
    assert not unknown, f"checkout: {unknown}"
    source = context["repositories"][filled(step["with"].get("repository", ""), context)]
    os.symlink(source, os.path.join(workspace, step["with"]["path"]))


def upload(step, workspace):
    for path in step["with"]["path"].split():
        assert glob.glob(os.path.join(workspace, path)), f"nothing to upload at {path}"


def run(step, workspace, context, env):
    own = {key: filled(value, context) for key, value in step.get("env", {}).items()}
    status = subprocess.run(["bash", "-e", "-c", filled(step["run"], context)], cwd=workspace, env={**env, **own}).returncode
    print(f"step {step.get('name', step['run'])}: status {status}", file=sys.stderr)
    return status


def main(workflow, job, workspace, context_file):
    context = json.load(open(context_file))
    steps = yaml.safe_load(open(workflow))["jobs"][job]["steps"]
    env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    env.update(GITHUB_ACTIONS="true", CI="true", GITHUB_WORKSPACE=workspace, GITHUB_OUTPUT=workspace + "/output",
               GITHUB_STEP_SUMMARY=workspace + "/summary.md", **context["environment"])
    failed = 0
    for step in steps:
        if failed and step.get("if") != "always()":
            continue
        name = step.get("uses", "").split("@")[0]
        if name == "actions/checkout":
            checkout(step, workspace, context)
        elif name == "actions/upload-artifact":
            upload(step, workspace)
        else:
            assert "run" in step and not name, f"a step that this runner does not know: {step}"
            failed = run(step, workspace, context, env) or failed
    return failed


sys.exit(main(*sys.argv[1:]))
