/* SPDX-License-Identifier: MIT */
/*
 * A trace comes from the program under test, which may write whatever it likes over it. Whatever is
 * in it, it is told without a crash; and what there is to read (program, source) may be missing,
 * other than it was, or no text at all.
 */
#include "explain/telling.h"

enum { PARTS = 6 };

/* A trace in memory of its own, exactly as long as its counts say, so that a step beyond is seen.
 */
struct copy {
    struct explain_trace trace;
    struct trace_result result;
    void *parts[PARTS - 1];
    size_t sizes[PARTS - 1];
};

static void *copy_part(struct copy *c, int part, const void *bytes, size_t count, size_t size)
{
    c->sizes[part] = count * size;
    c->parts[part] = xcalloc(count ? count : 1, size);
    if (count)
        memcpy(c->parts[part], bytes, count * size);
    return c->parts[part];
}

static void copy_trace(struct copy *c, const struct explain_trace *t)
{
    const struct trace_result *r = t->result;

    c->result = *r;
    c->trace.result = &c->result;
    c->trace.events = copy_part(c, 0, t->events, r->n_events, sizeof(*t->events));
    c->trace.tasks = copy_part(c, 1, t->tasks, r->n_tasks, sizeof(*t->tasks));
    c->trace.frames = copy_part(c, 2, t->frames, r->n_frames, sizeof(*t->frames));
    c->trace.blocks = copy_part(c, 3, t->blocks, r->n_blocks, sizeof(*t->blocks));
    c->trace.findings = copy_part(c, 4, t->findings, r->n_findings, sizeof(*t->findings));
}

static void copy_release(struct copy *c)
{
    for (int i = 0; i < PARTS - 1; i++)
        free(c->parts[i]);
}

static uint64_t state = 1;

static uint64_t draw(uint64_t bound)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (state >> 33) % bound;
}

static void spoil(void *bytes, size_t size)
{
    static const uint8_t telling[] = {0, 1, 2, 127, 128, 255};
    uint8_t *at = bytes;

    for (uint64_t n = size ? 1 + draw(12) : 0; n > 0; n--)
        at[draw(size)] = (uint8_t)(draw(2) ? telling[draw(sizeof(telling))] : draw(256));
}

/* What arena_copy() promises: counts fit, and texts end. */
static void end_texts(struct copy *c)
{
    struct trace_task *tasks = c->parts[1];
    struct trace_finding *findings = c->parts[4];

    c->result.text[TRACE_TEXT - 1] = '\0';
    for (uint32_t i = 0; i < c->result.n_tasks; i++)
        tasks[i].name[TRACE_NAME - 1] = '\0';
    for (uint32_t i = 0; i < c->result.n_findings; i++)
        findings[i].text[TRACE_TEXT - 1] = '\0';
}

static void tell_all(const struct explain_trace *t, const struct explain_source *where)
{
    const struct explain_text_options o = {.width = 60, .most_rows = 40, .colour = true};
    const struct explain_page page = {.title = "spoilt"};
    struct buf out = BUF_EMPTY, err = BUF_EMPTY;
    struct story *s = story_open(t, where, &err);

    if (s) {
        cr_expect(*story_sentence(s) && *story_kind(s));
        explain_text(s, &o, &out);
        for (size_t i = 0; i <= story_steps(s); i += 5)
            explain_step(s, &o, i, &out);
        cr_expect_eq(explain_html(s, &page, &out, &err), 0, "%s", buf_text(&err));
    } else {
        cr_expect(err.length, "refused without a word");
    }
    story_close(s);
    buf_release(&out);
    buf_release(&err);
}

/* Spoils a few bytes anywhere, but the counts stay: they say how much memory there is. */
static void spoil_trace(struct copy *c)
{
    struct trace_result kept = c->result;

    for (int i = 0; i < PARTS - 1; i++)
        if (draw(2))
            spoil(c->parts[i], c->sizes[i]);
    if (draw(2))
        spoil(&c->result, sizeof(c->result));
    if (draw(2)) { /* every kind of end */
        c->result.end = (uint32_t)draw(END_COUNT);
        c->result.task = (int32_t)draw(4) - 1;
    }
    c->result.n_events = kept.n_events;
    c->result.n_tasks = kept.n_tasks;
    c->result.n_frames = kept.n_frames;
    c->result.n_blocks = kept.n_blocks;
    c->result.n_findings = kept.n_findings;
    end_texts(c);
}

