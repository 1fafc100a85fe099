// expect: each_has_a_copy@plain WRONG
// why: Process-B is forked by Process-A after its turn, and copies a number that is already
// changed.
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
    pid_t first = fork();
    if (first == 0) {
        struct note mine = turn("Process-A");
        ssize_t sent = write(ends[1], &mine, sizeof mine);
        pid_t second = fork();

        if (second == 0) {
            mine = turn("Process-B");
            _exit(write(ends[1], &mine, sizeof mine) == sizeof mine ? 0 : 1);
        }
        waitpid(second, NULL, 0);
        _exit(sent == sizeof mine ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &notes[PROCESS_A], sizeof notes[PROCESS_A]);
    got += read(ends[0], &notes[PROCESS_B], sizeof notes[PROCESS_B]);
    close(ends[0]);
    waitpid(first, NULL, 0);
    notes[MAIN].after = copied_number;
    return got == 2 * sizeof(struct note) ? 0 : EIO;
}
