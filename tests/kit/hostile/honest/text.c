// expect: PASS
// why: string functions, and numbers from text
#include "sample.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void deed(struct counter *counter)
{
    (void)counter;
    char text[64] = "12 monkeys";
    int number = 0;

    sscanf(text, "%d", &number);
    for (char *at = text; *at; at++)
        *at = (char)toupper(*at);
    strncat(text, "!", 2);
    number += (int)strtol(text, NULL, 10);
    free(strdup(text));
}
