// expect: order_does_not_matter@explore WRONG
// why: both children use one pipe, and whoever writes first is taken for Process-A.
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

static void start(const char *who, const int ends[2])
{
    if (fork() == 0) {
        struct note note = turn(who);

        close(ends[0]);
        _exit(write(ends[1], &note, sizeof note) == sizeof note ? 0 : 1);
    }
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
    start("Process-A", ends);
    start("Process-B", ends);
    close(ends[1]);
    ssize_t got = read(ends[0], &notes[PROCESS_A], sizeof notes[PROCESS_A]);
    got += read(ends[0], &notes[PROCESS_B], sizeof notes[PROCESS_B]);
    close(ends[0]);
    wait(NULL);
    wait(NULL);
    notes[MAIN].after = copied_number;
    return got == 2 * sizeof(struct note) ? 0 : EIO;
}
