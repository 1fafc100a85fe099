// expect: two_processes@plain WRONG
// why: main takes both turns and puts the number back in between.
#include "forked_copy.h"

#include <stdio.h>
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

    notes[PROCESS_A] = turn("Process-A");
    copied_number = notes[MAIN].before;
    notes[PROCESS_B] = turn("Process-B");
    copied_number = notes[MAIN].before;
    notes[MAIN].after = copied_number;
    return 0;
}
