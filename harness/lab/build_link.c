/* SPDX-License-Identifier: MIT */
#include "lab/build_parts.h"

#include "base/io.h"

#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>

/* The runtime of the tool's side of the seam; the caller frees. */
static char *runtime_of(const struct work *w)
{
    bool explore = w->q->tool->side == SEAM_EXPLORE;

    return xasprintf("%s/%s.a", w->q->kit->build, explore ? "libexplore" : "libprobe");
}

static void add_runtime(struct command_line *c, const struct work *w, char *runtime)
{
    bool explore = w->q->tool->side == SEAM_EXPLORE;
    char *wraps = xasprintf("@%s/%s.wraps", w->q->kit->build, explore ? "explore" : "native");

    command_show(c, wraps + 1);
    command_show(c, runtime);
    command_own(c, wraps);
    command_add(c, "-Wl,--whole-archive");
    command_add(c, runtime);
    command_add(c, "-Wl,--no-whole-archive");
}

static void add_libraries(struct command_line *c, const struct work *w)
{
    char **libs = w->q->exercise ? w->q->exercise->libs : NULL;

    if (!w->q->exercise) /* of a program of one's own nobody knows what it needs */
        command_add(c, "-lm");
    if (!libs || !*libs)
        return;
    for (; *libs; libs++)
        command_own(c, xasprintf("-l%s", *libs));
    if (w->q->tool->side == SEAM_EXPLORE) { /* a static link wants the libraries' own libraries */
        command_add(c, "-lz");
        command_add(c, "-lm");
    }
}

/* A number that is drawn once for each cache and never shown. */
static int add_secret(const struct work *w, struct cache_key *k, struct buf *err)
{
    char *path = io_path(w->cache, "secret");
    unsigned char bytes[32];
    int result = 0;

    if (!io_is_file(path)) {
        if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
            result = fail_errno(err, "Cannot draw a random number");
        else if (!(result = io_write_file(path, bytes, sizeof(bytes), err)))
            chmod(path, 0600);
    }
    if (!result)
        result = cache_key_file(k, path, err);
    free(path);
    return result;
}

/* Functions and variables of the kit stand in an order that nobody can know beforehand: how far one
 * is from the student's own is no number that a file could hold. */
static int add_shuffle(
    struct command_line *c, const struct work *w, char *const *objects, struct buf *err)
{
    static const char *const sections[] = {".text*", ".data*", ".bss*"};
    struct cache_key k = CACHE_KEY_EMPTY;
    unsigned seed;

    if (w->q->tool->side == SEAM_EXPLORE)
        return 0; /* the GNU linker does not shuffle; there the runtime knows whose code calls */
    if (add_secret(w, &k, err)) {
        buf_release(&k.text);
        return -1;
    }
    for (; *objects; objects++)
        cache_key_text(&k, "object", *objects);
    seed = (unsigned)cache_number(&k) >> 1;
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        command_own(c, xasprintf("-Wl,--shuffle-sections=%s=%u", sections[i], seed));
    return 0;
}

static int command_begin_link(struct command_line *c, const struct work *w, char *const *objects,
    char *runtime, struct buf *err)
{
    command_add(c, w->compiler);
    command_add_list(c, tool_common_link);
    command_add_list(c, w->q->tool->link);
    for (char *const *o = objects; *o; o++) {
        command_add(c, *o);
        command_show(c, *o);
    }
    add_runtime(c, w, runtime);
    add_libraries(c, w);
    command_add(c, "-o");
    command_add(c, "probe");
    return add_shuffle(c, w, objects, err);
}

/* Where the program is kept; the caller frees. */
static char *path_of(const struct work *w, char *const *objects, const char *runtime)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    struct buf identity = BUF_EMPTY;

    tool_identity(w->q->tool, &identity);
    cache_key_text(&k, "what", "program");
    cache_key_text(&k, "linker", buf_text(&identity));
    cache_key_list(&k, "common", tool_common_link);
    cache_key_list(&k, "flag", w->q->tool->link);
    cache_key_stat(&k, runtime);
    for (; *objects; objects++)
        cache_key_text(&k, "object", *objects); /* the name is a hash of the contents */
    if (w->q->exercise)
        cache_key_list(&k, "lib", (const char *const *)w->q->exercise->libs);
    buf_release(&identity);
    return cache_path(w->cache, &k, ".probe");
}

static int link_into_cache(
    struct work *w, struct command_line *c, const char *path, struct buf *err)
{
    struct box_result b = BOX_RESULT_EMPTY;
    char *program = io_path(w->directory, "probe");
    int result = command_run(c, w, w->q->level, &b, err);

    if (!result && (b.end != BOX_EXITED || b.status != 0)) {
        refuse_by_compiler(w, &b, "link");
        result = 1;
    }
    if (!result)
        result = cache_put(program, path, err);
    box_result_release(&b);
    free(program);
    return result;
}

int link_probe(struct work *w, char *const *objects, struct buf *err)
{
    struct command_line c = {0};
    char *runtime = runtime_of(w), *path = NULL;
    int result = command_begin_link(&c, w, objects, runtime, err);

    if (result)
        goto out;
    path = path_of(w, objects, runtime);
    if (!io_is_file(path))
        result = link_into_cache(w, &c, path, err);
    if (!result) {
        w->r->probe = path;
        w->r->verdict = VERDICT_PASS;
        path = NULL;
    }
out:
    command_release(&c);
    free(path);
    free(runtime);
    return result;
}
