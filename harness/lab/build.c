/* SPDX-License-Identifier: MIT */
#include "lab/build_parts.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { SPACE_LEAST = 16 << 20 };

static void work_release(struct work *w)
{
    if (w->directory && !w->q->keep)
        io_remove_tree(w->directory, NULL);
    for (size_t i = 0; i < w->n_headers; i++)
        free(w->headers[i]);
    gate_report_release(&w->gate);
    free(w->directory);
    free(w->cache);
    free(w->harness);
}

/* The directories that a student's #include may lead to: the kit's one header, the contract, and
 * the contracts of the kit files that the exercise builds on ("solutions/U/E/E.c" → labs/U/E). */
static void find_headers(struct work *w)
{
    const struct manifest *m = w->q->exercise;

    w->headers[w->n_headers++] = io_path(w->q->kit->root, "harness/probe/include");
    if (!m)
        return;
    w->headers[w->n_headers++] = kit_path(w->q->kit, "labs", m, NULL);
    for (char **e = m->extra; e && *e && w->n_headers < HEADERS_MOST; e++) {
        const char *below = strchr(*e, '/'), *end = strrchr(*e, '/');

        if (below && end > below && !strncmp(*e, "solutions/", 10))
            w->headers[w->n_headers++] = xasprintf(
                "%s/labs%.*s", w->q->kit->root, (int)(end - below), below);
    }
}

static void set_policy(struct work *w)
{
    const struct manifest *m = w->q->exercise;

    w->policy = (struct gate_policy){
        .tool = w->q->tool->name,
        .file = w->name,
        .allow = m ? (const char *const *)m->allow : NULL,
        .include_roots = (const char *const *)w->headers,
        .n_include_roots = w->n_headers,
    };
    for (char **a = m ? m->allow : NULL; a && *a; a++)
        w->policy.n_allow++;
}

static int need_product(const struct work *w, const char *name, struct buf *err)
{
    char *path = io_path(w->q->kit->build, name);
    int result = io_is_file(path) ? 0 : fail(err, "%s is not built: run `make check`.", path);

    free(path);
    return result;
}

/* Said before the work: a linker on a full disk dies by a signal that explains nothing. */
static int need_space(const char *directory, struct buf *err)
{
    struct statvfs fs;

    if (statvfs(directory, &fs) == 0 && fs.f_bavail * fs.f_frsize < SPACE_LEAST)
        return fail(err, "No space left for %s: a build needs %d MiB. Make room and try again.",
            directory, SPACE_LEAST >> 20);
    return 0;
}

static int work_begin(struct work *w, struct buf *err)
{
    const struct build_request *q = w->q;
    char *top;

    w->compiler = tool_compiler(q->tool, err);
    if (!w->compiler)
        return -1;
    w->name = q->exercise ? q->exercise->edit : io_base_name(q->source);
    w->cache = io_path(q->kit->build, "cache");
    w->harness = io_path(q->kit->root, "harness");
    find_headers(w);
    set_policy(w);
    if (need_product(w, q->tool->side == SEAM_EXPLORE ? "libexplore.a" : "libprobe.a", err) ||
        io_make_directories(w->cache, err) || need_space(w->cache, err))
        return -1;
    if (q->keep) {
        w->directory = xstrdup(q->keep);
        return io_make_directories(q->keep, err);
    }
    top = xasprintf("%s/tmp.XXXXXX", w->cache);
    w->directory = mkdtemp(top) ? top : NULL;
    if (!w->directory) {
        fail_errno(err, "Cannot make the work directory %s", top);
        free(top);
        return -1;
    }
    return io_share_directory(w->directory, err);
}

int build_probe(const struct build_request *q, struct build_result *ret, struct buf *err)
{
    struct work w = {.q = q, .r = ret, .gate = GATE_REPORT_EMPTY};
    char *objects[OBJECTS_MOST + 1] = {0};
    int result = work_begin(&w, err);

    if (!result)
        result = student_object(&w, &objects[0], err);
    if (!result)
        result = object_kit_files(&w, objects + 1, OBJECTS_MOST - 1, err);
    if (!result)
        result = link_probe(&w, objects, err);
    for (char **o = objects; *o; o++)
        free(*o);
    work_release(&w);
    return result < 0 ? -1 : 0;
}

void build_result_release(struct build_result *r)
{
    free(r->probe);
    free(r->message);
    free(r->log);
    outcome_release(&r->notes);
    *r = BUILD_RESULT_EMPTY;
}
