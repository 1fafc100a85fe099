#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a grading and says "passed" at each of its judges' sockets, as a submission could that has
found their names, which without namespaces /proc/net/unix tells.

    python3 plays_the_judge.py TEST build/lab grade …

TEST is the check that is to pass. How often somebody listened goes to standard error; the status is
that of the grading."""
import glob, json, os, socket, subprocess, sys, tempfile


def say(path, test):
    words = [{"say": "test", "name": test}, {"say": "assert", "holds": True, "message": "", "outcome": 0},
             {"say": "end", "name": test, "status": 0, "failed": 0, "passed": 1}]
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        s.sendall("".join(json.dumps(w) + "\n" for w in words).encode())


test, command = sys.argv[1], sys.argv[2:]
sockets = os.path.join(tempfile.gettempdir(), "interleave-judge*", "socket")
before = set(glob.glob(sockets))
heard = 0
grading = subprocess.Popen(command)
while grading.poll() is None:
    for path in set(glob.glob(sockets)) - before:
        try:
            say(path, test)
            heard += 1
        except OSError:
            pass  # not listening yet, or not any more
print("said so", heard, "times", file=sys.stderr)
sys.exit(grading.returncode)
