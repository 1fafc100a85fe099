/* SPDX-License-Identifier: MIT */
#include "lab/findings.h"

#include "base/io.h"
#include "base/lines.h"
#include "gate/intake_open.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FINDINGS_MOST = 20, REPORTS_MOST = 64, REPORT_MOST = 1 << 20 };

/* What a headline means. The first row that occurs in it decides. */
static const struct kind {
    const char *words;
    const char *kind;
    enum verdict verdict;
    const char *sentence; /* for the student; NULL: the headline itself */
} kinds[] = {
    {"data race", "race", VERDICT_RACE, "two threads use the same memory without any order"},
    {"Possible data race", "race", VERDICT_RACE,
        "two threads use the same memory without any order"},
    {"heap-use-after-free", "memory", VERDICT_MEMERR, "memory is used after it was freed"},
    {"attempting double-free", "memory", VERDICT_MEMERR, "the same memory is freed twice"},
    {"heap-buffer-overflow", "memory", VERDICT_MEMERR, "memory beyond the end of a block is used"},
    {"stack-buffer-overflow", "memory", VERDICT_MEMERR,
        "memory beyond the end of an array is used"},
    {"detected memory leaks", NULL, VERDICT_LEAK, NULL},
    {"leak of", "leak", VERDICT_LEAK, "memory was allocated and never freed"},
    {"definitely lost in", "leak", VERDICT_LEAK, "memory was allocated and never freed"},
    {"unlock of an unlocked mutex", "misuse", VERDICT_WRONG,
        "a mutex is unlocked that is not locked, or by another thread than the one that locked it"},
    {"destroy of a locked mutex", "misuse", VERDICT_WRONG,
        "a mutex is destroyed while it is locked"},
    {"double lock of a mutex", "misuse", VERDICT_WRONG, "a thread locks a mutex that it holds"},
    {"use of an invalid mutex", "misuse", VERDICT_WRONG,
        "a mutex is used before it was initialised or after it was destroyed"},
    {"unlocked a", "misuse", VERDICT_WRONG,
        "a mutex is unlocked that is not locked, or by another thread than the one that locked it"},
    {"signal-unsafe call", NULL, VERDICT_PASS, NULL},
    {"runtime error: ", "undefined", VERDICT_MEMERR, NULL},
    {"Invalid read", "memory", VERDICT_MEMERR,
        "memory is read that does not belong to the program"},
    {"Invalid write", "memory", VERDICT_MEMERR,
        "memory is written that does not belong to the program"},
    {"Invalid free", "memory", VERDICT_MEMERR, "something is freed that is no block, or twice"},
    {"uninitialised", "memory", VERDICT_MEMERR, "a value is used that was never set"},
    {"still holds", "misuse", VERDICT_WRONG, "a thread ends while it holds a lock"},
    {"SUMMARY", NULL, VERDICT_PASS, NULL},
    {"ERROR: AddressSanitizer: SEGV", "memory", VERDICT_CRASH,
        "the program used an address that is not mapped (often a NULL pointer)"},
    {"ERROR: AddressSanitizer", "memory", VERDICT_MEMERR, NULL},
    {"WARNING: ThreadSanitizer", "misuse", VERDICT_WRONG, NULL},
};

/* One report being read, line by line. */
struct reader {
    const struct findings_source *source;
    struct lines *lines; /* opened when the first address is met */
    struct outcome *outcome;
    const struct kind *kind; /* of the block that is open; NULL: none */
    struct buf text;
    char *file;
    int line;
    bool place_is_students;
    bool frame_shown; /* of the stack that is open */
};

static const struct kind *kind_of(const char *headline)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strstr(headline, kinds[i].words))
            return &kinds[i];
    return NULL;
}

