/* SPDX-License-Identifier: MIT */
#include "gate/object.h"
#include "gate/policy.h"
#include "gate/policy_names.h"
#include "gate/report.h"

#include <dlfcn.h>
#include <string.h>

/* Whether the C library of this machine offers the name. The dynamic linker knows best, and it
 * leaves out names that are only kept for old programs. */
static bool libc_has(const char *name)
{
    static void *libc;

    if (libc == NULL)
        libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    return libc != NULL && dlsym(libc, name) != NULL;
}

struct search {
    uint64_t symbol;
    bool found;
    struct object_use use;
};

/* Code is the better place to point at than data; the first of its kind will do. */
static bool note_use(const struct object_use *use, void *arg)
{
    struct search *search = arg;

    if (use->symbol != search->symbol || (search->found && !use->code))
        return true;
    search->found = true;
    search->use = *use;
    return !use->code;
}

/* Looking for lines takes time that an object full of bad names must not be able to buy. */
static bool lines_matter(const struct object *o)
{
    return o->report->n_entries < GATE_ENTRIES;
}

static int line_of_definition(struct object *o, const char *name)
{
    return lines_matter(o) ? whereis_definition(&o->whereis, name) : 0;
}

static int line_of_use(struct object *o, size_t index)
{
    struct search search = {.symbol = index};

    if (!lines_matter(o))
        return 0;
    object_each_use(o, note_use, &search);
    if (!search.found)
        return 0;
    if (search.use.code)
        return whereis_code(&o->whereis, search.use.section, search.use.offset);
    const char *variable = object_symbol_at(o, search.use.section, search.use.offset);
    return variable ? whereis_definition(&o->whereis, variable) : 0;
}

static void check_use(struct object *o, size_t index, const char *name)
{
    const struct gate_ban *ban = policy_ban(name);
    enum policy_use use = policy_use(o->policy->tool, name);

    if (use == POLICY_TOOL || gate_allows(o->policy, name))
        return;
    if (ban == NULL)
        ban = policy_ban_token(name);
    if (ban != NULL)
        gate_add(o->report, GATE_REFUSE, ban->rule, name, line_of_use(o, index),
            "is not allowed here: %s.", ban->instead);
    else if (use == POLICY_KIT)
        gate_add(o->report, GATE_REFUSE, "kit", name, line_of_use(o, index),
            "belongs to the kit's side of the test. Your code speaks through the functions of the "
            "exercise's header only.");
    else if (use == POLICY_RESERVED)
        gate_add(o->report, GATE_REFUSE, "reserved", name, line_of_use(o, index),
            "is not allowed here: names that begin with an underscore are the inside of the "
            "compiler and the C library. Use the documented function.");
    else if (use == POLICY_UNKNOWN && libc_has(name))
        gate_add(o->report, GATE_NOTE, "unlisted", name, line_of_use(o, index),
            "is not among the functions that this exercise was made with. That costs nothing, but "
            "the tools may not follow what it does.");
}

/* Names that a definition must not take, and why. */
static const struct gate_ban taken_names[] = {
    {"main", "main",
        "is defined here, and the test has one already. Put yours between `#ifdef MY_MAIN` and "
        "`#endif`, and compile with -DMY_MAIN to try your code alone."},
    {"_start _init _fini _end _edata _etext __bss_start _DYNAMIC _PROCEDURE_LINKAGE_TABLE_",
        "reserved", "is defined here, and it is the linker's name. Choose another one."},
    {"_Z* __*", "reserved",
        "is defined here, and names that begin like this belong to the compiler, the C library and "
        "the tools. Choose another one."},
};

static void check_definition_name(struct object *o, const char *name)
{
    int line = line_of_definition(o, name);

    for (size_t i = 0; i < sizeof taken_names / sizeof *taken_names; i++)
        if (policy_listed(taken_names[i].names, name)) {
            gate_add(o->report, GATE_REFUSE, taken_names[i].rule, name, line, "%s",
                taken_names[i].instead);
            return;
        }
    if (policy_use(o->policy->tool, name) == POLICY_KIT || strcmp(name, "lab_todo") == 0)
        gate_add(o->report, GATE_REFUSE, "kit", name, line,
            "is defined here, and the kit has a function of that name. Write `static` before "
            "yours, or give it another name.");
    else if (policy_listed(policy_young_names, name))
        gate_add(o->report, GATE_NOTE, "interpose", name, line,
            "is defined here; newer C libraries have a function of that name. Write `static` "
            "before yours, so that the two are not taken for each other.");
    else
        gate_add(o->report, GATE_REFUSE, "interpose", name, line,
            "is defined here, and the C library has something of that name, which the whole "
            "program would lose. Write `static` before yours, or give it another name.");
}

/* Whether a global definition of this name would take the place of something. */
static bool is_taken(struct object *o, const char *name)
{
    for (size_t i = 0; i < sizeof taken_names / sizeof *taken_names; i++)
        if (policy_listed(taken_names[i].names, name))
            return true;
    return policy_use(o->policy->tool, name) == POLICY_KIT || strcmp(name, "lab_todo") == 0 ||
           libc_has(name);
}

static void check_definition(struct object *o, const GElf_Sym *symbol, const char *name)
{
    int bind = GELF_ST_BIND(symbol->st_info), type = GELF_ST_TYPE(symbol->st_info);
    GElf_Shdr header;
    Elf_Scn *scn = symbol->st_shndx < SHN_LORESERVE ? elf_getscn(o->elf, symbol->st_shndx) : NULL;

    if (policy_tool_defines(o->policy->tool, name))
        return;
    if (type == STT_OBJECT && scn != NULL && gelf_getshdr(scn, &header) != NULL &&
        (header.sh_flags & SHF_EXECINSTR))
        gate_add(o->report, GATE_REFUSE, "section", name, line_of_definition(o, name),
            "is data among the machine code. Leave the section attribute out.");
    if (type == STT_GNU_IFUNC || bind == STB_WEAK || bind == STB_GNU_UNIQUE)
        gate_add(o->report, GATE_REFUSE, "alias", name, line_of_definition(o, name),
            "is a weak or indirect name, which can stand for two things. Define it plainly, once.");
    if (bind != STB_LOCAL && is_taken(o, name))
        check_definition_name(o, name);
}

void object_check_symbols(struct object *o)
{
    GElf_Sym symbol;

    if (o->n_symbols > OBJECT_SYMBOLS) {
        gate_add(o->report, GATE_REFUSE, "size", "the object", 0,
            "has %zu symbols; no solution needs more than %d.", o->n_symbols, OBJECT_SYMBOLS);
        return;
    }
    for (size_t i = 1; object_symbol(o, i, &symbol); i++) {
        const char *name = object_symbol_name(o, &symbol);
        int type = GELF_ST_TYPE(symbol.st_info);

        if (type == STT_FILE || type == STT_SECTION || *name == '\0')
            continue;
        if (symbol.st_shndx == SHN_UNDEF)
            check_use(o, i, name);
        else
            check_definition(o, &symbol, name);
    }
}
