// why: Process-A is over and reaped before Process-B is forked; the note travels as text.
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

static int take_one(const char *who, struct note *ret_note)
{
    int ends[2];

    if (pipe(ends) == -1)
        return errno;
    pid_t pid = fork();
    if (pid == 0) {
        struct note note = turn(who);

        dprintf(ends[1], "%d %d %ld %ld %p\n", note.before, note.after, note.pid, note.tid,
            note.address);
        _exit(0);
    }
    close(ends[1]);
    if (pid == -1) {
        int error = errno;

        close(ends[0]);
        return error;
    }
    FILE *in = fdopen(ends[0], "r");
    void *address = NULL;
    int fields = fscanf(in, "%d %d %ld %ld %p", &ret_note->before, &ret_note->after, &ret_note->pid,
        &ret_note->tid, &address);

    ret_note->address = address;
    snprintf(ret_note->who, sizeof ret_note->who, "%s", who);
    fclose(in);
    waitpid(pid, NULL, 0);
    return fields == 5 ? 0 : EIO;
}

int take_turns(struct note notes[NOTES])
{
    snprintf(notes[MAIN].who, sizeof notes[MAIN].who, "main");
    notes[MAIN].pid = getpid();
    notes[MAIN].tid = gettid();
    notes[MAIN].address = &copied_number;
    notes[MAIN].before = copied_number;

    int error = take_one("Process-A", &notes[PROCESS_A]);

    if (error == 0)
        error = take_one("Process-B", &notes[PROCESS_B]);
    if (error != 0)
        return error;
    notes[MAIN].after = copied_number;
    return 0;
}
