/* SPDX-License-Identifier: MIT */
#include "lab/build_parts.h"
#include "lab/trace.h"

#include <stdlib.h>

void command_add(struct command_line *c, const char *word)
{
    if (c->count == WORDS_MOST)
        abort();
    c->words[c->count++] = word;
    c->words[c->count] = NULL;
}

void command_add_list(struct command_line *c, const char *const *words)
{
    for (; words && *words; words++)
        command_add(c, *words);
}

void command_own(struct command_line *c, char *word)
{
    command_add(c, word);
    c->own[c->n_own++] = word;
}

void command_show(struct command_line *c, const char *path)
{
    if (c->n_visible == VISIBLE_MOST)
        abort();
    c->visible[c->n_visible++] = (struct box_bind){path, path, false};
}

void command_release(struct command_line *c)
{
    while (c->n_own)
        free(c->own[--c->n_own]);
}

/* Each compiler has its own way to stop a flood of diagnostics. */
static const char *const gcc_limits[] = {
    "-fmax-errors=20", "-fmax-include-depth=40", "-fdiagnostics-color=never", NULL};
static const char *const clang_limits[] = {"-ferror-limit=20", "-fno-crash-diagnostics",
    "-fno-color-diagnostics", "-Wno-unused-command-line-argument", NULL};

void command_begin_compile(struct command_line *c, const struct work *w)
{
    command_add(c, w->compiler);
    command_add_list(c, tool_common_compile);
    command_add_list(c, w->q->tool->compile);
    command_add_list(c, w->q->tool->clang ? clang_limits : gcc_limits);
    for (size_t i = 0; i < w->n_headers; i++) {
        command_add(c, "-I");
        command_add(c, w->headers[i]);
        command_show(c, w->headers[i]);
    }
}

static struct box_limits compiler_limits(void)
{
    struct box_limits l = box_limits_default();

    l.wall_ms = 20000;
    l.cpu_ms = 20000;
    l.memory_bytes = (size_t)1024 << 20;
    l.address_space_bytes = 0;
    l.tasks = 32;
    l.file_bytes = (size_t)16 << 20; /* products stay in the cache; the largest of ours has 2 MiB */
    l.tmp_bytes = (size_t)128 << 20;
    l.stdout_bytes = 4096;
    l.stderr_bytes = LOG_MOST;
    return l;
}

/* The work directory comes last among what is visible, because it lies below others. */
int command_run(struct command_line *c, const struct work *w, enum box_level level,
    struct box_result *ret, struct buf *err)
{
    const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TMPDIR=/tmp", NULL};
    const struct box_spec spec = {
        .argv = c->words,
        .envp = environment,
        .cwd = w->directory,
        .binds = c->visible,
        .n_binds = c->n_visible + 1,
        .limits = compiler_limits(),
        .level = level,
        .compiler = true,
    };

    c->visible[c->n_visible] = (struct box_bind){w->directory, w->directory, true};
    trace_compiler(w->directory, c->words);
    return box_run(&spec, ret, err);
}
