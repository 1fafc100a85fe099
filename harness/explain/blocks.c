/* SPDX-License-Identifier: MIT */
#include "explain/blocks.h"

#include "explain/types.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What is known of one block. */
struct label {
    char *name; /* NULL: the line does not say */
    bool typed;
    bool counted; /* one of several from the same line */
    Dwarf_Die element;
    unsigned number;
    char *origin; /* "make(), list.c:31" */
};

struct blocks {
    const struct explain_trace *trace;
    uint32_t count;
    struct label *labels;
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Where "malloc(" or a sister of it begins as a word of its own. */
static const char *find_request(const char *line)
{
    static const char *const calls[] = {
        "malloc", "calloc", "realloc", "aligned_alloc", "reallocarray", "strdup"};

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        const char *at = strstr(line, calls[i]);

        while (at && ((at > line && is_word(at[-1])) || is_word(at[strlen(calls[i])])))
            at = strstr(at + 1, calls[i]);
        if (at)
            return at;
    }
    return NULL;
}

/* The start of the expression `a->b.c[i]` that ends at `end`. */
static const char *begin_of_expression(const char *line, const char *end)
{
    const char *p = end;
    int depth = 0;

    while (p > line) {
        if (p[-1] == ']')
            depth++;
        else if (p[-1] == '[')
            depth--;
        else if (p - 2 >= line && p[-1] == '>' && p[-2] == '-')
            p--;
        else if (!depth && !is_word(p[-1]) && p[-1] != '.')
            break;
        p--;
    }
    return p;
}

/* "struct queue *queue = malloc(…)" → "queue". The caller frees; NULL when the line is no such. */
static char *assigned_to(const char *line)
{
    const char *request = line ? find_request(line) : NULL, *end, *begin;

    if (!request)
        return NULL;
    for (end = request; end > line && end[-1] != '='; end--)
        if (end[-1] == ';' || end[-1] == ',')
            return NULL;
    if (end == line)
        return NULL;
    for (end--; end > line && isspace((unsigned char)end[-1]); end--)
        ;
    begin = begin_of_expression(line, end);
    if (begin == end || isdigit((unsigned char)*begin) || !is_word(*begin))
        return NULL;
    return xasprintf("%.*s", (int)(end - begin), begin);
}

/* One step of an expression: "->name", ".name" or "[…]". */
static bool follow(const char **at, Dwarf_Die *type)
{
    char name[64];
    size_t n = 0;
    bool arrow = (*at)[0] == '-';

    if (**at == '[') {
        *at = strchr(*at, ']');
        return *at && (++*at, type_target(type, type));
    }
    *at += arrow ? 2 : 1;
    while (is_word(**at) && n < sizeof(name) - 1)
        name[n++] = *(*at)++;
    name[n] = '\0';
    return (!arrow || type_target(type, type)) && type_member(type, name, type);
}

/* What the pointer with this name points to, as the function sees it. */
static bool element_of(
    const struct debug *d, const struct function *f, const char *expression, Dwarf_Die *ret)
{
    size_t n = 0;
    char *base;
    const struct variable *global;
    const char *at;
    bool found;

    while (is_word(expression[n]))
        n++;
    base = xasprintf("%.*s", (int)n, expression);
    found = f && debug_local_named(f, base, ret);
    if (!found && (global = debug_global_named(d, base))) {
        *ret = global->type;
        found = true;
    }
    free(base);
    for (at = expression + n; found && *at;)
        found = follow(&at, ret);
    return found && type_is_pointer(ret) && type_target(ret, ret) && type_size(ret) > 0;
}

static void describe(
    struct blocks *b, uint32_t i, const struct debug *d, struct lines *l, const struct sources *s)
{
    const struct trace_block *block = &b->trace->blocks[i];
    struct label *label = &b->labels[i];
    struct place place;

