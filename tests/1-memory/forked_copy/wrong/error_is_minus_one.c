// expect: failure_is_reported@plain WRONG
// why: a failure is reported as -1, where the error number was promised.
#include "forked_copy.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int copied_number = 1;

static struct note turn(const char *who)
{
    struct note note = {.before = copied_number, .pid = getpid(), .tid = gettid()};

    snprintf(note.who, sizeof note.who, "%s", who);
    note.address = &copied_number;
    copied_number = NEW_NUMBER;
    note.after = copied_number;
    return note;
}

static pid_t start(const char *who, int ends[2])
{
    if (pipe(ends) == -1)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        struct note note = turn(who);

        close(ends[0]);
        _exit(write(ends[1], &note, sizeof note) == sizeof note ? 0 : 1);
    }
    close(ends[1]);
    if (pid == -1)
        close(ends[0]);
    return pid;
}

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    notes[MAIN].pid = getpid();
    notes[MAIN].tid = gettid();
    notes[MAIN].address = &copied_number;
    notes[MAIN].before = copied_number;

    int a[2], b[2];
    pid_t first = start("Process-A", a);

    if (first == -1)
        return -1;
    pid_t second = start("Process-B", b);
    int error = second == -1 ? -1 : 0;

    ssize_t got = read(a[0], &notes[PROCESS_A], sizeof notes[PROCESS_A]);
    close(a[0]);
    waitpid(first, NULL, 0);
    if (error != 0)
        return error;
    got += read(b[0], &notes[PROCESS_B], sizeof notes[PROCESS_B]);
    close(b[0]);
    waitpid(second, NULL, 0);
    notes[MAIN].after = copied_number;
    return got == 2 * sizeof(struct note) ? 0 : EIO;
}
