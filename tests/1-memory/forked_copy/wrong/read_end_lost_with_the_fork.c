// expect: failure_is_reported@plain LEAK
// why: when fork() fails, the read end of the pipe stays open.
#include "forked_copy.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int copied_number = 1;

struct child {
    pid_t pid;
    int from;
};

static void sign(struct note *note, const char *who)
{
    snprintf(note->who, sizeof note->who, "%s", who);
    note->pid = getpid();
    note->tid = gettid();
    note->address = &copied_number;
}

static _Noreturn void turn(const char *who, int to)
{
    struct note note = {.before = copied_number};

    copied_number = NEW_NUMBER;
    note.after = copied_number;
    sign(&note, who);
    ssize_t sent = write(to, &note, sizeof note);
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

    close(ends[1]);
    child->from = ends[0];
    return error;
}

static int child_finish(struct child *child, struct note *ret_note)
{
    ssize_t got = read(child->from, ret_note, sizeof *ret_note);

    close(child->from);
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
    int error_a = child_finish(&a, &notes[PROCESS_A]);
    int error_b = error == 0 ? child_finish(&b, &notes[PROCESS_B]) : error;

    notes[MAIN].after = copied_number;
    return error_a != 0 ? error_a : error_b;
}