    label->number = 1;
    for (uint32_t k = 0; k < i; k++) {
        if (b->trace->blocks[k].pc != block->pc)
            continue;
        label->number = b->labels[k].number + 1;
        label->counted = b->labels[k].counted = true;
    }
    if (!lines_find(l, block->pc - 1, &place))
        return;
    if (place.file)
        label->origin = xasprintf("%s(), %s:%d", place.function, place.file, place.line);
    label->name = assigned_to(sources_line(s, place.file, place.line));
    label->typed = label->name &&
                   element_of(d, debug_function(d, block->pc - 1), label->name, &label->element);
}

struct blocks *blocks_open(
    const struct explain_trace *t, const struct debug *d, struct lines *l, const struct sources *s)
{
    struct blocks *b = xcalloc(1, sizeof(*b));

    b->trace = t;
    b->count = t->blocks ? t->result->n_blocks : 0;
    b->labels = xcalloc(b->count + 1, sizeof(*b->labels));
    for (uint32_t i = 0; i < b->count; i++)
        describe(b, i, d, l, s);
    return b;
}

void blocks_close(struct blocks *b)
{
    if (!b)
        return;
    for (uint32_t i = 0; i < b->count; i++) {
        free(b->labels[i].name);
        free(b->labels[i].origin);
    }
    free(b->labels);
    free(b);
}

/* A forked process has its parent's blocks, at the same addresses. */
static bool inherits(const struct explain_trace *t, unsigned process, unsigned from)
{
    for (int guard = 0; guard < TRACE_TASKS && process != from; guard++) {
        const struct trace_task *first = NULL;

        for (uint32_t i = 0; i < t->result->n_tasks && !first; i++)
            if (t->tasks[i].is_process && t->tasks[i].process == (int)process)
                first = &t->tasks[i];
        if (!first || first->parent < 0 || (uint32_t)first->parent >= t->result->n_tasks)
            return false;
        process = (unsigned)t->tasks[first->parent].process;
    }
    return process == from;
}

int blocks_find(const struct blocks *b, uint32_t event, uint64_t address, unsigned process)
{
    int freed = -1;

    for (uint32_t i = b->count; i-- > 0;) {
        const struct trace_block *block = &b->trace->blocks[i];

        if (address - block->address >= (block->size ? block->size : 1) || block->made_at > event ||
            !inherits(b->trace, process, block->space))
            continue;
        if (block->freed_at >= event)
            return (int)i;
        if (freed < 0)
            freed = (int)i;
    }
    return freed;
}

void blocks_name(const struct blocks *b, int block, struct buf *out)
{
    const struct label *label = &b->labels[block];

    if (label->name)
        buf_puts(out, label->name);
    else if (label->origin)
        buf_printf(out, "block from %s", label->origin);
    else
        buf_puts(out, "block");
    if (label->counted)
        buf_printf(out, "#%u", label->number);
}

static bool is_array(const struct label *label, uint64_t block_size, uint64_t *ret_element)
{
    *ret_element = type_size(&label->element);
    return block_size >= 2 * *ret_element && block_size % *ret_element == 0;
}

void blocks_part(const struct blocks *b, int block, uint64_t offset, uint64_t size,
    struct buf *name, struct thing *ret)
{
    const struct label *label = &b->labels[block];
    struct buf path = BUF_EMPTY;
    uint64_t element;
    bool array;

    blocks_name(b, block, name);
    ret->block = block;
    if (!label->typed || size > type_size(&label->element)) {
        buf_printf(name, label->name ? " +%llu" : ", +%llu", (unsigned long long)offset);
        return;
    }
    array = is_array(label, b->trace->blocks[block].size, &element);
    if (array)
        buf_printf(name, "[%llu]", (unsigned long long)(offset / element));
    type_part(&label->element, array ? offset % element : offset, size, &path, &ret->type);
    ret->typed = true;
    if (!array && buf_text(&path)[0] == '.')
        buf_printf(name, "->%s", buf_text(&path) + 1);
    else if (!array && !path.length) {
        struct buf whole = BUF_EMPTY; /* all of it, or a number that stands alone */

        buf_printf(&whole, "*%s", buf_text(name));
        buf_release(name);
        *name = whole;
    } else {
        buf_puts(name, buf_text(&path));
    }
    buf_release(&path);
}
