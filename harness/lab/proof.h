/* SPDX-License-Identifier: MIT */
/*
 * proof - a detector proves itself on this machine before it may grade.
 *
 * Each tool runs two small programs of lab/proofs/: it must find the bug planted in the one and say
 * nothing about its correct twin. The proof holds for one boot of the machine and one version of
 * the tool and of the kit; it is remembered in <build>/cache.
 */
#ifndef LAB_PROOF_H
#define LAB_PROOF_H

#include "box/box.h"
#include "lab/kit.h"
#include "lab/tool.h"

/* 0 when the tool is proved; -1 with the reason and the remedy. `fresh` forgets the earlier proof.
 */
int proof_of_tool(
    const struct kit *kit, const struct tool *t, enum box_level level, bool fresh, struct buf *err);

#endif
