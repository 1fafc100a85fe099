/* SPDX-License-Identifier: MIT */
/*
 * types - C types out of DWARF: which part of an object is at an offset, and how a value of a type
 * is written in C.
 *
 *     type_part(&type, 8, 8, &name, &part);      // "counter" becomes "counter.value"
 *     type_value(&part, 1, 8, &text);            // "1", "true", "RED", "'x'", "NULL"
 */
#ifndef EXPLAIN_TYPES_H
#define EXPLAIN_TYPES_H

#include "base/buf.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

/* Without typedefs, const, volatile and _Atomic. False when there is no type (void). */
bool type_strip(const Dwarf_Die *type, Dwarf_Die *ret);

uint64_t type_size(const Dwarf_Die *type);

/* What a pointer points to, or an array consists of. False for everything else and for void. */
bool type_target(const Dwarf_Die *type, Dwarf_Die *ret);
bool type_is_pointer(const Dwarf_Die *type);

/* The member of a structure with this name. */
bool type_member(const Dwarf_Die *type, const char *name, Dwarf_Die *ret_type);

/* Adds ".value" or "[3].next" to `name` for the part that `size` bytes at `offset` lie in, going no
 * deeper than the bytes allow, and never into the insides of a lock. */
void type_part(
    const Dwarf_Die *type, uint64_t offset, uint64_t size, struct buf *name, Dwarf_Die *ret_part);

/* A value of up to 8 bytes as C writes it. `type` NULL: a whole number. Pointers other than NULL
 * are left to the caller, who may know what is there: then false. */
bool type_value(const Dwarf_Die *type, uint64_t raw, uint32_t size, struct buf *out);

#endif
