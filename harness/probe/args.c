/* SPDX-License-Identifier: MIT */
/* args - the judge's "name=value name=value". */
#include "probe/probe.h"
#include "probe/seam.h"

#include <stdlib.h>
#include <string.h>

_Noreturn void scenario_broken(const char *what, const char *name);

/* The text after "name=", or NULL. It ends at a space or at the end. */
static const char *find(const char *name)
{
    size_t length = strlen(name);
    const char *at = board->args;

    while (*at) {
        if (!strncmp(at, name, length) && at[length] == '=')
            return at + length + 1;
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return NULL;
}

bool arg_given(const char *name)
{
    return find(name) != NULL;
}

static const char *need(const char *name)
{
    const char *value = find(name);

    if (!value)
        scenario_broken("The judge gave no argument", name);
    return value;
}

long arg_int(const char *name)
{
    const char *value = need(name);
    char *end;
    long number = strtol(value, &end, 10);

    if (end == value || (*end && *end != ' '))
        scenario_broken("The argument is not a number", name);
    return number;
}

const char *arg_str(const char *name)
{
    static char texts[8][512]; /* a scenario asks for few, before it starts any task */
    static int next;
    const char *value = need(name);
    size_t length = strcspn(value, " ");
    char *text = texts[next++ % 8];

    if (length >= sizeof(texts[0]))
        scenario_broken("The argument is too long", name);
    memcpy(text, value, length);
    text[length] = '\0';
    return text;
}

long *arg_ints(const char *name, size_t *ret_count)
{
    const char *at = need(name);
    long *values = calloc(strcspn(at, " ") + 1, sizeof(*values));
    size_t count = 0;

    if (!values)
        abort();
    while (*at && *at != ' ') {
        char *end;

        values[count++] = strtol(at, &end, 10);
        if (end == at || (*end && *end != ',' && *end != ' '))
            scenario_broken("The argument is not a list of numbers", name);
        at = *end == ',' ? end + 1 : end;
    }
    *ret_count = count;
    return values;
}
