/* SPDX-License-Identifier: MIT */
/*
 * policy - the gate's rules, as const tables.
 *
 *     const struct gate_ban *ban = policy_ban("usleep");       // why it is refused, or NULL
 *     enum policy_use use = policy_use("tsan", "printf");      // what an undefined symbol is
 *
 * Nothing here knows of ELF or of tokens; a change of policy is a change of policy.c or of
 * policy_names.c and of nothing else. All results are static.
 */
#ifndef GATE_POLICY_H
#define GATE_POLICY_H

#include <stdbool.h>
#include <stddef.h>

/* Something that is refused: a stable name for the rule, and what to tell the student. */
struct gate_ban {
    const char *names; /* separated by spaces; a final '*' stands for any rest */
    const char *rule;
    const char *instead; /* goes on after "`name` is not allowed here: " */
};

/* What a symbol is that the object uses and does not define. */
enum policy_use {
    POLICY_BASE,     /* ISO C, POSIX basics, threads; or the compiler's own */
    POLICY_TOOL,     /* a callback of the tool that compiled the object */
    POLICY_KIT,      /* the kit's inside: facts, board, spy, scenarios */
    POLICY_RESERVED, /* of the C library's or compiler's inside, and not one that compilers use */
    POLICY_UNKNOWN,  /* none of these; the C library may have it, or the linker will complain */
};

enum policy_use policy_use(const char *tool, const char *name);

/* The ban on calling a function, on an attribute, or on an identifier in the text; or NULL. */
const struct gate_ban *policy_ban(const char *name);
const struct gate_ban *policy_ban_attribute(const char *name);
const struct gate_ban *policy_ban_token(const char *name);

/* Whether `#pragma text` has an honest use: diagnostics, packing, floating point. */
bool policy_pragma_is_fine(const char *text, size_t length);

/* Whether the student's file may have a section of this name under the tool. */
bool policy_section_is_fine(const char *tool, const char *name);

/* Whether `name` is an initialiser or finaliser section that the tool makes, one per object. */
bool policy_section_is_initialiser(const char *name);
bool policy_initialiser_is_fine(const char *tool, const char *section);

/* Whether the tool itself defines this name in an object. */
bool policy_tool_defines(const char *tool, const char *name);

/* Whether a file below this directory may be included. `path` is absolute and normalised. */
bool policy_system_header(const char *path);

/* Whether `name` is one of `names`, which are separated by spaces and may end in '*'. */
bool policy_listed(const char *names, const char *name);

#endif
