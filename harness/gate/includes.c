/* SPDX-License-Identifier: MIT */
#include "gate/includes.h"

#include "gate/policy.h"
#include "gate/report.h"

#include <stdlib.h>
#include <string.h>

/* Whether some component of the path is "..". */
static bool climbs(const char *path)
{
    for (const char *at = path; *at != '\0'; at += strcspn(at, "/"), at += *at == '/')
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0'))
            return true;
    return false;
}

/* The path without "." and "..", as far as text alone can tell. `ret` has room for strlen + 2. */
static void normalise(const char *path, char *ret)
{
    char *end = ret;

    for (const char *at = path; *at != '\0';) {
        size_t word = strcspn(at, "/");

        if (word == 2 && strncmp(at, "..", 2) == 0) {
            while (end > ret && *--end != '/')
                ;
        } else if (word > 0 && !(word == 1 && *at == '.')) {
            if (end > ret || *path == '/')
                *end++ = '/';
            memcpy(end, at, word);
            end += word;
        }
        at += word + (at[word] == '/');
    }
    *end = '\0';
}

static bool is_below(const char *path, const char *root)
{
    size_t length = strlen(root);

    while (length > 1 && root[length - 1] == '/')
        length--;
    return strncmp(path, root, length) == 0 && path[length] == '/';
}

enum include_origin include_origin(
    const struct gate_policy *policy, const char *path, const char *main)
{
    char normal[1024];

    size_t length = strlen(path);

    if (strcmp(path, main) == 0)
        return INCLUDE_STUDENT;
    /* "<built-in>", "<command line>", and with -g the working directory, which gcc marks by "//".
     */
    if (path[0] == '<' || (length >= 2 && strcmp(path + length - 2, "//") == 0))
        return INCLUDE_SYSTEM;
    if (length + 2 > sizeof normal)
        return INCLUDE_FORBIDDEN;
    normalise(path, normal);
    for (size_t i = 0; i < policy->n_include_roots; i++)
        if (is_below(normal, policy->include_roots[i]))
            return INCLUDE_KIT;
    if (path[0] == '/')
        return policy_system_header(normal) ? INCLUDE_SYSTEM : INCLUDE_FORBIDDEN;
    /* Relative: the directory of the compilation, which holds what the kit put there. */
    return climbs(path) ? INCLUDE_FORBIDDEN : INCLUDE_STUDENT;
}

void gate_check_include_text(const struct token *rest, struct gate_report *report)
{
    char name[512];

    if (rest->length < 2 || (*rest->text != '"' && *rest->text != '<'))
        return;
    char close = *rest->text == '"' ? '"' : '>';
    const char *end = memchr(rest->text + 1, close, rest->length - 1);
    struct token inside = *rest;

    inside.text++;
    inside.length = end ? (size_t)(end - inside.text) : rest->length - 1;

    token_copy(&inside, name, sizeof name);
    if (name[0] == '/' || climbs(name))
        gate_add(report, GATE_REFUSE, "include", name, rest->line,
            "may not be included: only the exercise's own header and the system's headers may, by "
            "their plain names.");
}

void gate_check_pragma(const struct token *rest, struct gate_report *report)
{
    char name[64];
    struct token shown = *rest;

    if (policy_pragma_is_fine(rest->text, rest->length))
        return;
    if (rest->length > 4 && memcmp(rest->text, "omp ", 4) == 0) {
        gate_add(report, GATE_REFUSE, "pragma", "#pragma omp", rest->line,
            "is not allowed here: the threads of this course are made by hand. Use "
            "pthread_create.");
        return;
    }
    /* Two words name a pragma well enough. */
    const char *space = memchr(rest->text, ' ', rest->length);
    if (space != NULL) {
        space = memchr(space + 1, ' ', rest->length - (size_t)(space + 1 - rest->text));
        shown.length = space ? (size_t)(space - rest->text) : rest->length;
    }
    char *text = xasprintf("#pragma %s", token_copy(&shown, name, sizeof name));
    gate_add(report, GATE_REFUSE, "pragma", text, rest->line,
        "is not allowed here: it changes how the file is compiled, and that is the same for "
        "everybody. Leave it out.");
    free(text);
}
