/* SPDX-License-Identifier: MIT */
/*
 * tool - how a probe is built and run, and what its reports mean: one row a tool.
 *
 * All flags for student code live in tool.c and nowhere else. Everything is built at -O0: what the
 * student wrote is what runs, each access is there to be seen, and each line number is true.
 */
#ifndef LAB_TOOL_H
#define LAB_TOOL_H

#include "base/buf.h"
#include "base/outcome.h"

#include <stdbool.h>
#include <stddef.h>

enum seam_side { SEAM_NATIVE, SEAM_EXPLORE };

enum report_form {
    REPORT_NONE,
    REPORT_SANITIZER, /* files <log>/report.<pid>, addresses as (module+0x…) */
    REPORT_VALGRIND,  /* files <log>/report.<pid>, lines beginning ==pid== */
};

struct tool {
    const char *name;
    const char *does;           /* for `lab doctor` and the guides */
    const char *package;        /* what to install when it is missing */
    bool clang;                 /* else gcc */
    const char *const *compile; /* beyond the common flags */
    const char *const *link;
    const char *const *wrapper;     /* before the probe's path; "%L" is the log directory */
    const char *const *environment; /* "%L" as above */
    enum seam_side side;
    enum report_form report;
    bool serves;              /* one start, many scenarios */
    bool no_aslr;             /* see notes on mmap_rnd_bits in tool.c */
    bool address_space_limit; /* RLIMIT_AS does not break it */
    unsigned slowdown;        /* factor on the limits in time */
    unsigned memory_mib;
    unsigned cost; /* roughly, in ms: long ones start first */
};

enum { TOOL_EXIT_STATUS = 66 }; /* what every detector exits with when it found something */

/* Ends with a row whose name is NULL. */
extern const struct tool tools[];

const struct tool *tool_find(const char *name);

/* Flags that all student code is compiled and linked with, gcc or clang. */
extern const char *const tool_common_compile[];
extern const char *const tool_common_link[];

/* The path of the compiler; NULL with the package to install when there is none. The newest clang
 * that brings ThreadSanitizer's runtime is taken. LAB_CLANG and LAB_GCC override. The answer lives
 * as long as the process. */
const char *tool_compiler(const struct tool *t, struct buf *err);

/* A text that changes when the compiler or the tool's program changes, for cache keys. */
void tool_identity(const struct tool *t, struct buf *ret);

/* "%L" replaced by the log directory; the caller frees. */
char *tool_expand(const char *text, const char *log_directory);

#endif
