/* SPDX-License-Identifier: MIT */
#include "gate/object.h"

#include "gate/decode.h"
#include "gate/policy.h"
#include "gate/report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#if defined __x86_64__
#define HOST_MACHINE EM_X86_64
#elif defined __aarch64__
#define HOST_MACHINE EM_AARCH64
#else
#error "the gate does not know this machine's instructions"
#endif

const char *object_section_name(const struct object *o, const GElf_Shdr *header)
{
    const char *name = elf_strptr(o->elf, o->names, header->sh_name);

    return name ? name : "?";
}

const char *object_symbol_name(const struct object *o, const GElf_Sym *symbol)
{
    const char *name = elf_strptr(o->elf, o->symbol_names, symbol->st_name);

    return name ? name : "?";
}

bool object_symbol(const struct object *o, size_t index, GElf_Sym *ret)
{
    return index < o->n_symbols && gelf_getsym(o->symbols, (int)index, ret) != NULL;
}

/* The relocations of one section. False when `visit` had enough. */
static bool each_use_in(const struct object_use *place, Elf_Data *data, size_t count,
    bool (*visit)(const struct object_use *use, void *arg), void *arg)
{
    GElf_Rela rela;

    for (size_t i = 0; i < count && gelf_getrela(data, (int)i, &rela) != NULL; i++) {
        struct object_use use = *place;

        use.offset = rela.r_offset;
        use.symbol = GELF_R_SYM(rela.r_info);
        use.addend = rela.r_addend;
        if (!visit(&use, arg))
            return false;
    }
    return true;
}

void object_each_use(
    struct object *o, bool (*visit)(const struct object_use *use, void *arg), void *arg)
{
    GElf_Shdr header, target;

    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(o->elf, scn)) != NULL;) {
        if (gelf_getshdr(scn, &header) == NULL || header.sh_type != SHT_RELA ||
            header.sh_entsize == 0)
            continue;
        Elf_Scn *to = elf_getscn(o->elf, header.sh_info);
        Elf_Data *data = elf_getdata(scn, NULL);
        if (to == NULL || data == NULL || gelf_getshdr(to, &target) == NULL ||
            !(target.sh_flags & SHF_ALLOC))
            continue;
        struct object_use place = {
            .section = header.sh_info, .code = (target.sh_flags & SHF_EXECINSTR) != 0};
        if (!each_use_in(&place, data, header.sh_size / header.sh_entsize, visit, arg))
            return;
    }
}

const char *object_symbol_at(const struct object *o, size_t section, uint64_t offset)
{
    GElf_Sym symbol;

    for (size_t i = 1; object_symbol(o, i, &symbol); i++) {
        int type = GELF_ST_TYPE(symbol.st_info);

        if (symbol.st_shndx == section && (type == STT_FUNC || type == STT_OBJECT) &&
            offset >= symbol.st_value &&
            (offset < symbol.st_value + symbol.st_size || offset == symbol.st_value))
            return object_symbol_name(o, &symbol);
    }
    return NULL;
}

struct initialiser {
    size_t section;
    struct object *object;
    const char *function; /* the last one found */
    size_t count;
};

static bool note_initialiser(const struct object_use *use, void *arg)
{
    struct initialiser *found = arg;
    GElf_Sym symbol;

    if (use->section != found->section || !object_symbol(found->object, use->symbol, &symbol))
        return true;
    found->count++;
    found->function = GELF_ST_TYPE(symbol.st_info) == STT_SECTION
                          ? object_symbol_at(found->object, symbol.st_shndx, (uint64_t)use->addend)
                          : object_symbol_name(found->object, &symbol);
    /* The student's is the one to name, if there are both. */
    return found->function == NULL || strchr(found->function, '.') != NULL ||
           strncmp(found->function, "_sub_", 5) == 0;
}

/* Compilers call what they make `asan.module_ctor` or `_sub_I_00099_0`. */
static bool is_compilers(const char *function)
{
    return function != NULL &&
           policy_listed(
               "asan.module_ctor asan.module_dtor tsan.module_ctor _sub_I_* _sub_D_*", function);
}

static void check_initialiser(struct object *o, size_t index, const char *name, size_t size)
{
    struct initialiser found = {.section = index, .object = o};

    object_each_use(o, note_initialiser, &found);
    if (policy_initialiser_is_fine(o->policy->tool, name) && size == sizeof(void *) &&
        found.count == 1 && is_compilers(found.function))
        return;
    gate_add(o->report, GATE_REFUSE, "initialiser", found.function ? found.function : name,
        found.function ? whereis_definition(&o->whereis, found.function) : 0,
        "runs before or after the test (section %s), and code that does belongs to nobody. Do it "
        "in the function that needs it; pthread_once does a thing once.",
        name);
}

