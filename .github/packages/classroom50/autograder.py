#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Classroom 50 runs this in the student's checkout: put it at CLASSROOM/autograder.py, or at
CLASSROOM/autograders/ASSIGNMENT/autograder.py, and your copy of the kit into the line below. The kit grades
and writes ./result.json; a status other than 0 says that it could not, and never costs points."""
import subprocess
import sys
import tempfile

KIT = "https://github.com/OWNER/interleave"
REF = "main"

kit = tempfile.mkdtemp() + "/kit"
subprocess.run(["git", "clone", "--quiet", "--depth=1", "--branch", REF, KIT, kit], check=True)
sys.exit(subprocess.run(["sh", kit + "/.github/packages/grade.sh", kit, ".", tempfile.mkdtemp()]).returncode)
