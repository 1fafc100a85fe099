// expect: MEMORY
// why: forty children, each of them modest, together too much
#include "sample.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (int i = 0; i < 40; i++)
        if (fork() == 0) {
            char *block = malloc(20 << 20);

            if (block != NULL)
                memset(block, 1, 20 << 20);
            for (volatile int on = 1; on;)
                ;
        }
    for (volatile int on = 1; on;)
        ;
}