static void check_code(struct object *o, size_t index, Elf_Scn *scn, const char *name)
{
    Elf_Data *data = elf_getdata(scn, NULL);
    size_t offset;

    if (data == NULL || data->d_buf == NULL ||
        !decode_enters_kernel(o->header.e_machine, data->d_buf, data->d_size, &offset))
        return;
    const char *function = object_symbol_at(o, index, offset);
    gate_add(o->report, GATE_REFUSE, "syscall", function ? function : name,
        whereis_code(&o->whereis, index, offset),
        "contains an instruction that calls the kernel directly. Call the C library's function "
        "for it, so that the tools can see what happens.");
}

static void refuse_section(struct object *o, const char *name)
{
    gate_add(o->report, GATE_REFUSE, "section", name, 0,
        "is not a section that a C compiler makes by itself. Where code and data lie is the "
        "linker's business: leave the attribute out.");
}

static void check_section(struct object *o, Elf_Scn *scn, const GElf_Shdr *header)
{
    const char *name = object_section_name(o, header);
    size_t index = elf_ndxscn(scn);

    if (policy_section_is_initialiser(name) || header->sh_type == SHT_INIT_ARRAY ||
        header->sh_type == SHT_FINI_ARRAY || header->sh_type == SHT_PREINIT_ARRAY)
        check_initialiser(o, index, name, header->sh_size);
    else if (!policy_section_is_fine(o->policy->tool, name))
        refuse_section(o, name);
    if (!(header->sh_flags & SHF_EXECINSTR))
        return;
    if (strcmp(name, ".note.GNU-stack") == 0)
        gate_add(o->report, GATE_REFUSE, "stack", "a function inside a function", 0,
            "whose address is taken needs a stack that can be executed. Make it an ordinary "
            "function, and hand it what it needs in a struct.");
    else if (header->sh_flags & SHF_WRITE)
        refuse_section(o, name);
    else if (header->sh_type == SHT_PROGBITS)
        check_code(o, index, scn, name);
}

/* All sections. Also finds the table of symbols. */
static void check_sections(struct object *o)
{
    GElf_Shdr header;
    bool stack_is_said = false;

    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(o->elf, scn)) != NULL;) {
        if (gelf_getshdr(scn, &header) == NULL || header.sh_type != SHT_SYMTAB ||
            header.sh_entsize == 0)
            continue;
        o->symbols = elf_getdata(scn, NULL);
        o->symbol_names = header.sh_link;
        o->n_symbols = o->symbols ? header.sh_size / header.sh_entsize : 0;
    }
    for (Elf_Scn *scn = NULL; (scn = elf_nextscn(o->elf, scn)) != NULL;) {
        if (gelf_getshdr(scn, &header) == NULL)
            continue;
        stack_is_said |= strcmp(object_section_name(o, &header), ".note.GNU-stack") == 0;
        check_section(o, scn, &header);
    }
    if (!stack_is_said)
        gate_add(o->report, GATE_REFUSE, "stack", "the object", 0,
            "does not say that its stack need not be executed, which every C compiler does.");
}

/* Opens the file as an object of this machine. */
static int open_object(struct object *o, int fd, const char *path, struct buf *err)
{
    elf_version(EV_CURRENT);
    o->elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    if (o->elf == NULL || elf_kind(o->elf) != ELF_K_ELF ||
        gelf_getehdr(o->elf, &o->header) == NULL || gelf_getclass(o->elf) != ELFCLASS64 ||
        o->header.e_type != ET_REL || elf_getshdrstrndx(o->elf, &o->names) != 0)
        return fail(err, "%s is not an object file that a compiler made.", path);
    if (o->header.e_machine != HOST_MACHINE)
        return fail(err, "%s was compiled for another kind of machine.", path);
    return 0;
}

int gate_check_object(const struct gate_policy *policy, const char *object_path,
    struct gate_report *ret_report, struct buf *err)
{
    struct object o = {.policy = policy, .report = ret_report};
    int result = -1;
    int fd = open(object_path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return fail_errno(err, "cannot open %s", object_path);
    o.whereis = (struct whereis){.path = object_path, .file = policy->file};
    if (open_object(&o, fd, object_path, err) < 0)
        goto out;
    check_sections(&o);
    object_check_symbols(&o);
    result = 0;
out:
    whereis_release(&o.whereis);
    elf_end(o.elf);
    close(fd);
    return result;
}
