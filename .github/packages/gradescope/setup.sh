#!/bin/sh
# SPDX-License-Identifier: MIT
# Gradescope runs this once, when it builds the image of the assignment.
set -e
cd /autograder/source/interleave
sh harness/install.sh
make -s -j"$(nproc)" all
