/* SPDX-License-Identifier: MIT */
/* empty - what stands in for the student's file when a tool proves itself. */
int proof_of_nothing;