static void close_block(struct reader *r)
{
    struct outcome *o = r->outcome;

    if (r->kind && r->kind->kind && o->n_findings < FINDINGS_MOST) {
        outcome_add_finding(o, r->kind->kind, r->file, r->line, buf_text(&r->text));
        if (o->verdict == VERDICT_PASS) {
            o->verdict = r->kind->verdict;
            free(o->text);
            if (r->file)
                o->text = xasprintf("%s (%s:%d)",
                    r->kind->sentence ? r->kind->sentence : buf_text(&r->text), r->file, r->line);
            else
                o->text = xstrdup(r->kind->sentence ? r->kind->sentence : buf_text(&r->text));
        }
    }
    r->kind = NULL;
    free(r->file);
    r->file = NULL;
    r->line = 0;
    r->place_is_students = false;
    buf_clear(&r->text);
}

static void open_block(struct reader *r, const struct kind *kind, const char *headline)
{
    close_block(r);
    r->kind = kind;
    r->frame_shown = false;
    buf_puts(&r->text, kind->sentence ? kind->sentence : headline);
}

/* A place in the kit's own runtime says nothing to a student. */
static bool is_ours(const char *file)
{
    static const char *const ours[] = {"native_", "scenario.c", "shared.c", "facts.c", "spy.c"};

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (!strncmp(file, ours[i], strlen(ours[i])))
            return true;
    return false;
}

static void add_frame(struct reader *r, const struct place *p)
{
    bool students = p->file && !strcmp(p->file, r->source->student);

    if (!p->file || is_ours(p->file))
        return;
    if (!r->file || (students && !r->place_is_students)) {
        free(r->file);
        r->file = xstrdup(p->file);
        r->line = p->line;
        r->place_is_students = students;
    }
    if (students && !r->frame_shown) { /* of each stack the frame that the student can change */
        buf_printf(&r->text, "\n    %s:%d in %s()", p->file, p->line, p->function);
        r->frame_shown = true;
    }
}

/* "    #0 0x… (probe+0x1234)" or "    #0 <null> <null> (probe+0x1234)". */
static bool sanitizer_frame(struct reader *r, const char *line)
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
        add_frame(r, &p);
    return true;
}

/* "  Write of size 4 at 0x… by thread T1:" and its like begin another stack of the same block. */
static void sanitizer_stack(struct reader *r, const char *line)
{
    static const struct {
        const char *words, *say;
    } stacks[] = {
        {"Previous atomic write", "and before, a thread writes (atomically) at"},
        {"Previous atomic read", "and before, a thread reads (atomically) at"},
        {"Previous write", "and before, a thread writes at"},
        {"Previous read", "and before, a thread reads at"},
        {"Atomic write", "a thread writes (atomically) at"},
        {"Atomic read", "a thread reads (atomically) at"},
        {"Write of size", "a thread writes at"},
        {"Read of size", "a thread reads at"},
        {"WRITE of size", "it is written at"},
        {"READ of size", "it is read at"},
        {"freed by", "it was freed at"},
        {"previously allocated by", "it was allocated at"},
        {"allocated from", "it was allocated at"},
        {"Location is", NULL},
        {"created by", NULL},
        {"created at", NULL},
    };

    if (!r->kind)
        return;
    for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
        if (!strstr(line, stacks[i].words))
            continue;
        r->frame_shown = !stacks[i].say;
        if (stacks[i].say)
            buf_printf(&r->text, "\n  %s", stacks[i].say);
        return;
    }
}

static bool starts_block(const char *line)
{
    return strstr(line, "WARNING: ThreadSanitizer") || strstr(line, "ERROR: ") ||
           strstr(line, "runtime error: ") || strstr(line, "leak of");
}

