#include "explore/search.h"
int dpor_search(
    struct search *s, long executions, bool *ret_complete, long *ret_traces, struct buf *err)
{
    (void)s;
    (void)executions;
    (void)ret_complete;
    (void)ret_traces;
    (void)err;
    return 0;
}
