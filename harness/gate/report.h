/* SPDX-License-Identifier: MIT */
/*
 * report - adds to a gate_report, and what the parts of the gate share beside it.
 *
 * An entry that repeats an earlier one (same rule, same name) is dropped, and only fills in the
 * line if the earlier one had none: variants of one file say the same thing several times.
 */
#ifndef GATE_REPORT_H
#define GATE_REPORT_H

#include "gate/gate.h"

enum {
    GATE_ENTRIES = 40,     /* of one report; what comes later is dropped, REFUSE pushes out NOTE */
    GATE_NAME_BYTES = 120, /* of a name as shown */
};

/* `name` is raw text of the student's; `text` is what is shown after it. */
void gate_add(struct gate_report *report, enum gate_weight weight, const char *rule,
    const char *name, int line, const char *text_format, ...) __attribute__((format(printf, 6, 7)));

/* Whether the manifest allows a symbol. */
bool gate_allows(const struct gate_policy *policy, const char *name);

#endif
