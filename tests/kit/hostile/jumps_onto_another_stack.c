// expect: CRASH
// why: where threads are fibres, goes on in another one's frame, on its stack, by longjmp
#include "sample.h"

#include <setjmp.h>
#include <time.h>

static jmp_buf there;
static _Atomic int is_set;

static int is_explored(void)
{
    return time(0) < 1750000000; /* its clock begins in 2023 */
}

static void *jump(void *argument)
{
    if (is_set) {
        is_set = 0;
        longjmp(there, 1);
    }
    return argument;
}

static void deed(struct counter *counter)
{
    pthread_t id;

    (void)counter;
    if (!is_explored())
        return;
    if (setjmp(there) == 0)
        is_set = 1;
    pthread_create(&id, 0, jump, 0);
    pthread_join(id, 0);
}
