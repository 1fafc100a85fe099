/* SPDX-License-Identifier: MIT */
#include "lab/grading.h"

#include "base/io.h"
#include "box/level.h"
#include "lab/cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_chosen(const struct grading_spec *spec, size_t i)
{
    return !spec->chosen || spec->chosen[i];
}

static size_t list_wanted(const struct grading_spec *spec, struct intake_wanted *wanted)
{
    size_t n = 0;

    for (size_t i = 0; i < spec->kit->n_exercises; i++) {
        const struct manifest *m = &spec->kit->exercises[i];

        if (is_chosen(spec, i))
            wanted[n++] = (struct intake_wanted){m->id, m->unit, m->edit};
    }
    return n;
}

void submission_read(
    const struct grading_spec *spec, int directory_fd, const char *name, struct submission *ret)
{
    struct intake_wanted *wanted = xcalloc(spec->kit->n_exercises, sizeof(*wanted));
    size_t n = list_wanted(spec, wanted);

    *ret = SUBMISSION_EMPTY;
    ret->unreadable = intake_read(directory_fd, name, wanted, n, &ret->in, &ret->refusal) != 0;
    free(wanted);
}

void submission_release(struct submission *s)
{
    intake_release(&s->in);
    buf_release(&s->refusal);
}

void submission_fingerprint(const struct submission *s, struct buf *ret)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    char *path;

    cache_key_text(&k, "error", buf_text(&s->refusal));
    for (size_t i = 0; i < s->in.n_files; i++) {
        cache_key_text(&k, "exercise", s->in.files[i].exercise);
        cache_key_text(&k, "bytes", s->in.files[i].bytes);
    }
    for (size_t i = 0; i < s->in.n_remarks; i++)
        cache_key_text(&k, "remark", s->in.remarks[i].text);
    path = cache_path("", &k, "");
    buf_puts(ret, path);
    free(path);
}

/* The same for the same file (0 without a salt: no seed of its own), and nothing that its author
 * could foresee: the salt has the times of this kit's programs in it. */
static uint64_t seed_for(const struct grading_spec *spec, const struct intake_file *f)
{
    struct cache_key k = CACHE_KEY_EMPTY;

    if (!spec->salt)
        return 0;
    cache_key_text(&k, "salt", spec->salt);
    cache_key_text(&k, "file", f ? f->bytes : "");
    return cache_number(&k) % 1000000000; /* short enough to type */
}

/* Where the students' files lie while they are graded: "<dir>/<unit>/<id>/<file>", as in labs/. */
static char *lay_out(
    const struct intake_file *f, const struct manifest *m, const char *directory, struct buf *err)
{
    char *own = xasprintf("%s/%s/%s", directory, m->unit, m->id);
    char *path = io_path(own, m->edit);
    int result = io_make_directories(own, err);

    if (!result)
        result = io_write_file(path, f->bytes, f->length, err);
    free(own);
    if (!result)
        return path;
    free(path);
    return NULL;
}

/* Why there is nothing to grade for an exercise. */
static char *missing_sentence(const struct intake *in, const struct manifest *m, const char *error)
{
    if (error)
        return xstrdup(error);
    for (size_t i = 0; i < in->n_remarks; i++)
        if (in->remarks[i].refused && in->remarks[i].exercise &&
            !strcmp(in->remarks[i].exercise, m->id))
            return xstrdup(in->remarks[i].text);
    return xasprintf("%s was not handed in.", m->edit);
}

static json_t *remarks_of(const struct intake *in)
{
    json_t *list = json_array();

    for (size_t i = 0; i < in->n_remarks; i++)
        json_array_append_new(list, json_string(in->remarks[i].text));
    if (in->n_remarks_cut)
        json_array_append_new(
            list, json_sprintf("… and %zu more remarks of this kind.", in->n_remarks_cut));
    return list;
}

/* An archive that cannot be read is graded as nothing handed in would be unfair: its rows stay
 * ungraded, and a person has to look. */
static void mark_unreadable(json_t *result, const char *sentence)
{
    json_t *exercise, *row;
    size_t i, j;

    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_array_foreach (json_object_get(exercise, "checks"), j, row)
            json_object_set_new(row, "verdict", json_string("HARNESS_ERROR"));
    json_object_set_new(result, "complete", json_false());
    json_object_set_new(result, "error", json_string(sentence));
}

