/* SPDX-License-Identifier: MIT */
/*
 * decode - finds instructions that enter the kernel, in the machine code of a section.
 *
 * The bytes of `syscall` also occur inside constants and displacements of honest code (27 times in
 * 4,248 objects that were looked at), so code is walked instruction by instruction. That takes a
 * decoder of instruction *lengths*, not a disassembler: a table for x86-64; on aarch64 all have
 * four bytes. What is looked at was made by gcc or clang without inline assembly, so walking from
 * the first byte on is right. Sections without such bytes are not walked at all.
 */
#ifndef GATE_DECODE_H
#define GATE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length of the x86-64 instruction at `code`, 0 when it is none that we know or is cut off.
 * `ret_kernel` says whether it is syscall, sysenter or int. */
size_t decode_x86_64(const uint8_t *code, size_t left, bool *ret_kernel);

/* Whether the code has an instruction that enters the kernel; `ret_offset` is where. Code that
 * cannot be walked and has such bytes counts as having one. `machine` is e_machine. */
bool decode_enters_kernel(unsigned machine, const uint8_t *code, size_t size, size_t *ret_offset);

#endif
