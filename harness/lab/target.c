/* SPDX-License-Identifier: MIT */
#include "lab/target.h"

#include "base/io.h"
#include "gate/lexer.h"
#include "lab/own_file.h"
#include "lab/proof.h"
#include "report/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_LINES = 20, LOG_BYTES = 4000 };

static bool is_c_file(const char *word)
{
    size_t length = strlen(word);

    return length > 2 && !strcmp(word + length - 2, ".c");
}

/* Somebody means a file, and explore takes only those in C. */
static int refuse_file(const char *word, struct buf *err)
{
    return fail(err,
        "%s is not a C program: explore takes an exercise, or a file whose name ends "
        "in .c.",
        word);
}

static int find_exercise(struct target *t, const char *word, const char *source, struct buf *err)
{
    t->exercise = kit_find(t->kit, word, err);
    if (!t->exercise)
        return -1;
    t->name = xstrdup(t->exercise->id);
    t->source = source ? xstrdup(source) : kit_path(t->kit, "labs", t->exercise, t->exercise->edit);
    t->probe = kit_path(t->kit, "tests", t->exercise, "probe.c");
    for (char **e = t->exercise->extra; e && *e && !t->given; e++)
        if (!strncmp(*e, "labs/", 5))
            t->given = io_path(t->kit->root, *e);
    t->other_file = source != NULL;
    return 0;
}

int target_find(
    struct target *t, const struct kit *kit, const char *word, const char *source, struct buf *err)
{
    char *trouble;
    int result = 0;

    t->kit = kit;
    if (is_c_file(word)) {
        t->name = xstrdup(word);
        t->source = xstrdup(word);
    } else if (strpbrk(word, "./")) {
        return refuse_file(word, err);
    } else if (find_exercise(t, word, source, err)) {
        return -1;
    }
    trouble = own_file_trouble(
        t->source, t->source, t->exercise && !source ? t->exercise->id : NULL);
    if (trouble)
        result = fail(err, "%s", trouble);
    free(trouble);
    return result;
}

const struct manifest *target_manifest(const struct target *t)
{
    return t->exercise ? t->exercise : &t->program;
}

/* What the compiler or the gate said, trimmed. */
static int refuse(const struct target *t, struct buf *err)
{
    struct buf log = BUF_EMPTY;

    show_head(&log, t->built.log, LOG_LINES, LOG_BYTES);
    fail(err, "%s", t->built.message);
    if (log.length)
        buf_printf(err, "\n%s", buf_text(&log));
    buf_release(&log);
    return -1;
}

/* Lines are found by the name under which the file was built, which is the exercise's. */
static int give_name(struct target *t, struct buf *err)
{
    char *link = io_path(t->runner.directory, t->exercise->edit);
    char *whole = realpath(t->source, NULL);
    int result = 0;

    if (!whole || symlink(whole, link))
        result = fail_errno(err, "Cannot link %s to %s", link, t->source);
    t->shown = link;
    free(whole);
    return result;
}

/* Assembly that only keeps the compiler or the processor in order, or makes a waiting loop kind. */
static const char *const harmless[] = {"", "pause", "nop", "rep; nop", "rep nop", "yield", "mfence",
    "lfence", "sfence", "lock; addl $0,0(%%rsp)"};

static bool is_harmless(struct lexer after)
{
    struct token t;

    while (lexer_next(&after, &t) && (t.kind == TOKEN_IDENTIFIER || token_is_punctuation(&t, '(')))
        ;
    if (t.kind != TOKEN_STRING || t.length < 2)
        return false;
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
        if (strlen(harmless[i]) == t.length - 2 && !memcmp(harmless[i], t.text + 1, t.length - 2))
            return !lexer_next(&after, &t) || t.kind != TOKEN_STRING;
    return false;
}

static bool is_assembly(const struct token *t)
{
    return token_is(t, "asm") || token_is(t, "__asm__") || token_is(t, "__asm");
}

/* Inline assembly touches memory behind the back of whoever watches it. */
static char *note_on(const char *path, const char *name)
{
    struct buf text = BUF_EMPTY, plain = BUF_EMPTY;
    char *note = NULL;
    struct token token;

    if (!io_read_file(path, 0, &text, NULL)) {
        struct lexer lexer;

        lexer_simplify(&plain, buf_text(&text), text.length);
        lexer = LEXER(buf_text(&plain), plain.length);
        while (!note && lexer_next(&lexer, &token))
            if (is_assembly(&token) && !is_harmless(lexer))
                note = xasprintf("%s uses inline assembly (line %d): explore does not see which "
                                 "memory that reads and writes.",
                    name, token.line);
    }
    buf_release(&text);
    buf_release(&plain);
    return note;
}

int target_build(struct target *t, uint64_t seed, struct buf *err)
{
    const struct tool *tool = tool_find("explore");
    const struct build_request request = {.kit = t->kit,
        .exercise = t->exercise,
        .tool = tool,
        .source = t->source,
        .level = BOX_LIMITS,
        .gate = t->exercise != NULL};
    const struct runner_spec run = {.kit = t->kit,
        .exercise = target_manifest(t),
        .tool = tool,
        .student = t->exercise ? t->exercise->edit : io_base_name(t->source),
        .level = BOX_LIMITS,
        .seed = seed};

    if (proof_of_tool(t->kit, tool, BOX_LIMITS, false, err) ||
        build_probe(&request, &t->built, err))
        return -1;
    if (t->built.verdict != VERDICT_PASS)
        return refuse(t, err);
    if (runner_open(&t->runner, &run, err))
        return -1;
    t->runner.spec.program = t->built.probe;
    t->note = note_on(t->source, run.student);
    t->open = true;
    return t->other_file ? give_name(t, err) : 0;
}

struct explain_source target_files(const struct target *t)
{
    return (struct explain_source){
        .program = t->built.probe, .files = {t->shown ? t->shown : t->source, t->probe, t->given}};
}

void target_release(struct target *t)
{
    if (t->open)
        runner_close(&t->runner);
    build_result_release(&t->built);
    free(t->name);
    free(t->source);
    free(t->shown);
    free(t->note);
    free(t->probe);
    free(t->given);
    *t = TARGET_EMPTY;
}
