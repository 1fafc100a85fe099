/* SPDX-License-Identifier: MIT */
#include "gate/report.h"

#include "base/clean.h"
#include "gate/policy.h"

#include <stdlib.h>
#include <string.h>

static struct gate_entry *find_same(struct gate_report *report, const char *rule, const char *name)
{
    for (size_t i = 0; i < report->n_entries; i++) {
        struct gate_entry *entry = &report->entries[i];

        if (strcmp(entry->rule, rule) == 0 && strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

/* A free entry at the end; when the report is full, the place of the last note. */
static struct gate_entry *make_room(struct gate_report *report, enum gate_weight weight)
{
    if (report->n_entries < GATE_ENTRIES) {
        if (report->n_entries == report->capacity) {
            report->capacity = report->capacity ? 2 * report->capacity : 8;
            report->entries = xrealloc(report->entries, report->capacity * sizeof *report->entries);
        }
        return &report->entries[report->n_entries++];
    }
    for (size_t i = report->n_entries; weight == GATE_REFUSE && i-- > 0;)
        if (report->entries[i].weight == GATE_NOTE) {
            free(report->entries[i].name);
            free(report->entries[i].text);
            return &report->entries[i];
        }
    return NULL;
}

void gate_add(struct gate_report *report, enum gate_weight weight, const char *rule,
    const char *name, int line, const char *text_format, ...)
{
    char *shown = clean_name(name, GATE_NAME_BYTES);
    struct gate_entry *entry = find_same(report, rule, shown);

    if (entry != NULL) {
        if (entry->line == 0)
            entry->line = line;
        free(shown);
        return;
    }
    entry = make_room(report, weight);
    if (entry == NULL) {
        free(shown);
        return;
    }
    struct buf text = BUF_EMPTY;
    va_list ap;

    buf_printf(&text, "`%s` ", shown);
    va_start(ap, text_format);
    buf_vprintf(&text, text_format, ap);
    va_end(ap);
    *entry = (struct gate_entry){weight, rule, shown, line, buf_detach(&text)};
}

bool gate_allows(const struct gate_policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->n_allow; i++)
        if (policy_listed(policy->allow[i], name))
            return true;
    return false;
}

bool gate_refuses(const struct gate_report *report)
{
    for (size_t i = 0; i < report->n_entries; i++)
        if (report->entries[i].weight == GATE_REFUSE)
            return true;
    return false;
}

char *gate_sentence(const struct gate_policy *policy, const struct gate_report *report)
{
    for (size_t i = 0; i < report->n_entries; i++) {
        const struct gate_entry *entry = &report->entries[i];

        if (entry->weight != GATE_REFUSE)
            continue;
        if (entry->line > 0)
            return xasprintf("%s:%d: %s", policy->file, entry->line, entry->text);
        return xasprintf("%s: %s", policy->file, entry->text);
    }
    return NULL;
}

void gate_report_release(struct gate_report *report)
{
    for (size_t i = 0; i < report->n_entries; i++) {
        free(report->entries[i].name);
        free(report->entries[i].text);
    }
    free(report->entries);
    *report = GATE_REPORT_EMPTY;
}
