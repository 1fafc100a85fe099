/* SPDX-License-Identifier: MIT */
/*
 * includes - which files a student's file may take in, and which pragmas.
 */
#ifndef GATE_INCLUDES_H
#define GATE_INCLUDES_H

#include "gate/gate.h"
#include "gate/lexer.h"

/* What stands behind #include: a name in quotes or angle brackets must be relative and without
 * "..". A macro is left to gate_check_tokens(), which sees where it led. */
void gate_check_include_text(const struct token *rest, struct gate_report *report);

/* What stands behind #pragma. */
void gate_check_pragma(const struct token *rest, struct gate_report *report);

enum include_origin {
    INCLUDE_STUDENT,   /* the student's file, or text that we did not write */
    INCLUDE_KIT,       /* below one of the policy's roots */
    INCLUDE_SYSTEM,    /* the compiler's and the C library's headers, and what is built in */
    INCLUDE_FORBIDDEN, /* any other file */
};

/* Where a file that the preprocessor names comes from. `main` is the file that it began with. */
enum include_origin include_origin(
    const struct gate_policy *policy, const char *path, const char *main);

#endif
