/* SPDX-License-Identifier: MIT */
#include "lab/build_parts.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

int object_key_begin(const struct work *w, const char *what, struct cache_key *k, struct buf *err)
{
    struct buf identity = BUF_EMPTY;
    int result = 0;

    tool_identity(w->q->tool, &identity);
    cache_key_text(k, "what", what);
    cache_key_text(k, "compiler", buf_text(&identity));
    cache_key_list(k, "common", tool_common_compile);
    cache_key_list(k, "flag", w->q->tool->compile);
    for (size_t i = 0; !result && i < w->n_headers; i++)
        result = cache_key_directory(k, w->headers[i], ".h", err);
    buf_release(&identity);
    return result;
}

int object_step(struct work *w, const char *mode, const char *source, const char *product,
    const char *const *flags, struct buf *err)
{
    /* Our own files are no danger, and nothing of the kit needs to be visible for them. */
    enum box_level level = *source == '/' ? BOX_LIMITS : w->q->level;
    struct box_result b = BOX_RESULT_EMPTY;
    struct command_line c = {0};
    int result = -1;

    command_begin_compile(&c, w);
    command_add_list(&c, flags);
    command_add(&c, mode);
    command_add(&c, source);
    command_add(&c, "-o");
    command_add(&c, product);
    if (command_run(&c, w, level, &b, err))
        goto out;
    result = 0;
    if (b.end != BOX_EXITED || b.status != 0) {
        refuse_by_compiler(w, &b, "compile");
        result = 1;
    }
out:
    box_result_release(&b);
    return result;
}

/* Compiles into the cache unless it is there; *ret_object is the path. */
static int compile(struct work *w, const char *source, const char *const *flags, char **ret_object,
    struct buf *err)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    char *object = io_path(w->directory, "object.o"), *path = NULL;
    int result = -1;

    if (object_key_begin(w, "object", &k, err) || cache_key_source(&k, source, err))
        goto out;
    cache_key_list(&k, "extra", flags);
    path = cache_path(w->cache, &k, ".o");
    result = io_is_file(path) ? 0 : object_step(w, "-c", source, "object.o", flags, err);
    if (!result && !io_is_file(path))
        result = cache_put(object, path, err);
    if (!result) {
        *ret_object = path;
        path = NULL;
    }
out:
    buf_release(&k.text);
    free(path);
    free(object);
    return result;
}

/* Our own files: a refusal by the compiler is a BUG of the kit, not the student's. */
static int compile_ours(
    struct work *w, const char *path, const char *const *flags, char **ret_object, struct buf *err)
{
    int result = compile(w, path, flags, ret_object, err);

    if (result == 1) {
        w->r->verdict = VERDICT_HARNESS_ERROR;
        return fail(
            err, "The kit's own file %s does not compile: %s", path, w->r->log ? w->r->log : "");
    }
    return result;
}

int object_kit_files(struct work *w, char **ret_objects, size_t most, struct buf *err)
{
    const struct build_request *q = w->q;
    char *harness_flag = xasprintf("-I%s", w->harness);
    char *probe_flag = xasprintf("-I%s/probe", w->harness);
    const char *const flags[] = {
        harness_flag, probe_flag, "-ffunction-sections", "-fdata-sections", NULL};
    char *probe = q->probe      ? xstrdup(q->probe)
                  : q->exercise ? xasprintf("%s/tests/%s/%s/probe.c", q->kit->root,
                                      q->exercise->unit, q->exercise->id)
                                : NULL;
    size_t n = 0;
    int result = 0;

    if (probe)
        result = compile_ours(w, probe, flags, &ret_objects[n++], err);
    for (char **e = q->exercise ? q->exercise->extra : NULL; !result && e && *e && n < most; e++) {
        char *path = io_path(q->kit->root, *e);

        result = compile_ours(w, path, flags, &ret_objects[n++], err);
        free(path);
    }
    free(probe);
    free(harness_flag);
    free(probe_flag);
    return result;
}
