/* SPDX-License-Identifier: MIT */
#include "explain/debug.h"

#include "explain/types.h"

#include <dwarf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct debug {
    int fd;
    Dwarf *dwarf;
    struct variable *globals;
    size_t n_globals;
    struct function *functions;
    size_t n_functions;
};

enum { DEEPEST = 40, CFA_ABOVE_FRAME_POINTER = 16 };

static bool type_of(Dwarf_Die *die, Dwarf_Die *ret)
{
    Dwarf_Attribute a;

    return dwarf_attr_integrate(die, DW_AT_type, &a) && dwarf_formref_die(&a, ret);
}

/* The one operation of a simple location: DW_OP_addr or DW_OP_fbreg, as everything has at -O0. */
static bool simple_location(Dwarf_Die *die, unsigned attribute, Dwarf_Op *ret)
{
    Dwarf_Attribute a;
    Dwarf_Op *ops;
    size_t n;

    if (!dwarf_attr_integrate(die, attribute, &a) || dwarf_getlocation(&a, &ops, &n) || n != 1)
        return false;
    *ret = ops[0];
    return true;
}

/* Where a global is: since DWARF 5 mostly by an index into a table of addresses. */
static bool fixed_address(Dwarf_Die *die, uint64_t *ret)
{
    Dwarf_Attribute location, entry;
    Dwarf_Op op;

    if (!simple_location(die, DW_AT_location, &op))
        return false;
    *ret = op.number;
    return op.atom == DW_OP_addr ||
           (op.atom == DW_OP_addrx && dwarf_attr_integrate(die, DW_AT_location, &location) &&
               !dwarf_getlocation_attr(&location, &op, &entry) && !dwarf_formaddr(&entry, ret));
}

static void add_global(struct debug *d, Dwarf_Die *die)
{
    struct variable v = {.name = dwarf_diename(die)};

    if (!v.name || !fixed_address(die, &v.address) || !type_of(die, &v.type))
        return;
    v.size = type_size(&v.type);
    d->globals = xrealloc(d->globals, (d->n_globals + 1) * sizeof(v));
    d->globals[d->n_globals++] = v;
}

static void add_function(struct debug *d, Dwarf_Die *die)
{
    struct function f = {.name = dwarf_diename(die), .die = *die};
    Dwarf_Addr low, high;

    if (!f.name || dwarf_lowpc(die, &low) || dwarf_highpc(die, &high))
        return;
    f.low = low;
    f.high = high;
    d->functions = xrealloc(d->functions, (d->n_functions + 1) * sizeof(f));
    d->functions[d->n_functions++] = f;
}

/* Everything below a unit that has an address: functions, globals, static locals. */
static void gather(struct debug *d, Dwarf_Die *parent, int depth)
{
    Dwarf_Die die;
    int tag;

    if (depth > DEEPEST || dwarf_child(parent, &die))
        return;
    do {
        tag = dwarf_tag(&die);
        if (tag == DW_TAG_variable)
            add_global(d, &die);
        if (tag == DW_TAG_subprogram)
            add_function(d, &die);
        if (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block)
            gather(d, &die, depth + 1);
    } while (dwarf_siblingof(&die, &die) == 0);
}

struct debug *debug_open(const char *program, struct buf *err)
{
    struct debug *d = xcalloc(1, sizeof(*d));
    Dwarf_Off offset = 0, next;
    size_t header;

    d->fd = open(program, O_RDONLY | O_CLOEXEC);
    if (d->fd < 0) {
        fail_errno(err, "Cannot read the program %s", program);
        free(d);
        return NULL;
    }
    d->dwarf = dwarf_begin(d->fd, DWARF_C_READ);
    for (; d->dwarf && !dwarf_nextcu(d->dwarf, offset, &next, &header, NULL, NULL, NULL);
         offset = next) {
        Dwarf_Die unit;

        if (dwarf_offdie(d->dwarf, offset + header, &unit))
            gather(d, &unit, 0);
    }
    return d;
}

void debug_close(struct debug *d)
{
    if (!d)
        return;
    if (d->dwarf)
        dwarf_end(d->dwarf);
    close(d->fd);
    free(d->globals);
    free(d->functions);
    free(d);
}

const struct variable *debug_global(const struct debug *d, uint64_t address)
{
    for (size_t i = 0; i < d->n_globals; i++)
        if (address - d->globals[i].address < d->globals[i].size)
            return &d->globals[i];
    return NULL;
}

const struct variable *debug_global_named(const struct debug *d, const char *name)
{
    for (size_t i = 0; i < d->n_globals; i++)
        if (!strcmp(d->globals[i].name, name))
            return &d->globals[i];
    return NULL;
}

const struct function *debug_function(const struct debug *d, uint64_t pc)
{
    for (size_t i = 0; i < d->n_functions; i++)
        if (pc - d->functions[i].low < d->functions[i].high - d->functions[i].low)
            return &d->functions[i];
    return NULL;
}

/* Calls `visit` for each variable and parameter, in all blocks, until it returns true. */
static bool each_local(Dwarf_Die *parent, int depth,
    bool (*visit)(Dwarf_Die *, const void *, struct variable *), const void *want,
    struct variable *ret)
{
    Dwarf_Die die;
    int tag;

    if (depth > DEEPEST || dwarf_child(parent, &die))
        return false;
    do {
        tag = dwarf_tag(&die);
        if ((tag == DW_TAG_variable || tag == DW_TAG_formal_parameter) && visit(&die, want, ret))
            return true;
        if (tag == DW_TAG_lexical_block && each_local(&die, depth + 1, visit, want, ret))
            return true;
    } while (dwarf_siblingof(&die, &die) == 0);
    return false;
}

struct wanted_address {
    uint64_t frame_base;
    uint64_t address;
};

static bool covers(Dwarf_Die *die, const void *want, struct variable *ret)
{
    const struct wanted_address *w = want;
    Dwarf_Op op;

    if (!simple_location(die, DW_AT_location, &op) || op.atom != DW_OP_fbreg ||
        !type_of(die, &ret->type))
        return false;
    ret->name = dwarf_diename(die);
    ret->address = w->frame_base + op.number; /* a negative number, most of the time */
    ret->size = type_size(&ret->type);
    return ret->name && w->address - ret->address < ret->size;
}

bool debug_local(const struct function *f, uint64_t base, uint64_t address, struct variable *ret)
{
    struct wanted_address want = {.frame_base = base, .address = address};
    Dwarf_Die die = f->die;
    struct variable found;
    Dwarf_Op op;

    /* clang counts from the frame pointer, gcc from where the caller's frame begins. */
    if (simple_location(&die, DW_AT_frame_base, &op) && op.atom == DW_OP_call_frame_cfa)
        want.frame_base += CFA_ABOVE_FRAME_POINTER;
    if (!each_local(&die, 0, covers, &want, &found))
        return false;
    *ret = found;
    return true;
}

static bool has_name(Dwarf_Die *die, const void *want, struct variable *ret)
{
    const char *name = dwarf_diename(die);

    return name && !strcmp(name, want) && type_of(die, &ret->type);
}

bool debug_local_named(const struct function *f, const char *name, Dwarf_Die *ret_type)
{
    Dwarf_Die die = f->die;
    struct variable found;

    if (!each_local(&die, 0, has_name, name, &found))
        return false;
    *ret_type = found.type;
    return true;
}
