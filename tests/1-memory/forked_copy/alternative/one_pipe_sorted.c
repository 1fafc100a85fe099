// why: one pipe for both; the names in the notes say where they belong; the children are waited for
// by wait().
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
    struct note received[2];

    if (pipe(ends) == -1)
        return errno;
    start("Process-A", ends);
    start("Process-B", ends);
    close(ends[1]);
    ssize_t got = read(ends[0], &received[0], sizeof received[0]);
    got += read(ends[0], &received[1], sizeof received[1]);
    close(ends[0]);
    while (wait(NULL) > 0)
        ;
    for (int i = 0; i < 2; i++)
        notes[received[i].who[8] - 'A'] = received[i];
    notes[MAIN].after = copied_number;
    return got == 2 * sizeof(struct note) ? 0 : EIO;
}
