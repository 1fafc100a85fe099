/* SPDX-License-Identifier: MIT */
#include "lab/class_worker.h"

#include "base/io.h"
#include "lab/command.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Whether a row came from the cache hangs on who was graded before. */
static void forget_cache(json_t *result)
{
    json_t *exercise, *row;
    size_t i, j;

    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_array_foreach (json_object_get(exercise, "checks"), j, row)
            json_object_del(row, "cached");
}

static enum worker_end report_trouble(const struct worker_task *t, const struct buf *err)
{
    size_t length = err->length < PIPE_BUF ? err->length : PIPE_BUF;

    io_write_all(t->trouble, buf_text(err), length);
    return WORKER_NO_OUT;
}

static enum worker_end grade(const struct worker_task *t, const struct entry *e,
    const struct submission *submission, const char *fingerprint)
{
    struct grading_spec grading = *t->grading;
    char *keep = class_out_files(t->out, e->name), *files = NULL;
    enum worker_end end = WORKER_GRADED;
    struct buf err = BUF_EMPTY;
    bool stopped = false;
    json_t *result;

    grading.keep = keep;
    grading.share = t->share;
    if (getenv("LAB_SEED")) {
        grading.seed = fresh_seed(); /* that one */
        grading.fresh = true;
    } else {
        grading.salt = t->kit_fingerprint;
    }
    result = grading_run(&grading, submission, e->name, &files, &stopped, &err);
    if (stopped) {
        end = WORKER_STOPPED;
    } else if (!result) {
        end = report_trouble(t, &err);
    } else {
        forget_cache(result);
        json_object_set_new(result, "fingerprint", json_string(fingerprint));
        if (class_out_put(t->out, e->name, result, files, &err))
            end = report_trouble(t, &err);
    }
    json_decref(result);
    buf_release(&err);
    free(files);
    free(keep);
    return end;
}

enum worker_end worker_run(const struct worker_task *t, const struct entry *e)
{
    struct submission submission = SUBMISSION_EMPTY;
    struct buf fingerprint = BUF_EMPTY;
    enum worker_end end = WORKER_UNCHANGED;

    submission_read(t->grading, t->directory_fd, e->file, &submission);
    submission_fingerprint(&submission, &fingerprint);
    buf_puts(&fingerprint, t->kit_fingerprint);
    if (t->regrade || !class_out_has(t->out, e->name, buf_text(&fingerprint)))
        end = grade(t, e, &submission, buf_text(&fingerprint));
    submission_release(&submission);
    buf_release(&fingerprint);
    return end;
}

int worker_note_failure(
    const struct worker_task *t, const struct entry *e, const char *sentence, struct buf *err)
{
    json_t *result = json_pack("{s:s, s:s, s:s, s:s, s:b, s:f, s:f, s:i, s:s, s:[]}", "schema",
        "interleave/result/1", "kit", KIT_VERSION, "submission", e->name, "sandbox",
        t->grading->sandbox, "complete", 0, "score", 0.0, "max_score", 0.0, "duration_ms", 0,
        "error", sentence, "exercises");
    int status;

    if (!result)
        return fail(err, "The name of a submission is not UTF-8: rename it and try again.");
    status = class_out_put(t->out, e->name, result, NULL, err);
    json_decref(result);
    return status;
}
