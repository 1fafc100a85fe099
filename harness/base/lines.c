/* SPDX-License-Identifier: MIT */
#include "base/lines.h"

#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

enum { REMEMBERED = 256 };

/* A look-up takes 0.1 ms, and a trace asks for few addresses, each of them often. */
struct answer {
    uint64_t address; /* 0: none */
    struct place place;
    bool found;
};

struct lines {
    struct answer answers[REMEMBERED];
    Dwfl *dwfl;
    Dwfl_Module *module;
    uint64_t bias; /* where libdwfl laid the module, less its own addresses */
};

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
};

struct lines *lines_open(const char *program, struct buf *err)
{
    struct lines *l = xcalloc(1, sizeof(*l));
    Dwarf_Addr bias = 0;

    l->dwfl = dwfl_begin(&callbacks);
    if (l->dwfl)
        l->module = dwfl_report_offline(l->dwfl, "", program, -1);
    if (!l->module) {
        fail(err, "Cannot read the debug information of %s: %s.", program, dwfl_errmsg(-1));
        lines_close(l);
        return NULL;
    }
    dwfl_report_end(l->dwfl, NULL, NULL);
    dwfl_module_getelf(l->module, &bias);
    l->bias = bias;
    return l;
}

/* The line by asking each compilation unit: clang writes no .debug_aranges, without which libdw's
 * own look-up by address (dwfl_module_getsrc) finds nothing. Probes have a handful of units. */
static Dwarf_Line *find_line(struct lines *l, uint64_t address)
{
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = NULL;

    while ((unit = dwfl_module_nextcu(l->module, unit, &bias))) {
        Dwarf_Addr own = address + l->bias - bias;

        if (dwarf_haspc(unit, own) > 0)
            return dwarf_getsrc_die(unit, own);
    }
    return NULL;
}

static bool look_up(struct lines *l, uint64_t address, struct place *ret)
{
    Dwarf_Line *line = find_line(l, address);
    const char *function = dwfl_module_addrname(l->module, address + l->bias);
    const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
    int number = 0;

    if (line)
        dwarf_lineno(line, &number);
    if (!file && !function)
        return false;
    if (file && strrchr(file, '/'))
        file = strrchr(file, '/') + 1;
    *ret = (struct place){.function = function ? function : "?", .file = file, .line = number};
    return true;
}

bool lines_find(struct lines *l, uint64_t address, struct place *ret)
{
    struct answer *a = &l->answers[address % REMEMBERED];

    if (!address || a->address != address) {
        *a = (struct answer){.address = address};
        a->found = look_up(l, address, &a->place);
    }
    if (a->found)
        *ret = a->place;
    return a->found;
}

const char *lines_symbol(struct lines *l, uint64_t address, uint64_t *ret_offset)
{
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char *name = dwfl_module_addrinfo(
        l->module, address + l->bias, &offset, &symbol, NULL, NULL, NULL);

    if (name)
        *ret_offset = offset;
    return name;
}

void lines_close(struct lines *l)
{
    if (!l)
        return;
    if (l->dwfl)
        dwfl_end(l->dwfl);
    free(l);
}
