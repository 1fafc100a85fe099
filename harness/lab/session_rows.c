/* SPDX-License-Identifier: MIT */
#include "base/io.h"
#include "lab/cache.h"
#include "lab/session_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void session_write(struct session *s, size_t i, json_t *row)
{
    json_t *message = json_pack("{s:O}", "row", row);
    char *text = json_dumps(message, JSON_COMPACT);

    s->rows[i] = row;
    if (text) {
        io_write_all(s->fd, text, strlen(text));
        io_write_all(s->fd, "\n", 1);
    }
    free(text);
    json_decref(message);
}

void session_write_all(struct session *s, enum verdict v, const char *message)
{
    for (size_t i = 0; i < s->spec->n_checks; i++) {
        json_t *row;

        if (s->rows[i])
            continue;
        row = tally_plain_row(s->spec->exercise, s->spec->checks[i], v, message);
        if (s->build.notes.n_findings) {
            json_t *notes = outcome_to_json(&s->build.notes);

            json_object_set(row, "findings", json_object_get(notes, "findings"));
            json_decref(notes);
        }
        if (s->build.log && *s->build.log)
            json_object_set_new(row, "log", json_string(s->build.log));
        session_write(s, i, row);
    }
}
char *session_cache_path(const struct session *s)
{
    const struct session_spec *spec = s->spec;
    struct cache_key k = CACHE_KEY_EMPTY;
    struct buf identity = BUF_EMPTY;
    char *cache = io_path(spec->kit->build, "cache");
    char *judge_path = xasprintf("%s/judge/%s", spec->kit->build, spec->exercise->id);
    char *native = io_path(spec->kit->build, "libprobe.a");
    char *explore = io_path(spec->kit->build, "libexplore.a");
    char *init = io_path(spec->kit->build, "lab-init");
    char *contract = kit_path(spec->kit, "labs", spec->exercise, NULL);
    char *probe = kit_path(spec->kit, "tests", spec->exercise, "probe.c");
    char *path = NULL;
    int result;

    tool_identity(spec->tool, &identity);
    cache_key_text(&k, "tool", spec->tool->name);
    cache_key_text(&k, "identity", buf_text(&identity));
    cache_key_text(&k, "level", spec->level == BOX_LIMITS ? "limits" : "sandbox");
    cache_key_stat(&k, "/proc/self/exe");
    cache_key_stat(&k, judge_path);
    cache_key_stat(&k, native);
    cache_key_stat(&k, explore);
    cache_key_stat(&k, init);
    for (size_t i = 0; i < spec->n_checks; i++)
        cache_key_text(&k, "check", spec->checks[i]->test);
    if (spec->seeded)
        cache_key_number(&k, "seed", spec->seed);
    result = cache_key_file(&k, spec->source, NULL) || cache_key_source(&k, probe, NULL) ||
             cache_key_file(&k, spec->exercise->file, NULL) ||
             cache_key_directory(&k, contract, ".h", NULL);
    for (char **e = spec->exercise->extra; !result && e && *e; e++) {
        char *extra = io_path(spec->kit->root, *e);

        result = cache_key_source(&k, extra, NULL); /* its contract is part of the objects' keys */
        free(extra);
    }
    if (!result)
        path = cache_path(cache, &k, ".rows");
    buf_release(&k.text);
    buf_release(&identity);
    free(cache);
    free(judge_path);
    free(native);
    free(explore);
    free(init);
    free(contract);
    free(probe);
    return path;
}

bool session_take_cached(struct session *s, const char *path)
{
    struct buf text = BUF_EMPTY;
    json_t *rows = NULL;

    if (path && !s->spec->fresh && io_is_file(path) && !io_read_file(path, 0, &text, NULL))
        rows = json_loads(buf_text(&text), 0, NULL);
    buf_release(&text);
    if (json_array_size(rows) != s->spec->n_checks) {
        json_decref(rows);
        return false;
    }
    for (size_t i = 0; i < s->spec->n_checks; i++) {
        json_t *row = json_incref(json_array_get(rows, i));

        /* Titles and points come from the manifest, whose text is part of the key. */
        json_object_set_new(row, "cached", json_true());
        session_write(s, i, row);
    }
    json_decref(rows);
    return true;
}

/* Verdicts that hang on the machine are not kept. */
static bool is_keepable(const json_t *row)
{
    const char *verdict = json_string_value(json_object_get(row, "verdict"));

    return strcmp(verdict, "HARNESS_ERROR") && strcmp(verdict, "TIMEOUT");
}

void session_keep(struct session *s, const char *path)
{
    char *temporary = xasprintf("%s.%d", path, (int)getpid());
    char *directory = xstrdup(path), *text;
    json_t *rows = json_array();
    bool keep = true;

    for (size_t i = 0; i < s->spec->n_checks; i++) {
        keep = keep && is_keepable(s->rows[i]);
        json_array_append(rows, s->rows[i]);
    }
    *strrchr(directory, '/') = '\0';
    text = json_dumps(rows, JSON_COMPACT);
    if (keep && text && !io_make_directories(directory, NULL)) {
        FILE *f = fopen(temporary, "we");

        /* No fsync: a cache that a power failure tears is no loss, a torn file does not parse. */
        if (f && (fputs(text, f) == EOF) + (fclose(f) == EOF) == 0)
            rename(temporary, path);
    }
    free(text);
    json_decref(rows);
    free(directory);
    free(temporary);
}
