/* SPDX-License-Identifier: MIT */
/*
 * gate - looks at a student's file before anything of it runs, and says what may not be in it.
 *
 * Three looks, each at what only it can see:
 *
 *     struct gate_policy policy = {.tool = "tsan", .file = "counter_mutex.c", .allow = …};
 *     struct gate_report report = GATE_REPORT_EMPTY;
 *
 *     gate_check_source(&policy, text, length, &report);         // before the preprocessor runs
 *     gate_check_tokens(&policy, i_text, i_length, &report);     // its output, once per compiler
 *     if (gate_check_object(&policy, "x.o", &report, &err) < 0)  // once per variant, before
 * linking … HARNESS_ERROR, the sentence is in err … if (gate_refuses(&report)) … REJECTED, the
 * sentence is gate_sentence(&report) … gate_report_release(&report);
 *
 * source: directives that only the raw text shows (#line, #include of an absolute path, pragmas).
 * tokens: what macros were hiding (asm, attributes), and where each #include led, by the
 * preprocessor's linemarkers. object: symbols, sections and instructions, as the linker would get
 * them. The reports of all variants may be collected in one: what was said already is not said
 * again.
 *
 * The gate is policy with a readable message, and the first of several layers; the sandbox is the
 * security boundary. It refuses what has no honest use in an exercise, and only *notes*, at no
 * cost, a harmless libc function that nobody has put on a list yet.
 *
 * Nothing is run, nothing is written; every input is treated as hostile. Not for several threads
 * with one report.
 */
#ifndef GATE_GATE_H
#define GATE_GATE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct gate_policy {
    const char *tool; /* "plain", "asan", "tsan", "memcheck", "helgrind", "explore", "coverage" */
    const char *file; /* the student's file as the report shall call it: "counter_mutex.c" */

    /* What the manifest allows beyond the base list; a final '*' stands for any rest ("png_*").
     * It also lifts a ban ("_exit"), never the rules about definitions, sections and tokens. */
    const char *const *allow;
    size_t n_allow;

    /* Directories that an #include may take a file from besides the system's: the contract's and
     * the kit's, as the compiler saw their paths. Relative paths without ".." are always fine. */
    const char *const *include_roots;
    size_t n_include_roots;
};

enum gate_weight {
    GATE_NOTE,   /* shown, costs nothing */
    GATE_REFUSE, /* the verdict is REJECTED */
};

struct gate_entry {
    enum gate_weight weight;
    const char *rule; /* static text, a stable name for machines: "sleep", "initialiser", … */
    char *name;       /* the symbol, token, section or path, cleaned for printing */
    int line;         /* in the student's file; 0: unknown */
    char *text;       /* for the student: what is refused, why, what to use instead */
};

struct gate_report {
    struct gate_entry *entries;
    size_t n_entries;
    size_t capacity;
};

#define GATE_REPORT_EMPTY ((struct gate_report){0})

/* Looks at the bytes of the student's file. Run it before the preprocessor: what it refuses need
 * not be compiled at all. */
void gate_check_source(const struct gate_policy *policy, const char *text, size_t length,
    struct gate_report *ret_report);

/* Looks at the output of `cc -E` (gcc or clang, without -P) for the student's file, with the same
 * -D and -fsanitize flags as the build. Relies on gate_check_source() for linemarkers to be true.
 */
void gate_check_tokens(const struct gate_policy *policy, const char *text, size_t length,
    struct gate_report *ret_report);

/* Looks at the object of one variant. Returns 0, whatever was found; -1 with a sentence when the
 * file cannot be read or is no relocatable ELF object of this machine. */
int gate_check_object(const struct gate_policy *policy, const char *object_path,
    struct gate_report *ret_report, struct buf *err);

bool gate_refuses(const struct gate_report *report);

/* The first refusal as one line "counter_mutex.c:12: …"; NULL when there is none. Free it. */
char *gate_sentence(const struct gate_policy *policy, const struct gate_report *report);

void gate_report_release(struct gate_report *report);

#endif
