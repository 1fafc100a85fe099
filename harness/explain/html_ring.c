/* SPDX-License-Identifier: MIT */
/*
 * The circle of a deadlock as a picture: threads and the locks between them around a ring, each
 * arrow from who waits to what it waits for, and on to who holds that.
 *
 *            [thread 1] ──waits for──> knife
 *                ^                       │ held by
 *            held by                     v
 *            fork_lock <──waits for── [thread 2]
 */
#include "explain/html.h"

#include "explain/cause.h"
#include "report/page.h"

#include <math.h>

enum {
    THREADS_MOST = 6,
    NODES_MOST = 2 * THREADS_MOST,
    NAME_MOST = 20, /* characters of a name that fit into a node */
    WIDTH = 440,
    NODE_WIDTH = 128,
    NODE_HEIGHT = 30,
    LANE_COLOURS = 4,
};

struct node {
    double x, y;
    int task; /* -1: a lock */
    struct thing lock;
};

struct ring {
    struct node nodes[NODES_MOST];
    size_t count;
    double height;
};

static void add_node(struct ring *r, int task, const struct thing *lock)
{
    struct node *n = &r->nodes[r->count++];

    *n = (struct node){.task = task};
    if (lock)
        n->lock = *lock;
}

/* The tasks of the circle and what each waits for; false when there is none that fits. */
static bool gather(const struct story *s, struct ring *r)
{
    int first = cause_find_circle(s), at = first;

    *r = (struct ring){.count = 0};
    if (first < 0)
        return false;
    do {
        const struct trace_task *t = &s->trace.tasks[at];
        struct thing lock;

        if (r->count + 2 > NODES_MOST)
            return false;
        add_node(r, at, NULL);
        if (t->pending.kind != OP_JOIN) {
            story_thing(s, s->trace.result->n_events, &t->pending, &lock);
            add_node(r, -1, &lock);
        }
        at = t->holder;
    } while (at != first);
    return r->count > 2;
}

/* An ellipse, the first node on the left at the top. */
static void place(struct ring *r)
{
    double across = (WIDTH - NODE_WIDTH) / 2.0 - 4, down = 22 + 17.0 * (double)r->count;

    r->height = 2 * down + NODE_HEIGHT + 8;
    for (size_t i = 0; i < r->count; i++) {
        double turn = 2 * M_PI * ((double)i / (double)r->count - 0.5) + (r->count > 4 ? 0.5 : 0);

        r->nodes[i].x = WIDTH / 2.0 + across * cos(turn);
        r->nodes[i].y = r->height / 2 + down * sin(turn);
    }
}

static void put_name(const char *name, struct buf *out)
{
    struct buf cut = BUF_EMPTY;
    size_t n = 0;

    for (const char *c = name; *c; c++) {
        if ((*c & 0xc0) != 0x80 && n++ == NAME_MOST) {
            buf_puts(&cut, "\xe2\x80\xa6");
            break;
        }
        buf_putc(&cut, *c);
    }
    page_line(out, buf_text(&cut));
    buf_release(&cut);
}

static void put_node(const struct html *h, const struct node *n, struct buf *out)
{
    int column = n->task >= 0 ? layout_column(&h->rows, n->task) : -1;

    if (n->task >= 0)
        buf_printf(out,
            "<g class=\"thread lane%d\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" "
            "rx=\"5\"/>",
            column < 0 ? 0 : column % LANE_COLOURS, n->x - NODE_WIDTH / 2.0,
            n->y - NODE_HEIGHT / 2.0, NODE_WIDTH, NODE_HEIGHT);
    else
        buf_puts(out, "<g class=\"lock\">");
    buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\">", n->x, n->y + 5);
    put_name(n->task >= 0 ? story_task(h->story, n->task) : n->lock.name, out);
    buf_puts(out, "</text></g>\n");
}

/* Where the line from the middle of a node towards a point leaves the node's box. */
static void leave(const struct node *n, double *x, double *y)
{
    double dx = *x - n->x, dy = *y - n->y, longest;
    double half_width = (n->task >= 0 ? NODE_WIDTH : 0.75 * NODE_WIDTH) / 2.0 + 3;
    double half_height = NODE_HEIGHT / 2.0 + 3;

    longest = fmax(fabs(dx) / half_width, fabs(dy) / half_height);
    if (longest <= 1)
        return;
    *x = n->x + dx / longest;
    *y = n->y + dy / longest;
}

static void put_arrow(const struct node *from, const struct node *to, struct buf *out)
{
    double x1 = to->x, y1 = to->y, x2 = from->x, y2 = from->y;

    leave(from, &x1, &y1);
    leave(to, &x2, &y2);
    buf_printf(out,
        "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\" marker-end=\"url(#tip)\"/>"
        "<text class=\"says\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
        from->task >= 0 ? "waits" : "held", x1, y1, x2, y2, (x1 + x2) / 2, (y1 + y2) / 2 + 4,
        from->task >= 0 ? "waits for" : "held by");
}

void html_ring(const struct html *h, struct buf *out)
{
    struct ring r;

    if (h->story->trace.result->end != END_DEADLOCK || !gather(h->story, &r))
        return;
    place(&r);
    buf_printf(out,
        "<svg class=\"ring\" viewBox=\"0 0 %d %.0f\" role=\"img\" "
        "aria-label=\"The circle of who waits for whom\">\n"
        "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
        "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
        WIDTH, r.height);
    for (size_t i = 0; i < r.count; i++)
        put_arrow(&r.nodes[i], &r.nodes[(i + 1) % r.count], out);
    for (size_t i = 0; i < r.count; i++)
        put_node(h, &r.nodes[i], out);
    buf_puts(out, "</svg>\n");
}
