// expect: two_processes@plain WRONG
// why: the child returns from the function instead of ending.
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

    int ends[2][2];
    pid_t pids[2];
    ssize_t got = 0;

    for (int i = 0; i < 2; i++) {
        if (pipe(ends[i]) == -1)
            return errno;
        pids[i] = fork();
        if (pids[i] == 0) {
            struct note note = turn(i == 0 ? "Process-A" : "Process-B");

            close(ends[i][0]);
            got = write(ends[i][1], &note, sizeof note);
            close(ends[i][1]);
            return got == sizeof note ? 0 : EIO;
        }
        close(ends[i][1]);
    }
    for (int i = 0; i < 2; i++) {
        got += read(ends[i][0], &notes[i], sizeof notes[i]);
        close(ends[i][0]);
        waitpid(pids[i], NULL, 0);
    }
    notes[MAIN].after = copied_number;
    return got == 2 * sizeof(struct note) ? 0 : EIO;
}
