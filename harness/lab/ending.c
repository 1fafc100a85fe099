/* SPDX-License-Identifier: MIT */
#include "lab/ending.h"

#include "base/io.h"
#include "lab/tool.h"

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void conclude(struct outcome *o, enum verdict verdict, const char *ended, char *text)
{
    o->verdict = verdict;
    o->ended = xstrdup(ended);
    o->text = text;
}

/* What a task on the board waits for, in words. */
static const char *const waits_for[TASK_STATE_COUNT] = {
    [TASK_IN_LOCK] = "waits for a lock",
    [TASK_IN_COND] = "waits at a condition variable for a signal",
    [TASK_IN_SEM] = "waits at a semaphore",
    [TASK_IN_BARRIER] = "waits at a barrier",
    [TASK_IN_JOIN] = "waits for another thread to end",
    [TASK_IN_WAITPID] = "waits for a child process to end",
    [TASK_IN_READ] = "waits for something to read",
    [TASK_IN_WRITE] = "waits for room to write",
    [TASK_IN_POLL] = "waits in poll or select",
    [TASK_IN_MEETING] = "waits for the others to arrive",
    [TASK_IN_SLEEP] = "sleeps",
    [TASK_RUNNING] = "runs",
};

static void name_task(struct buf *b, const struct board_task *t, int id)
{
    if (id == 0)
        buf_puts(b, "the main thread");
    else
        buf_printf(b, "%s %d", atomic_load(&t->is_process) ? "process" : "thread", id);
}

static int owner_of(const struct board *board, int64_t lock)
{
    for (size_t i = 0; i < BOARD_LOCKS; i++)
        if ((int64_t)atomic_load(&board->locks[i].address) == lock)
            return atomic_load(&board->locks[i].owner) - 1;
    return -1;
}

static void describe_object(
    const struct ending *e, struct buf *b, const struct board_task *t, int id)
{
    int32_t state = atomic_load(&t->state);
    int64_t object = atomic_load(&t->object);
    int owner = state == TASK_IN_LOCK ? owner_of(e->board, object) : -1;

    if (state == TASK_IN_JOIN && object >= 0)
        buf_printf(b, " (thread %lld)", (long long)object);
    if (state == TASK_IN_READ || state == TASK_IN_WRITE)
        buf_printf(b, " (descriptor %lld)", (long long)object);
    if (owner >= 0 && owner < BOARD_TASKS) {
        buf_puts(b, " that ");
        if (owner == id)
            buf_puts(b, "it holds itself");
        else
            name_task(b, &e->board->tasks[owner], owner), buf_puts(b, " holds");
    }
}

/* One finding for each task that waits: who, for what, where. */
static void describe_tasks(const struct ending *e, struct outcome *o)
{
    uint32_t used = atomic_load(&e->board->n_tasks);

    for (uint32_t id = 0; id < used && id < BOARD_TASKS; id++) {
        const struct board_task *t = &e->board->tasks[id];
        int32_t state = atomic_load(&t->state);
        struct buf b = BUF_EMPTY;
        struct place p = {0};
        bool students;

        /* In a deadlock, a task that seems to run belongs to a process that has ended. */
        if (state <= TASK_FREE || state >= TASK_STATE_COUNT || state == TASK_ENDED ||
            (state == TASK_RUNNING && e->box->end == BOX_QUIET))
            continue;
        name_task(&b, t, (int)id);
        buf_printf(&b, " %s", waits_for[state] ? waits_for[state] : "waits");
        describe_object(e, &b, t, (int)id);
        students = e->lines && state != TASK_RUNNING &&
                   lines_find(e->lines, atomic_load(&t->call_site) - 1, &p) && p.file &&
                   !strcmp(p.file, e->student);
        outcome_add_finding(
            o, "waits", students ? p.file : NULL, students ? p.line : 0, buf_text(&b));
        buf_release(&b);
    }
}

static char *deadlock_text(const struct outcome *o)
{
    struct buf b = BUF_EMPTY;

    buf_puts(&b, "every task waits and none can wake another: ");
    for (size_t i = 0; i < o->n_findings && i < 3; i++) {
        buf_printf(&b, "%s%s", i ? "; " : "", o->findings[i].text);
        if (o->findings[i].file)
            buf_printf(&b, " (%s:%d)", o->findings[i].file, o->findings[i].line);
    }
    if (o->n_findings > 3)
        buf_printf(&b, "; and %zu more", o->n_findings - 3);
    return buf_detach(&b);
}

static void copy_findings(struct outcome *o, const struct outcome *from)
{
    for (size_t i = 0; i < from->n_findings; i++)
        outcome_add_finding(o, from->findings[i].kind, from->findings[i].file,
            from->findings[i].line, from->findings[i].text);
}

/* Ends that a limit made. */
static const struct limit_end {
    enum verdict verdict;
    const char *ended;
    const char *text;
} limit_ends[BOX_END_COUNT] = {
    [BOX_WALL] = {VERDICT_TIMEOUT, "timeout",
        "the program did not end in time: it waits or sleeps"},
    [BOX_CPU] = {VERDICT_TIMEOUT, "timeout",
        "the program did not end in time: it was still running (an endless loop, or busy waiting?)"},
    [BOX_MEMORY] = {VERDICT_MEMORY, "memory", "the program used more memory than it may"},
    [BOX_TASKS] = {VERDICT_PROCESSES, "processes",
        "the program started more threads or processes than it may"},
    [BOX_OUTPUT] = {VERDICT_OUTPUT, "output", "the program printed more than is kept"},
    [BOX_KILLED] = {VERDICT_TIMEOUT, "timeout", "the program had to be stopped"},
};

