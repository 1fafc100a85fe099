/* SPDX-License-Identifier: MIT */
#include "lab/findings_parts.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

/* "    #0 0x… (probe+0x1234)" or "    #0 <null> <null> (probe+0x1234)". */
static bool add_frame(struct reader *r, const char *line)
{
    const char *module = strstr(line, "+0x");
    struct place p = {0};
    uint64_t address;

    if (strspn(line, " ") < 4 || line[strspn(line, " ")] != '#' || !module)
        return false;
    if (!strstr(line, ".probe+0x") && !strstr(line, "(probe+0x"))
        return true; /* a frame in a library */
    address = strtoull(module + 1, NULL, 16);
    if (!r->lines)
        r->lines = lines_open(r->source->program, NULL);
    /* A return address points behind the call; frame 0 of an access is exact, but one byte less is
     * inside the same instruction or the one before on the same line. */
    if (r->lines && lines_find(r->lines, address - 1, &p))
        block_frame(r, &p);
    return true;
}

/* How often `word` occurs in a line. */
static int count(const char *line, const char *word)
{
    int n = 0;

    while ((line = strstr(line, word))) {
        line += strlen(word);
        n++;
    }
    return n;
}

/* "  Write of size 4 at 0x… by thread T1 (mutexes: write M0, read M1):" A lock that is held for
 * reading keeps writers away and lets readers in: it protects a read. */
static struct stack side_of_race(const char *line, const char *say)
{
    const char *held = strstr(line, "(mutexes: ");
    int writing = held ? count(held, "write M") : 0, reading = held ? count(held, "read M") : 0;
    bool reads = strstr(line, "Read of") || strstr(line, "read of") || strstr(line, "tomic read");

    return (struct stack){.say = say,
        .access = true,
        .locks = writing + reading,
        .guards = writing + (reads ? reading : 0)};
}

/* "  Previous write …", "freed by …" and their like begin another stack of the same block. */
static void add_stack(struct reader *r, const char *line)
{
    static const struct {
        const char *words, *say;
        bool race;
    } stacks[] = {
        {"Previous atomic write", "and before, a thread writes (atomically)", true},
        {"Previous atomic read", "and before, a thread reads (atomically)", true},
        {"Previous write", "and before, a thread writes", true},
        {"Previous read", "and before, a thread reads", true},
        {"Atomic write", "a thread writes (atomically)", true},
        {"Atomic read", "a thread reads (atomically)", true},
        {"Write of size", "a thread writes", true},
        {"Read of size", "a thread reads", true},
        {"WRITE of size", "it is written", false},
        {"READ of size", "it is read", false},
        {"freed by", "it was freed", false},
        {"previously allocated by", "it was allocated", false},
        {"allocated from", "it was allocated", false},
        {"As if synchronized", NULL, false},
        {"Location is", NULL, false},
        {"created by", NULL, false},
        {"created at", NULL, false},
    };

    if (!r->kind)
        return;
    for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
        if (!strstr(line, stacks[i].words))
            continue;
        if (stacks[i].race)
            block_stack(r, side_of_race(line, stacks[i].say));
        else
            block_stack(r, (struct stack){.say = stacks[i].say, .hidden = !stacks[i].say});
        return;
    }
}

static bool starts_block(const char *line)
{
    return strstr(line, "WARNING: ThreadSanitizer") || strstr(line, "ERROR: ") ||
           strstr(line, "runtime error: ") || strstr(line, "leak of");
}

/* "counter.c:12:5: runtime error: signed integer overflow: …" brings its own place. */
static void open_undefined(struct reader *r, const struct kind *kind, char *line)
{
    struct place p = {.function = "?"};
    char *colon = strchr(line, ':');

    block_open(r, kind, strstr(line, "runtime error: ") + strlen("runtime error: "));
    if (!colon || !strstr(line, ".c:"))
        return;
    block_stack(r, (struct stack){.hidden = true});
    *colon = '\0';
    p.file = io_base_name(line);
    p.line = (int)strtol(colon + 1, NULL, 10);
    block_frame(r, &p);
}

void sanitizer_line(struct reader *r, char *line)
{
    const struct kind *kind;

    if (add_frame(r, line))
        return;
    kind = starts_block(line) ? block_kind(line) : NULL;
    if (kind && strstr(line, "runtime error: "))
        open_undefined(r, kind, line);
    else if (kind)
        block_open(r, kind, line);
    else
        add_stack(r, line);
}
