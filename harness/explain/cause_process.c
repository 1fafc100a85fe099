/* SPDX-License-Identifier: MIT */
/* Pipes and children: who keeps a reader waiting for the end of the file, and who was killed before
 * it had done its work. */
#include "explain/cause.h"

#include <sys/wait.h>

enum { PROCESSES_MOST = TRACE_TASKS };

/* How many writing ends of one pipe each process has, as far as forks and closes tell. */
struct ends {
    int open[PROCESSES_MOST];
    bool seen[PROCESSES_MOST]; /* it has done something to the pipe */
};

static int process_of(const struct story *s, int task)
{
    int process = task >= 0 && (uint32_t)task < s->trace.result->n_tasks
                      ? s->trace.tasks[task].process
                      : -1;

    return process >= 0 && process < PROCESSES_MOST ? process : -1;
}

/* Every process begins with what its parent has; the first one made the pipe. */
static void count_ends(const struct story *s, const struct trace_place *pipe, struct ends *ret)
{
    *ret = (struct ends){.open = {1}};
    for (uint32_t i = 0; i < s->trace.result->n_events; i++) {
        const struct trace_event *e = cause_event(s, i);
        int process = process_of(s, e->task), child = process_of(s, e->op.other);

        if (process < 0)
            continue;
        if (e->op.kind == OP_FORK && child >= 0)
            ret->open[child] = ret->open[process];
        if (e->op.kind >= OP_PIPE_READ && e->op.kind <= OP_PIPE_CLOSE &&
            cause_same_place(&e->op.place[0], pipe)) {
            ret->seen[process] = true;
            ret->open[process] -= e->op.kind == OP_PIPE_CLOSE && e->result == TRACE_WRITING_END;
        }
    }
}

/* The task of a process that is not over and has the writing end; -1: nobody that is known. */
static int keeper(const struct story *s, const struct ends *ends)
{
    for (uint32_t i = 0; i < s->trace.result->n_tasks; i++) {
        int process = process_of(s, (int)i);

        if (process >= 0 && s->trace.tasks[i].state < TRACE_TASK_ENDED && ends->seen[process] &&
            ends->open[process] > 0)
            return (int)i;
    }
    return -1;
}

bool cause_open_end(struct story *s)
{
    for (int i = 0; i < (int)s->trace.result->n_tasks; i++) {
        const struct trace_op *op = &s->trace.tasks[i].pending;
        struct ends ends;
        int who;

        if (s->trace.result->end != END_DEADLOCK || !cause_waits_at_end(s, i) ||
            op->kind != OP_PIPE_READ)
            continue;
        count_ends(s, &op->place[0], &ends);
        who = keeper(s, &ends);
        if (who < 0)
            return false;
        cause_begin(s, "deadlock", op->pc);
        buf_printf(
            &s->sentence, "Deadlock: %s waits for something to read from ", cause_task(s, i));
        cause_put_pending(s, i);
        buf_putc(&s->sentence, ' ');
        cause_put_line(s, op->pc);
        buf_printf(&s->sentence,
            ". Nothing is in it and nobody writes any more, but the end of the file never comes as "
            "long as anybody has the writing end open: %s%s has not closed its own.",
            cause_task(s, who), process_of(s, who) == process_of(s, i) ? " itself" : "");
        return true;
    }
    return false;
}

static bool was_killed(const struct story *s, int task)
{
    const struct trace_task *t = &s->trace.tasks[task];

    return t->is_process && t->state >= TRACE_TASK_ENDED && WIFSIGNALED(t->status);
}

static long last_of(const struct story *s, int task)
{
    for (uint32_t i = s->trace.result->n_events; i-- > 0;)
        if (cause_event(s, i)->task == task)
            return i;
    return NO_EVENT;
}

/* Somebody was killed in the middle, and the program came out wrong. */
bool cause_killed(struct story *s)
{
    for (uint32_t i = 0; cause_is_wrong(s) && i < s->trace.result->n_events; i++) {
        const struct trace_event *e = cause_event(s, i);
        long last;

        if (e->op.kind != OP_KILL || e->op.other < 0 ||
            (uint32_t)e->op.other >= s->trace.result->n_tasks || !was_killed(s, e->op.other))
            continue;
        cause_begin(s, "killed", e->op.pc);
        buf_printf(
            &s->sentence, "%s killed %s ", cause_task(s, e->task), cause_task(s, e->op.other));
        cause_put_step(s, i);
        last = last_of(s, e->op.other);
        if (last == NO_EVENT || last > i)
            buf_puts(&s->sentence, " before it had done anything that others can see.");
        else
            buf_puts(&s->sentence, " before it had done all of its work.");
        cause_put_end(s);
        return true;
    }
    return false;
}