static void read_sanitizer_line(struct reader *r, char *line)
{
    const struct kind *kind;

    if (sanitizer_frame(r, line))
        return;
    kind = starts_block(line) ? kind_of(line) : NULL;
    if (kind && strstr(line, "runtime error: ")) {
        /* "counter.c:12:5: runtime error: signed integer overflow: …" brings its own place */
        struct place p = {.function = "?"};
        char *colon = strchr(line, ':');

        open_block(r, kind, strstr(line, "runtime error: ") + strlen("runtime error: "));
        if (colon && strstr(line, ".c:")) {
            *colon = '\0';
            p.file = io_base_name(line);
            p.line = (int)strtol(colon + 1, NULL, 10);
            r->frame_shown = true;
            add_frame(r, &p);
        }
    } else if (kind) {
        open_block(r, kind, line);
    } else {
        sanitizer_stack(r, line);
    }
}

/* "==12==    at 0x1092B4: worker (counter.c:12)" */
static bool valgrind_frame(struct reader *r, const char *text)
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
    add_frame(r, &p);
    free(file);
    free(function);
    return true;
}

static void read_valgrind_line(struct reader *r, char *line)
{
    char *text = strstr(line + (*line == '='), "== ");
    const struct kind *kind;

    if (strncmp(line, "==", 2) || !text)
        return;
    text += 3;
    if (valgrind_frame(r, text))
        return;
    if (strstr(text, "This conflicts with a previous")) {
        buf_puts(&r->text, "\n  and before, another thread at");
        r->frame_shown = false;
        return;
    }
    if (*text == ' ') { /* " Address 0x… is 0 bytes after a block…": more about the same */
        r->frame_shown = true;
        return;
    }
    if (strstr(text, "LEAK SUMMARY") || strstr(text, "ERROR SUMMARY") || strstr(text, "SUMMARY:")) {
        close_block(r);
        return;
    }
    kind = kind_of(text);
    if (kind)
        open_block(r, kind, text);
}

/* The student's code can write to this directory, at some levels even see its name: what lies here
 * may be a link, a FIFO, a device or a gigabyte. */
static bool open_report(int directory, const char *name, struct buf *ret)
{
    int fd = intake_open_beneath(directory, name, O_RDONLY);
    struct stat st;
    bool result = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                  intake_read_fd(fd, REPORT_MOST, ret) == 0;

    if (fd >= 0)
        close(fd);
    return result;
}

static void say_planted(struct reader *r)
{
    close_block(r);
    if (r->outcome->n_findings < FINDINGS_MOST)
        outcome_add_finding(r->outcome, "forged", NULL, 0,
            "something that is no report lies where the detector writes its reports");
    if (r->outcome->verdict != VERDICT_PASS)
        return;
    r->outcome->verdict = VERDICT_FORGED;
    free(r->outcome->text);
    r->outcome->text = xstrdup("the program put something in the place of the detector's report");
}

static void read_report(struct reader *r, int directory, const char *name)
{
    struct buf report = BUF_EMPTY;
    char *rest, *line;

    if (!open_report(directory, name, &report)) {
        say_planted(r);
        buf_release(&report);
        return;
    }
    rest = report.data;
    while ((line = strsep(&rest, "\n"))) {
        if (r->source->tool->report == REPORT_VALGRIND)
            read_valgrind_line(r, line);
        else
            read_sanitizer_line(r, line);
    }
    close_block(r);
    buf_release(&report);
}

static int is_report(const struct dirent *e)
{
    return !strncmp(e->d_name, "report.", 7);
}

int findings_read(const struct findings_source *s, struct outcome *o, struct buf *err)
{
    struct reader r = {.source = s, .outcome = o};
    struct dirent **entries = NULL;
    int count;

    if (s->tool->report == REPORT_NONE)
        return 0;
    count = scandirat(s->directory, ".", &entries, is_report, alphasort);
    for (int i = 0; i < count; i++) {
        if (i < REPORTS_MOST)
            read_report(&r, s->directory, entries[i]->d_name);
        unlinkat(s->directory, entries[i]->d_name, 0); /* for the next run in the same place */
        free(entries[i]);
    }
    free(entries);
    lines_close(r.lines);
    buf_release(&r.text);
    return count < 0 ? fail_errno(err, "Cannot read the reports of %s", s->tool->name) : 0;
}
