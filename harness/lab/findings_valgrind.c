/* SPDX-License-Identifier: MIT */
#include "lab/findings_parts.h"

#include <stdlib.h>
#include <string.h>

/* "==12==    at 0x1092B4: worker (counter.c:12)" */
static bool add_frame(struct reader *r, const char *text)
{
    const char *open = strrchr(text, '('), *colon = open ? strchr(open, ':') : NULL;
    const char *name = strstr(text, ": ");
    struct place p = {0};
    char *file, *function;

    if (strncmp(text, "   at 0x", 8) && strncmp(text, "   by 0x", 8))
        return false;
    if (!colon || !name || name > open)
        return true;
    file = xasprintf("%.*s", (int)(colon - open - 1), open + 1);
    function = xasprintf("%.*s", (int)(open - name - 3 > 0 ? open - name - 3 : 0), name + 2);
    p = (struct place){
        .file = file, .function = function, .line = (int)strtol(colon + 1, NULL, 10)};
    block_frame(r, &p);
    free(file);
    free(function);
    return true;
}

/* "Locks held: none", "Locks held: 2, at addresses 0x10C080 0x10C0C0" */
static bool add_locks(struct reader *r, const char *text)
{
    static const char label[] = "Locks held: ";
    long locks;

    if (strncmp(text, label, strlen(label)))
        return false;
    locks = strtol(text + strlen(label), NULL, 10); /* none: 0 */
    block_locks(r, locks < 0 ? 0 : locks > 99 ? 99 : (int)locks);
    return true;
}

static const char *after_process(const char *line)
{
    const char *text = strstr(line + (*line == '='), "== ");

    return strncmp(line, "==", 2) || !text ? NULL : text + 3;
}

/* "Possible data race during write of size 4…", "This conflicts with a previous read of size 4…" */
static struct stack side_of_race(const char *text, const char *writes, const char *reads)
{
    return (struct stack){.say = strstr(text, "write of size") ? writes : reads, .access = true};
}

void valgrind_line(struct reader *r, char *line)
{
    const char *text = after_process(line);
    const struct kind *kind;

    if (!text || add_frame(r, text) || add_locks(r, text))
        return;
    if (strstr(text, "This conflicts with a previous")) {
        block_stack(
            r, side_of_race(text, "and before, a thread writes", "and before, a thread reads"));
    } else if (*text == ' ') { /* " Address 0x… is 0 bytes after a block…": more about the same */
        block_stack(r, (struct stack){.hidden = true});
    } else if (strstr(text, "SUMMARY:")) {
        block_close(r);
    } else if ((kind = block_kind(text))) {
        block_open(r, kind, text);
        if (kind->verdict == VERDICT_RACE)
            block_stack(r, side_of_race(text, "a thread writes", "a thread reads"));
    }
}
