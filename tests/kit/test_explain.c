/* SPDX-License-Identifier: MIT */
/*
 * Stories of small programs that fail, one for each thing that goes wrong among threads and
 * processes, as a student reads them. explain/NAME.txt has the interleaving and the text that
 * explain/NAME.c is expected to give. After a change of the words
 *
 *     EXPLAIN_UPDATE=1 build/tests/test_explain --filter explain/every_story*
 *
 * writes them anew (`git diff` shows what became of them); where there is no text yet, a search
 * finds the interleaving. EXPLAIN_HTML=directory leaves the pages there, too.
 */
#include "explain/telling.h"

#include <glob.h>

enum { MOST_ROWS = 60 };

/* "schedule x1:1,2", the kind, the line, and the text. */
static char *text_of(const struct told *t)
{
    const struct explain_text_options o = {.width = 80, .most_rows = MOST_ROWS};
    struct buf text = BUF_EMPTY;

    buf_printf(&text, "schedule %s\nkind %s, line %d\n\n", t->schedule, story_kind(t->story),
        story_line(t->story));
    explain_text(t->story, &o, &text);
    return buf_detach(&text);
}

static char *expected_of(const char *name)
{
    char *path = xasprintf(PROGRAMS "/%s.txt", name);
    struct buf text = BUF_EMPTY;

    if (io_read_file(path, 0, &text, NULL))
        buf_clear(&text);
    free(path);
    return text.data ? buf_detach(&text) : xstrdup("");
}

static void write_beside(
    const char *directory, const char *name, const char *ending, const char *text)
{
    char *path = xasprintf("%s/%s.%s", directory, name, ending);
    struct buf err = BUF_EMPTY;

    cr_assert_eq(io_write_file(path, text, strlen(text), &err), 0, "%s", buf_text(&err));
    buf_release(&err);
    free(path);
}

static void write_page(const struct told *t, const char *name)
{
    const char *claim = "all 1 <i>interleavings</i> explored & </script> done";
    char *replay = xasprintf("lab replay '<b>%s' %s", t->source, t->schedule);
    char *title = xasprintf("%s <script>", name);
    struct explain_page page = {.title = title, .replay = replay, .claim = claim};
    struct buf html = BUF_EMPTY, err = BUF_EMPTY;

    cr_assert_eq(explain_html(t->story, &page, &html, &err), 0, "%s", buf_text(&err));
    if (getenv("EXPLAIN_HTML"))
        write_beside(getenv("EXPLAIN_HTML"), name, "html", html.data);
    buf_release(&html);
    buf_release(&err);
    free(replay);
    free(title);
}

static void check_story(const char *name)
{
    bool update = getenv("EXPLAIN_UPDATE");
    char *expected = expected_of(name), *schedule = NULL, *text;
    struct told t;

    if (!strncmp(expected, "schedule ", 9))
        schedule = xasprintf("%.*s", (int)strcspn(expected + 9, "\n"), expected + 9);
    cr_assert(schedule || update, "%s.txt does not begin with a schedule", name);
    t = tell(name, schedule);
    text = text_of(&t);
    if (update)
        write_beside(PROGRAMS, name, "txt", text);
    else
        cr_expect_str_eq(text, expected, "%s is told otherwise:\n%s", name, text);
    write_page(&t, name);
    told_release(&t);
    free(text);
    free(schedule);
    free(expected);
}

Test(explain, every_story_is_told_in_the_expected_words)
{
    const char *only = getenv("EXPLAIN_ONLY");
    glob_t programs;

    cr_assert_eq(glob(PROGRAMS "/*.c", 0, NULL, &programs), 0);
    for (size_t i = 0; i < programs.gl_pathc; i++) {
        const char *file = io_base_name(programs.gl_pathv[i]);
        char *name = xasprintf("%.*s", (int)(strlen(file) - 2), file);

        if (!only || !strcmp(only, name))
            check_story(name);
        free(name);
    }
    globfree(&programs);
}

Test(explain, newer_debug_information_gives_the_same_words)
{
    static const struct {
        const char *name, *schedule;
    } programs[] = {{"two_locks", "x1:1,2"}, {"lost_update_heap", "x1:1,2"},
        {"lost_update_pointer", "x1:1,2"}, {"three_philosophers", "x1:3,2"}};

    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        struct told a = tell(programs[i].name, programs[i].schedule);
        struct told b = tell_built(programs[i].name, "-gdwarf-5", programs[i].schedule);

        cr_expect_str_eq(story_sentence(b.story), story_sentence(a.story));
        told_release(&a);
        told_release(&b);
    }
}
