/* SPDX-License-Identifier: MIT */
#include "lab/build_parts.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>

/* "counter_mutex.c:12:5: error: …" or "… fatal error: …" → a finding at that line. */
static void note_diagnostic(struct work *w, const char *line, size_t length)
{
    char *own = xasprintf("%.*s", (int)length, line), *rest = own;
    const char *file = strsep(&rest, ":"), *number = strsep(&rest, ":");
    char *text = rest ? strstr(rest, "error: ") : NULL;

    if (text && number && !strcmp(io_base_name(file), w->name))
        outcome_add_finding(&w->r->notes, "error", w->name, (int)strtol(number, NULL, 10),
            text + strlen("error: "));
    free(own);
}

static void note_diagnostics(struct work *w, const char *log)
{
    while (*log) {
        size_t length = strcspn(log, "\n");

        note_diagnostic(w, log, length);
        log += length + (log[length] == '\n');
    }
}

static const char *why_stopped(const struct box_result *b)
{
    return b->end == BOX_EXITED ? NULL : box_end_name(b->end);
}

void refuse_by_compiler(struct work *w, const struct box_result *b, const char *step)
{
    const char *stopped = why_stopped(b);

    w->r->verdict = VERDICT_COMPILE;
    w->r->log = xstrdup(buf_text(&b->err));
    note_diagnostics(w, w->r->log);
    if (stopped)
        w->r->message = xasprintf("The compiler was stopped: %s.", stopped);
    else if (w->r->notes.n_findings)
        w->r->message = xasprintf("%s does not %s: line %d: %s", w->name, step,
            w->r->notes.findings[0].line, w->r->notes.findings[0].text);
    else
        w->r->message = xasprintf("%s does not %s.", w->name, step);
}

int hear_gate(struct work *w)
{
    for (size_t i = 0; i < w->gate.n_entries; i++) {
        const struct gate_entry *e = &w->gate.entries[i];

        outcome_add_finding(
            &w->r->notes, e->weight == GATE_REFUSE ? "refused" : "note", w->name, e->line, e->text);
    }
    if (!gate_refuses(&w->gate))
        return 0;
    w->r->verdict = VERDICT_REJECTED;
    w->r->message = gate_sentence(&w->policy, &w->gate);
    return 1;
}
