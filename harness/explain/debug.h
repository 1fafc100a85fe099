/* SPDX-License-Identifier: MIT */
/*
 * debug - the variables and functions of a program, from its DWARF (libdw).
 *
 *     struct debug *d = debug_open("probe", &err);
 *     const struct variable *v = debug_global(d, 0x4c5310);
 *     debug_close(d);
 *
 * The program is linked statically at fixed addresses, as every explore build is: its addresses at
 * run time are those of the file. Strings and types live as long as the debug. Only C built at -O0
 * by clang or gcc is understood: each variable stays in one place for the whole of its function.
 */
#ifndef EXPLAIN_DEBUG_H
#define EXPLAIN_DEBUG_H

#include "base/buf.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct debug;

struct variable {
    const char *name;
    uint64_t address;
    uint64_t size;
    Dwarf_Die type;
};

struct function {
    const char *name;
    uint64_t low;
    uint64_t high;
    Dwarf_Die die;
};

/* NULL with a sentence when the file cannot be read; a program without DWARF is fine and empty. */
struct debug *debug_open(const char *program, struct buf *err);
void debug_close(struct debug *d);

/* The global or static variable that covers an address, or that has a name; NULL: none. */
const struct variable *debug_global(const struct debug *d, uint64_t address);
const struct variable *debug_global_named(const struct debug *d, const char *name);

/* The function around a program counter; NULL: none that is known. */
const struct function *debug_function(const struct debug *d, uint64_t pc);

/* The local variable or parameter of a function that covers an address, in the frame whose frame
 * pointer is `base`; or the type of the one with a name. */
bool debug_local(const struct function *f, uint64_t base, uint64_t address, struct variable *ret);
bool debug_local_named(const struct function *f, const char *name, Dwarf_Die *ret_type);

#endif