static json_t *grade_files(const struct grading_spec *spec, const struct submission *submission,
    const char *name, const char *directory, bool *ret_interrupted, struct buf *err)
{
    const char *error = submission->unreadable ? buf_text(&submission->refusal) : NULL;
    struct check_item *items = xcalloc(spec->kit->n_exercises, sizeof(*items));
    struct check_spec check = {
        .kit = spec->kit,
        .submission = name,
        .items = items,
        .sandbox = spec->sandbox,
        .level = spec->level,
        .jobs = spec->jobs,
        .share = spec->share,
        .seed = spec->salt ? seed_for(spec, NULL) : spec->seed,
        .fresh = spec->fresh,
    };
    json_t *result = NULL;

    for (size_t i = 0; i < spec->kit->n_exercises; i++) {
        const struct manifest *m = &spec->kit->exercises[i];
        const struct intake_file *f = error ? NULL : intake_find(&submission->in, m->id);
        struct check_item *item = &items[check.n_items];

        if (!is_chosen(spec, i))
            continue;
        check.n_items++;
        item->exercise = m;
        item->seed = seed_for(spec, f);
        if (f)
            item->source = lay_out(f, m, directory, err);
        else
            item->missing = missing_sentence(&submission->in, m, error);
        if (f && !item->source)
            goto out;
    }
    result = check_run(&check, ret_interrupted, err);
out:
    for (size_t i = 0; i < check.n_items; i++) {
        free((char *)items[i].source);
        free((char *)items[i].missing);
    }
    free(items);
    return result;
}

json_t *grading_run(const struct grading_spec *spec, const struct submission *submission,
    const char *name, char **ret_files, bool *ret_interrupted, struct buf *err)
{
    char *directory = NULL;
    json_t *result;

    if (!spec->keep)
        directory = io_make_temporary("interleave-grade", err);
    else if (!io_remove_tree(spec->keep, err) && !io_make_directories(spec->keep, err))
        directory = xstrdup(spec->keep);
    if (!directory)
        return NULL;
    result = grade_files(spec, submission, name, directory, ret_interrupted, err);
    if (result && submission->unreadable)
        mark_unreadable(result, buf_text(&submission->refusal));
    if (result && submission->in.n_remarks)
        json_object_set_new(result, "messages", remarks_of(&submission->in));
    if (result) {
        *ret_files = directory;
    } else {
        if (!spec->keep)
            io_remove_tree(directory, NULL);
        free(directory);
    }
    return result;
}

/* What keeps this machine from a higher level, and what to do about it. */
static void add_remedies(const struct box_level_report *r, struct buf *b)
{
    for (size_t i = 0; i < r->n_pieces; i++) {
        const struct box_piece *p = &r->pieces[i];
        size_t length = p->found ? strlen(p->found) : 0;

        while (length && strchr(".: ", p->found[length - 1]))
            length--;
        if (p->remedy)
            buf_printf(b, " %s: %.*s. %s", p->name, (int)length, p->found, p->remedy);
    }
}

int grading_level(
    const char *wanted, enum box_level *ret_level, const char **ret_name, struct buf *err)
{
    struct box_level_report r = BOX_LEVEL_REPORT_EMPTY;
    const char *configured = getenv("LAB_BOX");
    struct buf remedies = BUF_EMPTY;
    int least, result = 0;

    if (!wanted)
        wanted = configured && *configured ? configured : "reduced";
    least = box_level_by_name(wanted);
    if (least < 0)
        return fail(err,
            "There is no sandbox level `%s`; there are full, approximate, reduced and "
            "none.",
            wanted);
    if (least > BOX_LIMITS)
        result = box_probe_level(&r, err);
    if (!result && (int)r.level < least) {
        add_remedies(&r, &remedies);
        result = fail(err,
            "This machine gives the sandbox level `%s`, and `%s` is the least that "
            "marks may be given at.%s `--box none` grades without a sandbox, not for "
            "marks.",
            box_level_name(r.level), wanted, buf_text(&remedies));
    }
    if (!result) {
        *ret_level = least > BOX_LIMITS ? r.level : BOX_LIMITS;
        *ret_name = box_level_name(*ret_level);
    }
    box_level_report_release(&r);
    buf_release(&remedies);
    return result;
}

unsigned grading_jobs(enum box_level level, unsigned jobs)
{
    return level == BOX_REDUCED && geteuid() != 0 ? 1 : jobs;
}

const char *grading_level_note(enum box_level level)
{
    static const char *const notes[] = {
        [BOX_LIMITS] =
            "Graded without a sandbox: not for marks, and only what you would run yourself.",
        [BOX_REDUCED] =
            "The sandbox level of this machine is `reduced`: no namespaces. `lab doctor` "
            "says what is missing.",
        [BOX_APPROXIMATE] =
            "The sandbox level of this machine is `approximate`: limits on memory and "
            "tasks are kept by looking. `lab doctor` says what is missing.",
        [BOX_FULL] = NULL,
    };

    return notes[level];
}
