/* SPDX-License-Identifier: MIT */
#include "lab/build_parts.h"

#include "base/io.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { SOURCE_MOST = 256 * 1024 };

/* The gate's second look, at what the preprocessor makes of the file. */
static int gate_tokens(struct work *w, struct buf *err)
{
    struct buf text = BUF_EMPTY;
    char *path = io_path(w->directory, "student.i");
    int result = io_read_file(path, 0, &text, err);

    if (!result)
        gate_check_tokens(&w->policy, buf_text(&text), text.length, &w->gate);
    buf_release(&text);
    free(path);
    return result;
}

/* Preprocess, look, compile what was looked at, look again. Whatever the gate refuses ends it
 * early, and then there is no object. */
static int preprocess_and_compile(
    struct work *w, const struct buf *source, const char *object, struct buf *err)
{
    bool gate = w->q->gate;
    int result;

    if (gate)
        gate_check_source(&w->policy, buf_text(source), source->length, &w->gate);
    if (gate_refuses(&w->gate))
        return 0;
    result = object_step(w, "-E", w->name, "student.i", NULL, err);
    if (!result && gate)
        result = gate_tokens(w, err);
    if (result || gate_refuses(&w->gate))
        return result;
    result = object_step(w, "-c", "student.i", "object.o", NULL, err);
    if (!result && gate)
        result = gate_check_object(&w->policy, object, &w->gate, err);
    return result;
}

/* The object goes into the cache only when nothing was refused, so what is there was looked at. */
static int compile_cached(
    struct work *w, const struct buf *source, char **ret_object, struct buf *err)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    char *object = io_path(w->directory, "object.o"), *path = NULL;
    int result = object_key_begin(w, "student", &k, err);

    if (result)
        goto out;
    cache_key_text(&k, "name", w->name);
    cache_key_text(&k, "source", buf_text(source));
    cache_key_list(&k, "allow", w->policy.allow);
    path = cache_path(w->cache, &k, ".o");
    if (!io_is_file(path)) {
        result = preprocess_and_compile(w, source, object, err);
        if (!result)
            result = hear_gate(w);
        if (!result)
            result = cache_put(object, path, err);
    }
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

/* The student's file under its fixed name in the work directory, so that no path of this machine
 * and no odd name gets into objects or messages. */
static int bring_source(struct work *w, struct buf *ret, struct buf *err)
{
    char *own = io_path(w->directory, w->name);
    int fd, result = io_read_file(w->q->source, SOURCE_MOST, ret, err);

    if (!result) {
        fd = open(own, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd < 0 || io_write_all(fd, buf_text(ret), ret->length))
            result = fail_errno(err, "Cannot write %s", own);
        if (fd >= 0)
            close(fd);
    }
    free(own);
    return result;
}

/* Compiled where it lies, for coverage. */
static int compile_kept(struct work *w, char **ret_object, struct buf *err)
{
    int result = object_step(w, "-c", w->q->source, "object.o", NULL, err);

    if (!result)
        *ret_object = io_path(w->directory, "object.o");
    return result;
}

int student_object(struct work *w, char **ret_object, struct buf *err)
{
    struct buf source = BUF_EMPTY;
    int result;

    if (w->q->keep)
        return compile_kept(w, ret_object, err);
    result = bring_source(w, &source, err);
    if (!result)
        result = compile_cached(w, &source, ret_object, err);
    buf_release(&source);
    return result;
}
