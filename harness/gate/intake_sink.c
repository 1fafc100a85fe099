/* SPDX-License-Identifier: MIT */
#include "gate/intake_sink.h"

#include "base/clean.h"
#include "gate/foreign.h"
#include "gate/policy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_BYTES = 200 }; /* of a path in a remark */

void sink_init(struct intake_sink *sink, const struct intake_wanted *wanted, size_t n_wanted,
    struct intake *result)
{
    *sink = (struct intake_sink){.wanted = wanted, .n_wanted = n_wanted, .result = result};
    sink->slots = xcalloc(n_wanted + 1, sizeof *sink->slots);
}

void intake_add_remark(struct intake *in, bool refused, const char *exercise, char *text)
{
    if (in->n_remarks == INTAKE_REMARKS) {
        in->n_remarks_cut++;
        free(text);
        return;
    }
    in->remarks = xrealloc(in->remarks, (in->n_remarks + 1) * sizeof *in->remarks);
    in->remarks[in->n_remarks++] = (struct intake_remark){refused, exercise, text};
}

void sink_remark(struct intake_sink *sink, bool refused, const char *exercise, const char *path,
    const char *reason)
{
    char *shown = clean_name(path, NAME_BYTES);

    intake_add_remark(sink->result, refused, exercise, xasprintf("`%s` %s", shown, reason));
    free(shown);
}

bool sink_enters(const char *directory)
{
    return directory[0] != '.' &&
           !policy_listed("solutions tests build __MACOSX node_modules", directory);
}

/* Whether the bytes [at, end) are exactly this word. */
static bool is_word(const char *at, const char *end, const char *word)
{
    return (size_t)(end - at) == strlen(word) && memcmp(at, word, (size_t)(end - at)) == 0;
}

/* Takes the last component off [path, *end) if it is `word`. */
static bool drop_last(const char *path, const char **end, const char *word)
{
    const char *slash = *end > path ? memrchr(path, '/', (size_t)(*end - path)) : NULL;
    const char *last = slash ? slash + 1 : path;

    if (*end == path || !is_word(last, *end, word))
        return false;
    *end = slash ? slash : path;
    return true;
}

/* Counts the directories of [path, end); false when one of them is not to be entered. */
static bool count_directories(const char *path, const char *end, size_t *ret)
{
    char name[256];
    size_t count = 0;

    for (const char *at = path; at < end; count++) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        size_t length = (size_t)((slash ? slash : end) - at);

        if (length >= sizeof name)
            return false;
        memcpy(name, at, length);
        name[length] = '\0';
        if (!sink_enters(name))
            return false;
        at += length + (slash != NULL);
    }
    *ret = count;
    return true;
}

static bool matches(const struct intake_wanted *wanted, const char *path, struct intake_rank *ret)
{
    const char *end = path + strlen(path);
    struct intake_rank rank = {0};

    if (!drop_last(path, &end, wanted->file))
        return false;
    rank.form = 2;
    if (drop_last(path, &end, wanted->exercise))
        rank.form = drop_last(path, &end, wanted->unit) ? 0 : 1;
    if (rank.form < 2)
        drop_last(path, &end, "labs");
    if (!count_directories(path, end, &rank.directories))
        return false;
    *ret = rank;
    return true;
}

static bool is_better(
    const struct intake_slot *slot, const struct intake_rank *rank, const char *path)
{
    if (!slot->taken)
        return true;
    if (rank->directories != slot->rank.directories)
        return rank->directories < slot->rank.directories;
    if (rank->form != slot->rank.form)
        return rank->form < slot->rank.form;
    /* The same name again, in an archive that was added to: the later one counts. */
    return strcmp(path, slot->path) <= 0;
}

static void note_second(struct intake_sink *sink, size_t i, const char *not_used, const char *used)
{
    char *shown = clean_name(used, NAME_BYTES);
    char *reason = xasprintf("is not used: %s is handed in more than once, and `%s` comes first.",
        sink->wanted[i].file, shown);

    if (!sink->slots[i].repeated)
        sink_remark(sink, false, sink->wanted[i].exercise, not_used, reason);
    sink->slots[i].repeated = true;
    free(shown);
    free(reason);
}

/* `counter_mutex (1).c`, `Counter_Mutex.c`, `counter_mutex.c.txt`: what browsers and editors make.
 */
static bool is_near(const char *file, const char *wanted)
{
    size_t stem = strcspn(wanted, ".");
    char after = strncasecmp(file, wanted, stem) == 0 ? file[stem] : 'x';

    return strcmp(file, wanted) != 0 && strchr(" .-(", after) != NULL && after != '\0' &&
           (strcasestr(file + stem, ".c") != NULL || strcasestr(file + stem, ".txt") != NULL);
}

static void note_near(struct intake_sink *sink, size_t i, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (sink->slots[i].near == NULL && is_near(slash ? slash + 1 : path, sink->wanted[i].file))
        sink->slots[i].near = xstrdup(path);
}

/* Only where it counts: not in a hidden directory, nor among the tests. */
static void note_foreign(struct intake_sink *sink, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t directories;

    if (sink->foreign == NULL && foreign_by_name(path) && (slash ? slash[1] : path[0]) != '.' &&
        count_directories(path, slash ? slash : path, &directories))
        sink->foreign = xstrdup(path);
}

void sink_forget_foreign(struct intake_sink *sink)
{
    free(sink->foreign);
    sink->foreign = NULL;
}