static bool ended_by_limit(const struct ending *e, struct outcome *o)
{
    const struct limit_end *end = &limit_ends[e->box->end];

    if (e->box->end == BOX_QUIET) {
        describe_tasks(e, o);
        conclude(o, VERDICT_DEADLOCK, "deadlock", deadlock_text(o));
        return true;
    }
    if (!end->text)
        return false;
    conclude(o, end->verdict, end->ended, xstrdup(end->text));
    describe_tasks(e, o);
    return true;
}

static bool ended_todo(const struct ending *e, struct outcome *o)
{
    char file[BOARD_TEXT], function[BOARD_TEXT]; /* may lack their ends */

    if (board_stage(e->board) != BOARD_TODO)
        return false;
    memcpy(file, e->board->todo_file, sizeof(file));
    memcpy(function, e->board->todo_function, sizeof(function));
    file[sizeof(file) - 1] = function[sizeof(function) - 1] = '\0';
    conclude(o, VERDICT_NOT_IMPLEMENTED, "todo",
        xasprintf("%s() is still to be written (%s:%d)", function, io_base_name(file),
            e->board->todo_line));
    outcome_add_finding(o, "todo", io_base_name(file), e->board->todo_line, o->text);
    return true;
}

static bool ended_by_signal(const struct ending *e, struct outcome *o)
{
    if (e->box->end != BOX_SIGNALED)
        return false;
    conclude(o, VERDICT_CRASH, e->box->status == SIGABRT ? "abort" : "signal",
        xasprintf("the program died by signal %d (%s)", e->box->status, strsignal(e->box->status)));
    return true;
}

static bool ended_by_tool(const struct ending *e, struct outcome *o)
{
    if (e->found->verdict == VERDICT_PASS)
        return false;
    conclude(o, e->found->verdict, e->found->verdict == VERDICT_RACE ? "race" : "finding",
        xstrdup(e->found->text));
    copy_findings(o, e->found);
    return true;
}

/* The detector's status without a report that we could read still says that it found something. */
static bool ended_by_silent_tool(const struct ending *e, struct outcome *o)
{
    if (!e->has_detector || e->box->end != BOX_EXITED || e->box->status != TOOL_EXIT_STATUS)
        return false;
    conclude(o, VERDICT_MEMERR, "finding",
        xstrdup("the detector found a fault, and its report is "
                "missing or cannot be read"));
    return true;
}

static bool ended_early(const struct ending *e, struct outcome *o)
{
    const bool complete = board_stage(e->board) == BOARD_COMPLETE && e->box->end == BOX_EXITED;

    if (complete && e->box->status == 0)
        return false;
    conclude(o, VERDICT_FORGED, "exit",
        xasprintf("the program ended by itself (exit status %d) %s", e->box->status,
            complete ? "on its way out" : "before the work was over"));
    return true;
}

static bool left_something(const struct ending *e, struct outcome *o)
{
    const struct board *b = e->board;
    int unjoined = atomic_load(&b->threads_unjoined), running = atomic_load(&b->threads_left);
    int descriptors = atomic_load(&b->descriptors_left);

    if (atomic_load(&b->zombies_left))
        conclude(o, VERDICT_LEFTOVER, "leftover",
            xstrdup("a child process has ended and was never waited for (a zombie)"));
    else if (atomic_load(&b->children_left))
        conclude(o, VERDICT_LEFTOVER, "leftover",
            xstrdup("a child process still runs when the work is over"));
    else if (e->box->survivors)
        conclude(o, VERDICT_LEFTOVER, "leftover",
            xasprintf("%u process%s started on the way still run%s when the work is over",
                e->box->survivors, e->box->survivors == 1 ? "" : "es",
                e->box->survivors == 1 ? "s" : ""));
    else if (unjoined)
        conclude(o, VERDICT_LEFTOVER, "leftover",
            xasprintf("%d thread%s never joined", unjoined, unjoined == 1 ? " was" : "s were"));
    else if (running)
        conclude(o, VERDICT_LEFTOVER, "leftover",
            xasprintf("%d thread%s when the work is over", running,
                running == 1 ? " still runs" : "s still run"));
    else if (descriptors > 0)
        conclude(o, VERDICT_LEAK, "leak",
            xasprintf(
                "%d descriptor%s left open", descriptors, descriptors == 1 ? " is" : "s are"));
    else
        return false;
    outcome_add_finding(o, o->verdict == VERDICT_LEAK ? "leak" : "leftover", NULL, 0, o->text);
    return true;
}

/* The order is the order of what a student should hear first. */
static bool (*const questions[])(const struct ending *, struct outcome *) = {
    ended_todo,
    ended_by_tool,
    ended_by_limit,
    ended_by_signal,
    ended_by_silent_tool,
    ended_early,
    left_something,
};

int ending_to_outcome(const struct ending *e, struct outcome *ret, struct buf *err)
{
    struct buf garbled = BUF_EMPTY;

    if (board_stage(e->board) == BOARD_BROKEN)
        return fail(err, "The probe could not work: %.*s.", BOARD_TEXT - 1, e->board->sentence);
    ret->facts = board_facts(e->board, &garbled);
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        if (questions[i](e, ret))
            goto out;
    if (!ret->facts)
        conclude(ret, VERDICT_FORGED, "exit", buf_detach(&garbled));
    else
        conclude(ret, VERDICT_PASS, "ok", NULL);
out:
    if (!ret->facts)
        ret->facts = json_object();
    buf_release(&garbled);
    return 0;
}
