/* SPDX-License-Identifier: MIT */
#include "forked_copy.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int copied_number = 1;

/* What the parent keeps of one child. */
struct child {
    pid_t pid;
    int from; /* the read end of the child's pipe */
};

/* Who looks, and from where. The address will be the same everywhere: a virtual address means
 * something only within one process. */
static void sign(struct note *note, const char *who)
{
    snprintf(note->who, sizeof note->who, "%s", who);
    note->pid = getpid();
    note->tid = gettid();
    note->address = &copied_number;
}

/* All that a child ever does. The note lives on the child's own stack, so the bytes have to travel;
 * a pointer to them would lead the parent to its own memory. */
static _Noreturn void turn(const char *who, int to)
{
    struct note note = {.before = copied_number};

    copied_number = NEW_NUMBER;
    note.after = copied_number;
    sign(&note, who);
    ssize_t sent = write(to, &note, sizeof note);
    /* _exit, not exit: the child has a copy of the parent's stdio buffers too, and exit would print
     * them a second time. The kernel closes the child's descriptors. */
    _exit(sent == (ssize_t)sizeof note ? 0 : 1);
}

static int child_start(struct child *child, const char *who)
{
    int ends[2];

    if (pipe(ends) == -1)
        return errno;
    child->pid = fork();
    if (child->pid == 0) {
        close(ends[0]);
        turn(who, ends[1]);
    }
    int error = child->pid == -1 ? errno : 0;

    /* The parent never writes. As long as it keeps the write end open, it would also never see the
     * end of the pipe if the child died without a word. */
    close(ends[1]);
    child->from = ends[0];
    if (error != 0)
        close(ends[0]);
    return error;
}

static int child_finish(struct child *child, struct note *ret_note)
{
    /* A note is far smaller than PIPE_BUF, so it arrives whole or not at all. */
    ssize_t got = read(child->from, ret_note, sizeof *ret_note);

    close(child->from);
    /* Until somebody waits for it, a process that has ended stays in the table as a zombie. */
    waitpid(child->pid, NULL, 0);
    return got == (ssize_t)sizeof *ret_note ? 0 : EIO;
}

int take_turns(struct note notes[NOTES])
{
    struct child a, b;

    sign(&notes[MAIN], "main");
    notes[MAIN].before = copied_number;

    int error = child_start(&a, "Process-A");
    if (error != 0)
        return error;
    error = child_start(&b, "Process-B");
    /* Each child has its own pipe, so it does not matter which of them is the first to write. */
    int error_a = child_finish(&a, &notes[PROCESS_A]);
    int error_b = error == 0 ? child_finish(&b, &notes[PROCESS_B]) : error;

    notes[MAIN].after = copied_number;
    return error_a != 0 ? error_a : error_b;
}
