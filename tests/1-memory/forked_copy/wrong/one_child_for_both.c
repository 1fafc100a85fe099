// expect: two_processes@plain WRONG
// why: one child takes both turns.
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

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    notes[MAIN].pid = getpid();
    notes[MAIN].tid = gettid();
    notes[MAIN].address = &copied_number;
    notes[MAIN].before = copied_number;

    int ends[2];

    if (pipe(ends) == -1)
        return errno;
    pid_t pid = fork();
    if (pid == 0) {
        struct note both[2] = {turn("Process-A"), turn("Process-B")};

        both[1].before = both[0].before;
        _exit(write(ends[1], both, sizeof both) == sizeof both ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], notes, 2 * sizeof *notes);
    close(ends[0]);
    waitpid(pid, NULL, 0);
    notes[MAIN].after = copied_number;
    return got == 2 * sizeof(struct note) ? 0 : EIO;
}
