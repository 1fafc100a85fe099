// expect: PASS
// why: a temporary file, written and read
#include "sample.h"

#include <stdio.h>

static void deed(struct counter *counter)
{
    (void)counter;
    char line[32];
    FILE *file = tmpfile();

    if (file == NULL)
        return;
    fprintf(file, "%d\n", 42);
    rewind(file);
    if (fgets(line, sizeof line, file) != NULL)
        line[0] = 0;
    fclose(file);
}
