// expect: each_has_a_copy@plain WRONG
// why: the children write into their own copies of the array, and main never learns of it.
#include "forked_copy.h"

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

    pid_t first = fork();

    if (first == 0) {
        notes[PROCESS_A] = turn("Process-A");
        _exit(0);
    }
    pid_t second = fork();
    if (second == 0) {
        notes[PROCESS_B] = turn("Process-B");
        _exit(0);
    }
    waitpid(first, NULL, 0);
    waitpid(second, NULL, 0);
    notes[MAIN].after = copied_number;
    return 0;
}
