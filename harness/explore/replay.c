#include "explore/replay.h"
int replay_schedules(struct search *s, struct buf *err)
{
    (void)err;
    for (size_t i = 0; i < s->outcomes.count; i++) {
        struct buf b = BUF_EMPTY;
        schedule_print(&s->outcomes.items[i].schedule, &b);
        s->outcomes.items[i].outcome.schedule = buf_detach(&b);
    }
    return 0;
}
