/* SPDX-License-Identifier: MIT */
#include "judge/judge.h"

#include "base/buf.h"
#include "base/fingerprint.h"
#include "base/outcome.h"
#include "judge/wire.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Everything that a test was given lives until its process ends. */
static struct outcomes *current;
static long given; /* outcomes that this test was given by all of its runs */

const char *under_tool(void)
{
    const char *tool = getenv("LAB_TOOL");

    return tool ? tool : "plain";
}

bool under(const char *tool)
{
    return !strcmp(under_tool(), tool);
}

static void verdict_on(bool holds, const char *message, const struct outcome *o)
{
    json_t *j = json_pack("{s:s, s:b, s:s*, s:I}", "say", "assert", "holds", holds, "message",
        holds ? NULL : message, "outcome", (json_int_t)(o ? o->count >= 0 ? o->steps : 0 : -1));

    wire_say(j);
    cr_expect(holds, "%s", message);
}

/* An outcome that the judge can walk has a complete transcript. A race leaves it complete. */
static bool has_transcript(const struct outcome *o)
{
    return o->verdict == VERDICT_PASS || (under("explore") && o->verdict == VERDICT_RACE &&
                                             o->facts && json_object_size(o->facts));
}

static struct outcomes *walkable(json_t *list)
{
    struct outcomes *all = xcalloc(1, sizeof(*all));
    const struct outcome **items = xcalloc(json_array_size(list) + 1, sizeof(*items));
    struct buf err = BUF_EMPTY;
    size_t i;
    json_t *j;

    all->items = items;
    json_array_foreach (list, i, j) {
        struct outcome *o = xcalloc(1, sizeof(*o));

        cr_assert(outcome_from_json(j, o, &err) == 0, "%s", buf_text(&err));
        o->steps = given++; /* here: its number, so that an assertion can name it */
        if (o->verdict != VERDICT_PASS)
            cr_expect(false, "%s", o->text ? o->text : verdict_name(o->verdict));
        if (has_transcript(o))
            items[all->count++] = o;
    }
    return all;
}

/* `schedule` NULL: as the tool does it. */
static struct outcomes *ask(
    const char *schedule, const char *scenario, const char *args_format, va_list ap)
{
    struct buf args = BUF_EMPTY;
    json_t *answer, *list;

    buf_vprintf(&args, args_format, ap);
    answer = wire_ask(json_pack("{s:s, s:s, s:s, s:s*}", "say", "run", "scenario", scenario, "args",
        buf_text(&args), "schedule", schedule));
    buf_release(&args);
    list = json_object_get(answer, "outcomes");
    cr_assert(json_array_size(list) > 0, "lab could not run the scenario %s", scenario);
    current = walkable(list);
    cr_assert(current->count > 0, "the scenario %s did not end well", scenario);
    return current;
}

struct outcomes *run(const char *scenario, const char *args_format, ...)
{
    struct outcomes *all;
    va_list ap;

    va_start(ap, args_format);
    all = ask(NULL, scenario, args_format, ap);
    va_end(ap);
    return all;
}

struct outcomes *replay(const char *schedule, const char *scenario, const char *args_format, ...)
{
    struct outcomes *all;
    va_list ap;

    va_start(ap, args_format);
    all = ask(schedule, scenario, args_format, ap);
    va_end(ap);
    return all;
}

bool has_fact(const struct outcome *o, const char *name)
{
    return outcome_fact(o, name) != NULL;
}

const char *fact_str(const struct outcome *o, const char *name)
{
    const char *value = outcome_fact(o, name);

    if (!value) {
        char *message = xasprintf("the program did not report `%s`", name);

        verdict_on(false, message, o);
        cr_assert(false, "%s", message);
    }
    return value;
}

const long *fact_ints(const struct outcome *o, const char *name, size_t *ret_count)
{
    const char *at = fact_str(o, name);
    long *values = xcalloc(strlen(at) / 2 + 1, sizeof(*values));
    size_t count = 0;
    char *end;

    for (;;) {
        long value = strtol(at, &end, 10);

        if (end == at)
            break;
        values[count++] = value;
        at = end;
    }
    *ret_count = count;
    return values;
}

long fact_int(const struct outcome *o, const char *name)
{
    return strtol(fact_str(o, name), NULL, 10);
}

static void expect(const struct outcome *o, bool holds, char *message)
{
    verdict_on(holds, message, o);
    free(message);
}

void expect_int(const struct outcome *o, const char *name, long expected)
{
    long got = fact_int(o, name);

    expect(o, got == expected, xasprintf("`%s` was %ld, expected %ld", name, got, expected));
}

void expect_between(const struct outcome *o, const char *name, long least, long most)
{
    long got = fact_int(o, name);

    expect(o, least <= got && got <= most,
        xasprintf("`%s` was %ld, expected %ld to %ld", name, got, least, most));
}

void expect_at_least(const struct outcome *o, const char *name, long least)
{
    long got = fact_int(o, name);

    expect(o, got >= least, xasprintf("`%s` was %ld, expected at least %ld", name, got, least));
}

void expect_at_most(const struct outcome *o, const char *name, long most)
{
    long got = fact_int(o, name);

    expect(o, got <= most, xasprintf("`%s` was %ld, expected at most %ld", name, got, most));
}

void expect_str(const struct outcome *o, const char *name, const char *expected)
{
    const char *got = fact_str(o, name);

    expect(o, !strcmp(got, expected),
        xasprintf("`%s` was \"%s\", expected \"%s\"", name, got, expected));
}

static void print_ints(struct buf *b, const long *values, size_t count, size_t around)
{
    size_t first = around > 4 ? around - 4 : 0;
    size_t last = first + 10 < count ? first + 10 : count;

    buf_puts(b, first ? "… " : "");
    for (size_t i = first; i < last; i++)
        buf_printf(b, i > first ? " %ld" : "%ld", values[i]);
    buf_puts(b, last < count ? " …" : "");
    if (count == 0)
        buf_puts(b, "empty");
}

void expect_ints(
    const struct outcome *o, const char *name, const long *expected, size_t expected_count)
{
    struct buf message = BUF_EMPTY;
    size_t count, at = 0;
    const long *got = fact_ints(o, name, &count);

    while (at < count && at < expected_count && got[at] == expected[at])
        at++;
    buf_printf(&message, "`%s` was ", name);
    print_ints(&message, got, count, at);
    buf_puts(&message, ", expected ");
    print_ints(&message, expected, expected_count, at);
    if (count > 4 || expected_count > 4)
        buf_printf(&message, " (they differ from position %zu; %zu values, expected %zu)", at,
            count, expected_count);
    expect(o, at == count && at == expected_count, buf_detach(&message));
}

void expect_fingerprint(const struct outcome *o, const char *name, const void *bytes, size_t length)
{
    char expected[24];
    const char *got = fact_str(o, name);

    snprintf(expected, sizeof(expected), "%016llx", (unsigned long long)fnv1a(bytes, length));
    expect(o, !strcmp(got, expected), xasprintf("`%s` differs from the expected contents", name));
}

bool expect_that(const struct outcome *o, bool holds, const char *sentence_format, ...)
{
    struct buf message = BUF_EMPTY;
    va_list ap;

    va_start(ap, sentence_format);
    buf_vprintf(&message, sentence_format, ap);
    va_end(ap);
    expect(o, holds, buf_detach(&message));
    return holds;
}

uint64_t fingerprint(const void *bytes, size_t length)
{
    return fnv1a(bytes, length);
}
