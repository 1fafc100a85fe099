/* SPDX-License-Identifier: MIT */
#include "lab/check_parts.h"

#include "base/io.h"
#include "lab/processes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile sig_atomic_t check_interrupted;

static void on_signal(int number)
{
    check_interrupted = number;
}

/* Scores of the exercises and of the whole. */
static void add_up(struct schedule *s, json_t *result)
{
    double score = 0, most = 0;
    bool complete = true;

    for (size_t i = 0; i < s->n_gradings; i++) {
        struct grading *g = &s->gradings[i];
        double own = 0, own_most = 0;

        for (size_t j = 0; j < g->n_rows; j++) {
            own += json_number_value(json_object_get(g->rows[j].json, "score"));
            own_most += json_number_value(json_object_get(g->rows[j].json, "max_score"));
            complete = complete && check_verdict_of(g->rows[j].json) != VERDICT_HARNESS_ERROR &&
                       g->rows[j].state == ROW_DONE;
        }
        json_object_set_new(g->json, "score", json_real(own));
        json_object_set_new(g->json, "max_score", json_real(own_most));
        score += own;
        most += own_most;
    }
    json_object_set_new(result, "complete", json_boolean(complete));
    json_object_set_new(result, "score", json_real(score));
    json_object_set_new(result, "max_score", json_real(most));
}

static json_t *check_result(struct schedule *s, long long began_ms)
{
    json_t *result = json_object(), *exercises = json_array();

    json_object_set_new(result, "schema", json_string("interleave/result/1"));
    json_object_set_new(result, "kit", json_string(KIT_VERSION));
    json_object_set_new(result, "submission", json_string(s->spec->submission));
    json_object_set_new(result, "sandbox", json_string(s->spec->sandbox));
    json_object_set_new(result, "seed", json_integer((json_int_t)s->spec->seed));
    add_up(s, result);
    json_object_set_new(result, "duration_ms", json_integer(io_now_ms() - began_ms));
    for (size_t i = 0; i < s->n_gradings; i++)
        json_array_append(exercises, s->gradings[i].json);
    json_object_set_new(result, "exercises", exercises);
    return result;
}

static void schedule_release(struct schedule *s)
{
    for (size_t i = 0; i < s->n_gradings; i++) {
        for (size_t j = 0; j < s->gradings[i].n_rows; j++)
            json_decref(s->gradings[i].rows[j].json);
        json_decref(s->gradings[i].json);
    }
    for (size_t i = 0; i < s->n_running; i++) {
        close(s->running[i].fd);
        buf_release(&s->running[i].text);
    }
    free(s->gradings);
}

json_t *check_run(const struct check_spec *spec, bool *ret_interrupted, struct buf *err)
{
    struct schedule s = {.spec = spec};
    struct sigaction act = {.sa_handler = on_signal}, old_int, old_term;
    long long began = io_now_ms();
    json_t *result;

    if (processes_adopt(err))
        return NULL;
    check_interrupted = 0;
    sigaction(SIGINT, &act, &old_int);
    sigaction(SIGTERM, &act, &old_term);
    if (spec->level == BOX_LIMITS)
        box_look_around();
    s.gradings = xcalloc(spec->n_items, sizeof(*s.gradings));
    for (size_t i = 0; i < spec->n_items; i++)
        check_begin(&s, &spec->items[i]);
    check_run_all(&s);
    if (s.n_running)
        processes_end();
    result = check_result(&s, began);
    schedule_release(&s);
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGTERM, &old_term, NULL);
    *ret_interrupted = check_interrupted != 0;
    return result;
}

int check_exit_status(const json_t *result)
{
    size_t i, j;
    json_t *exercise, *row;
    int status = 0;

    json_array_foreach (json_object_get(result, "exercises"), i, exercise)
        json_array_foreach (json_object_get(exercise, "checks"), j, row)
            if (check_verdict_of(row) != VERDICT_PASS)
                status = 1;
    return json_is_true(json_object_get(result, "complete")) ? status : 3;
}