void sink_cannot_read(struct intake_sink *sink, const char *path, int reason)
{
    char *shown = clean_name(path, NAME_BYTES);

    if (!sink->unreadable.length)
        buf_printf(&sink->unreadable, "`%s` cannot be read: %s", shown, strerror(reason));
    free(shown);
}

bool sink_misses_some(const struct intake_sink *sink)
{
    for (size_t i = 0; i < sink->n_wanted; i++)
        if (!sink->slots[i].taken)
            return true;
    return false;
}

bool sink_offer(struct intake_sink *sink, const char *path)
{
    bool any = false;

    free(sink->offered);
    sink->offered = xstrdup(path);
    for (size_t i = 0; i < sink->n_wanted; i++) {
        struct intake_slot *slot = &sink->slots[i];

        slot->marked = false;
        if (!matches(&sink->wanted[i], path, &slot->marked_rank)) {
            note_near(sink, i, path);
            continue;
        }
        slot->marked = is_better(slot, &slot->marked_rank, path);
        if (!slot->marked)
            note_second(sink, i, path, slot->path);
        any |= slot->marked;
    }
    if (!any)
        note_foreign(sink, path);
    return any;
}

void sink_refuse(struct intake_sink *sink, const char *reason)
{
    const char *exercise = NULL;

    for (size_t i = 0; i < sink->n_wanted && exercise == NULL; i++)
        if (sink->slots[i].marked)
            exercise = sink->wanted[i].exercise;
    sink_remark(sink, true, exercise, sink->offered, reason);
}

const char *sink_why_not(const char *bytes, size_t length)
{
    if (length > INTAKE_FILE_BYTES)
        return "is larger than 256 KiB and was not taken: no solution needs that much.";
    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return "is UTF-16 text and was not taken. Save it as UTF-8.";
    if (memchr(bytes, '\0', length) != NULL)
        return "contains NUL bytes, so it is no C file, and was not taken. Save it as UTF-8 text.";
    return NULL;
}

static void note_encoding(struct intake_sink *sink, const char *bytes, size_t length)
{
    size_t bad, line = 1;

    if (clean_is_utf8(bytes, length, &bad))
        return;
    for (size_t i = 0; i < bad; i++)
        line += bytes[i] == '\n';
    char *reason = xasprintf(
        "is not UTF-8 (line %zu); it was taken as it is. In comments that does "
        "no harm.",
        line);
    sink_remark(sink, false, NULL, sink->offered, reason);
    free(reason);
}

void sink_put(struct intake_sink *sink, size_t index, char *path, char *bytes, size_t length)
{
    struct intake_slot *slot = &sink->slots[index];

    free(slot->path);
    free(slot->bytes);
    slot->taken = true;
    slot->path = path;
    slot->bytes = bytes;
    slot->length = length;
}

static void keep(struct intake_sink *sink, size_t i, const char *bytes, size_t length)
{
    struct intake_slot *slot = &sink->slots[i];
    char *copy = xcalloc(1, length + 1);

    if (slot->taken && strcmp(slot->path, sink->offered) != 0)
        note_second(sink, i, slot->path, sink->offered);
    slot->rank = slot->marked_rank;
    memcpy(copy, bytes, length);
    sink_put(sink, i, xstrdup(sink->offered), copy, length);
}

void sink_take(struct intake_sink *sink, const char *bytes, size_t length)
{
    const char *why = sink_why_not(bytes, length);

    if (why != NULL) {
        sink_refuse(sink, why);
        return;
    }
    note_encoding(sink, bytes, length);
    for (size_t i = 0; i < sink->n_wanted; i++)
        if (sink->slots[i].marked)
            keep(sink, i, bytes, length);
}

static void say_near(struct intake_sink *sink, size_t i)
{
    char *reason = xasprintf(
        "looks like %s, and was not taken. Give it exactly that name.", sink->wanted[i].file);

    sink_remark(sink, true, sink->wanted[i].exercise, sink->slots[i].near, reason);
    free(reason);
}

/* Only when there is nothing else: beside the code a document is welcome. */
static void say_foreign(struct intake_sink *sink)
{
    const struct foreign *f = sink->foreign ? foreign_by_name(sink->foreign) : NULL;
    char *reason;

    if (!f || sink->result->n_files || sink->result->n_remarks)
        return;
    reason = f->kind == FOREIGN_DOCUMENT
                 ? xasprintf("is %s and no C file.", f->what)
                 : xasprintf(
                       "is %s within the submission and was not opened. Hand in what is in it.",
                       f->what);
    sink_remark(sink, true, NULL, sink->foreign, reason);
    free(reason);
}

void sink_finish(struct intake_sink *sink)
{
    struct intake *in = sink->result;

    in->files = xcalloc(sink->n_wanted + 1, sizeof *in->files);
    for (size_t i = 0; i < sink->n_wanted; i++) {
        struct intake_slot *slot = &sink->slots[i];

        if (slot->taken)
            in->files[in->n_files++] = (struct intake_file){
                sink->wanted[i].exercise, slot->path, slot->bytes, slot->length};
        else if (slot->near != NULL)
            say_near(sink, i);
        free(slot->near);
    }
    say_foreign(sink);
    buf_release(&sink->unreadable);
    free(sink->foreign);
    free(sink->slots);
    free(sink->offered);
    *sink = (struct intake_sink){0};
}