Test(explain_hostile, a_spoilt_trace_is_told_without_a_crash)
{
    static const struct {
        const char *name, *schedule;
    } programs[] = {{"two_locks", "x1:1,2"}, {"use_after_free", "x1:1,0"},
        {"pipe_left_open", "x1:"}, {"if_for_while", "x1:1,3,2"}, {"check_then_act", "x1:1,2"}};
    const char *rounds = getenv("EXPLAIN_ROUNDS");

    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        struct told t = tell(programs[i].name, programs[i].schedule);
        struct explain_source where = {.program = t.program, .files = {t.source}};

        for (long n = rounds ? strtol(rounds, NULL, 10) : 40; n > 0; n--) {
            struct copy c = {0};

            copy_trace(&c, &t.trace);
            spoil_trace(&c);
            tell_all(&c.trace, &where);
            copy_release(&c);
        }
        told_release(&t);
    }
}

Test(explain_hostile, counts_that_cannot_be_are_refused)
{
    struct told t = tell("two_locks", "x1:1,2");
    struct explain_source where = {.program = t.program};
    struct trace_result r = *t.trace.result;
    struct explain_trace spoilt = t.trace;
    struct buf err = BUF_EMPTY;

    spoilt.result = &r;
    r.n_tasks = 0;
    cr_expect_null(story_open(&spoilt, &where, &err));
    r.n_tasks = TRACE_TASKS + 1;
    cr_expect_null(story_open(&spoilt, &where, &err));
    r = *t.trace.result;
    r.n_events = TRACE_EVENTS + 1;
    cr_expect_null(story_open(&spoilt, &where, &err));
    r = *t.trace.result;
    r.end = END_COUNT;
    cr_expect_null(story_open(&spoilt, &where, &err));
    buf_release(&err);
    told_release(&t);
}

static char *told_with(const struct told *t, const char *program, const char *source)
{
    struct explain_source where = {.program = program, .files = {source}};
    const struct explain_text_options o = {.width = 100};
    struct buf out = BUF_EMPTY, err = BUF_EMPTY;
    struct story *s = story_open(&t->trace, &where, &err);

    cr_assert(s, "%s", buf_text(&err));
    explain_text(s, &o, &out);
    story_close(s);
    buf_release(&err);
    return buf_detach(&out);
}

Test(explain_hostile, a_source_that_is_gone_changed_or_no_text_costs_the_lines_only)
{
    struct told t = tell("two_locks", "x1:1,2");
    char *directory = io_make_temporary("explain-test", NULL);
    char *short_one = io_path(directory, "two_locks.c"), *text;
    static const char bytes[] = "\0\xff\xfe\x1b[2J\n\n\n\n\n\n\n\x80\x80 binary\n\0\0";

    text = told_with(&t, t.program, "/nowhere/two_locks.c");
    cr_expect(strstr(text, "Deadlock, a circle"), "%s", text);
    cr_expect(strstr(text, "`knife`"), "%s", text);
    free(text);
    io_write_file(short_one, "int x;\n", 7, NULL);
    text = told_with(&t, t.program, short_one);
    cr_expect(strstr(text, "(line 9)"), "%s", text);
    free(text);
    io_write_file(short_one, bytes, sizeof(bytes), NULL);
    text = told_with(&t, t.program, short_one);
    cr_expect(strstr(text, "\\x80\\x80 binary"), "%s", text);
    cr_expect(!strchr(text, '\x1b'), "%s", text);
    free(text);
    io_remove_tree(directory, NULL);
    free(short_one);
    free(directory);
    told_release(&t);
}

Test(explain_hostile, without_debug_information_things_have_addresses)
{
    struct told t = tell("two_locks", "x1:1,2");
    char *directory = io_make_temporary("explain-test", NULL);
    char *bare = io_path(directory, "bare"), *text;
    char *strip[] = {"strip", "-o", bare, t.program, NULL};

    run_command(strip);
    text = told_with(&t, bare, t.source);
    cr_expect(strstr(text, "Deadlock, a circle"), "%s", text);
    cr_expect(strstr(text, "`memory at 0x"), "%s", text);
    cr_expect(strstr(text, "an unknown line"), "%s", text);
    free(text);
    io_remove_tree(directory, NULL);
    free(bare);
    free(directory);
    told_release(&t);
}

Test(explain_hostile, a_program_that_cannot_be_read_is_an_error_with_a_word)
{
    struct told t = tell("two_locks", "x1:1,2");
    struct explain_source where = {.program = "/nowhere/probe"};
    struct buf err = BUF_EMPTY;

    cr_expect_null(story_open(&t.trace, &where, &err));
    cr_expect(strstr(buf_text(&err), "/nowhere/probe"), "%s", buf_text(&err));
    buf_release(&err);
    told_release(&t);
}
