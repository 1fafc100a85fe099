/* SPDX-License-Identifier: MIT */
/*
 * build_parts - what the files of a build share; nobody else includes it.
 *
 *     build.c          from the request to the result: the work directory, the order of the steps
 *     build_command.c  a compiler's command line, and running it in a box
 *     build_object.c   the kit's own files compiled, and what every object's key has in common
 *     build_student.c  the student's file: preprocessed, looked at, compiled, looked at again
 *     build_link.c     the program
 *     build_refusal.c  what the compiler or the gate says against it becomes verdict and findings
 *
 * Each step returns 0; 1 when the student's file was refused, and then the result's verdict and
 * message say why; -1 and a sentence when this machine or the kit is to blame.
 */
#ifndef LAB_BUILD_PARTS_H
#define LAB_BUILD_PARTS_H

#include "gate/gate.h"
#include "lab/build.h"
#include "lab/cache.h"

#include <stddef.h>

enum {
    HEADERS_MOST = 8,
    OBJECTS_MOST = 15,
    WORDS_MOST = 192,
    VISIBLE_MOST = 24,
    LOG_MOST = 64 * 1024,
};

/* One build at work: names that several steps share. */
struct work {
    const struct build_request *q;
    struct build_result *r;
    const char *compiler;
    char *directory; /* private, holds the fixed file names; removed at the end */
    char *cache;
    const char *name;            /* "counter_mutex.c" */
    char *headers[HEADERS_MOST]; /* directories of headers: kit, contract, contracts of `extra` */
    size_t n_headers;
    char *harness;
    struct gate_policy policy;
    struct gate_report gate;
};

/*
 * A command line under construction, with what it must see inside a sandbox. Words are borrowed
 * unless they were given with command_own(). Too many words or paths are a BUG: the tables are
 * ours.
 */
struct command_line {
    const char *words[WORDS_MOST + 1];
    size_t count;
    char *own[WORDS_MOST];
    size_t n_own;
    struct box_bind visible[VISIBLE_MOST + 1];
    size_t n_visible;
};

void command_add(struct command_line *c, const char *word);
void command_add_list(struct command_line *c, const char *const *words); /* NULL: none */
void command_own(struct command_line *c, char *word);                    /* takes the word over */
void command_show(struct command_line *c, const char *path);
void command_release(struct command_line *c);

/* The compiler itself, and all flags that an object needs. */
void command_begin_compile(struct command_line *c, const struct work *w);

/* Runs it in the work directory. 0: it ran, see `ret`, which the caller releases. */
int command_run(struct command_line *c, const struct work *w, enum box_level level,
    struct box_result *ret, struct buf *err);

/* The compiler or linker said no, in step "compile" or "link": COMPILE, in its own words. */
void refuse_by_compiler(struct work *w, const struct box_result *b, const char *step);

/* What the gate has to say becomes findings; a refusal decides the verdict. 1: refused. */
int hear_gate(struct work *w);

/* What every object's key has in common. */
int object_key_begin(const struct work *w, const char *what, struct cache_key *k, struct buf *err);

/* One step of the compiler: "-E" or "-c". `source` is a file name in the work directory or a path;
 * the product is the file `product` in the work directory. `flags` may be NULL. */
int object_step(struct work *w, const char *mode, const char *source, const char *product,
    const char *const *flags, struct buf *err);

/* The exercise's probe.c and `extra` files, cached. Fills in at most `most` paths, which the caller
 * frees. Never 1: that one of these does not compile is a fault of the kit. */
int object_kit_files(struct work *w, char **ret_objects, size_t most, struct buf *err);

/* The student's object, cached or, with `keep`, made where the source lies. The caller frees the
 * path. */
int student_object(struct work *w, char **ret_object, struct buf *err);

/* The probe, from objects (up to NULL) and the runtime of the tool's side: result->probe. */
int link_probe(struct work *w, char *const *objects, struct buf *err);

#endif
