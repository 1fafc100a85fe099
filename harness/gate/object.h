/* SPDX-License-Identifier: MIT */
/*
 * object - one relocatable ELF file while the gate looks at it; shared by object.c (sections) and
 * symbols.c (what is used and what is defined).
 */
#ifndef GATE_OBJECT_H
#define GATE_OBJECT_H

#include "gate/gate.h"
#include "gate/whereis.h"

#include <gelf.h>

enum { OBJECT_SYMBOLS = 20000 }; /* more is no program that a person wrote */

struct object {
    const struct gate_policy *policy;
    struct gate_report *report;
    Elf *elf;
    GElf_Ehdr header;
    size_t names; /* section with the names of sections */
    Elf_Data *symbols;
    size_t n_symbols;
    size_t symbol_names; /* section with the names of symbols */
    struct whereis whereis;
};

/* A section's name or a symbol's, never NULL. */
const char *object_section_name(const struct object *o, const GElf_Shdr *header);
const char *object_symbol_name(const struct object *o, const GElf_Sym *symbol);

/* The symbol of this number; false when there is none. */
bool object_symbol(const struct object *o, size_t index, GElf_Sym *ret);

/* A relocation, and what it is in. */
struct object_use {
    size_t section; /* that is relocated */
    bool code;
    uint64_t offset;
    uint64_t symbol;
    int64_t addend;
};

/* Calls `visit` with each relocation of the loaded sections until it returns false. */
void object_each_use(
    struct object *o, bool (*visit)(const struct object_use *use, void *arg), void *arg);

/* The function or variable that covers an offset of a section; NULL when none does. */
const char *object_symbol_at(const struct object *o, size_t section, uint64_t offset);

/* symbols.c */
void object_check_symbols(struct object *o);

#endif
