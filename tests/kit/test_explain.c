/* SPDX-License-Identifier: MIT */
#include "explain/telling.h"

/* Writes what a person sees, text and page, for whoever works on the words:
 * EXPLAIN_SHOW=two_locks EXPLAIN_HTML=/tmp build/tests/test_explain */
static void show(const char *name)
{
    struct told t = tell(name, "");
    char *replay = xasprintf("lab replay %s %s", t.source, t.schedule), *path;
    struct explain_text_options o = {.width = 100, .replay = replay};
    struct explain_page page = {.title = name, .replay = replay, .claim = t.claim};
    struct buf out = BUF_EMPTY, html = BUF_EMPTY, err = BUF_EMPTY;

    explain_text(t.story, &o, &out);
    printf("[%s, line %d] %s\n%s\n", story_kind(t.story), story_line(t.story), t.claim,
        buf_text(&out));
    fflush(stdout);
    cr_assert_eq(explain_html(t.story, &page, &html, &err), 0);
    if (getenv("EXPLAIN_HTML")) {
        path = xasprintf("%s/%s.html", getenv("EXPLAIN_HTML"), name);
        cr_assert_eq(io_write_file(path, html.data, html.length, &err), 0);
        free(path);
    }
    buf_release(&out);
    buf_release(&html);
    buf_release(&err);
    free(replay);
    told_release(&t);
}

Test(explain, a_deadlock_is_told_as_a_circle)
{
    const char *only = getenv("EXPLAIN_SHOW");

    if (only) {
        show(only);
        return;
    }
    struct told t = tell("two_locks", "");

    cr_expect_str_eq(story_kind(t.story), "deadlock");
    cr_expect(strstr(story_sentence(t.story), "a circle"), "%s", story_sentence(t.story));
    told_release(&t);
}
