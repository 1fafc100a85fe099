/* SPDX-License-Identifier: MIT */
#include "explain/types.h"

#include <ctype.h>
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 40 };

/* Types whose insides are nobody's business. */
static const char *const opaque[] = {"pthread_mutex_t", "pthread_cond_t", "pthread_rwlock_t",
    "pthread_barrier_t", "pthread_spinlock_t", "pthread_once_t", "pthread_t", "sem_t", "mtx_t",
    "cnd_t", "once_flag", "thrd_t"};

static bool is_opaque(Dwarf_Die *type)
{
    const char *name = dwarf_tag(type) == DW_TAG_typedef ? dwarf_diename(type) : NULL;

    for (size_t i = 0; name && i < sizeof(opaque) / sizeof(opaque[0]); i++)
        if (!strcmp(opaque[i], name))
            return true;
    return false;
}

static bool inner_type(Dwarf_Die *die, Dwarf_Die *ret)
{
    Dwarf_Attribute a;

    return dwarf_attr_integrate(die, DW_AT_type, &a) && dwarf_formref_die(&a, ret);
}

static bool is_wrapping(int tag)
{
    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_atomic_type || tag == DW_TAG_restrict_type;
}

/* One layer at a time, so that an opaque typedef is seen. */
static bool strip_to_opaque(const Dwarf_Die *type, Dwarf_Die *ret, bool *ret_opaque)
{
    Dwarf_Die die = *type;

    *ret_opaque = false;
    for (int i = 0; i < DEEPEST; i++) {
        if (is_opaque(&die))
            *ret_opaque = true;
        if (!is_wrapping(dwarf_tag(&die))) {
            *ret = die;
            return true;
        }
        if (!inner_type(&die, &die))
            return false;
    }
    return false;
}

bool type_strip(const Dwarf_Die *type, Dwarf_Die *ret)
{
    bool unused;

    return strip_to_opaque(type, ret, &unused);
}

uint64_t type_size(const Dwarf_Die *type)
{
    Dwarf_Die die = *type;
    Dwarf_Word size;

    return dwarf_aggregate_size(&die, &size) ? 0 : size;
}

bool type_is_pointer(const Dwarf_Die *type)
{
    Dwarf_Die die;

    return type_strip(type, &die) && dwarf_tag(&die) == DW_TAG_pointer_type;
}

bool type_target(const Dwarf_Die *type, Dwarf_Die *ret)
{
    Dwarf_Die die;
    int tag;

    if (!type_strip(type, &die))
        return false;
    tag = dwarf_tag(&die);
    return (tag == DW_TAG_pointer_type || tag == DW_TAG_array_type) && inner_type(&die, ret);
}

static uint64_t offset_of(Dwarf_Die *member)
{
    Dwarf_Attribute a;
    Dwarf_Word offset = 0;

    if (!dwarf_attr_integrate(member, DW_AT_data_member_location, &a) ||
        dwarf_formudata(&a, &offset))
        return 0; /* a union's */
    return offset;
}

bool type_member(const Dwarf_Die *type, const char *name, Dwarf_Die *ret_type)
{
    Dwarf_Die die, member;
    const char *own;

    if (!type_strip(type, &die) || dwarf_child(&die, &member))
        return false;
    do {
        own = dwarf_tag(&member) == DW_TAG_member ? dwarf_diename(&member) : NULL;
        if (own && !strcmp(own, name))
            return inner_type(&member, ret_type);
    } while (dwarf_siblingof(&member, &member) == 0);
    return false;
}

/* The member that the bytes lie in. */
static bool find_member(
    Dwarf_Die *type, uint64_t offset, uint64_t size, Dwarf_Die *ret, uint64_t *ret_offset)
{
    Dwarf_Die member, its_type;

    if (dwarf_child(type, &member))
        return false;
    do {
        uint64_t start = offset_of(&member);

        if (dwarf_tag(&member) != DW_TAG_member || !inner_type(&member, &its_type) ||
            offset < start || offset + size > start + type_size(&its_type))
            continue;
        *ret = member;
        *ret_offset = start;
        return true;
    } while (dwarf_siblingof(&member, &member) == 0);
    return false;
}

/* One step down: from an array to an element, from a structure to a member. */
static bool descend(Dwarf_Die *type, uint64_t *offset, uint64_t size, struct buf *name)
{
    Dwarf_Die part, member;
    uint64_t start, element;
    int tag = dwarf_tag(type);

    if (tag == DW_TAG_array_type && inner_type(type, &part)) {
        element = type_size(&part);
        if (!element || *offset / element != (*offset + size - 1) / element)
            return false;
        buf_printf(name, "[%llu]", (unsigned long long)(*offset / element));
        *offset %= element;
        *type = part;
        return true;
    }
    if ((tag != DW_TAG_structure_type && tag != DW_TAG_union_type) ||
        !find_member(type, *offset, size, &member, &start) || !inner_type(&member, &part))
        return false;
    if (dwarf_diename(&member))
        buf_printf(name, ".%s", dwarf_diename(&member));
    *offset -= start;
    *type = part;
    return true;
}

void type_part(
    const Dwarf_Die *type, uint64_t offset, uint64_t size, struct buf *name, Dwarf_Die *ret_part)
{
    Dwarf_Die die = *type, stripped;
    bool closed = false;

    for (int i = 0; i < DEEPEST; i++) {
        *ret_part = die;
        if (!strip_to_opaque(&die, &stripped, &closed) || closed)
            return;
        /* An access to the whole of a structure is not one to its first member. */
        if (size > 1 && size == type_size(&stripped) && offset == 0 &&
            dwarf_tag(&stripped) != DW_TAG_array_type)
            return;
        die = stripped;
        if (!descend(&die, &offset, size ? size : 1, name))
            return;
    }
}

static bool enum_value(Dwarf_Die *type, uint64_t raw, uint32_t size, struct buf *out)
{
    uint64_t mask = size >= 8 ? ~0ull : (1ull << (8 * size)) - 1;
    Dwarf_Attribute a;
    Dwarf_Word value;
    Dwarf_Die item;

    if (dwarf_child(type, &item))
        return false;
    do {
        if (dwarf_tag(&item) == DW_TAG_enumerator &&
            dwarf_attr_integrate(&item, DW_AT_const_value, &a) && !dwarf_formudata(&a, &value) &&
            (value & mask) == (raw & mask) && dwarf_diename(&item)) {
            buf_puts(out, dwarf_diename(&item));
            return true;
        }
    } while (dwarf_siblingof(&item, &item) == 0);
    return false;
}

static long long as_signed(uint64_t raw, uint32_t size)
{
    unsigned shift = size < 8 ? 64 - 8 * size : 0;

    return (long long)(raw << shift) >> shift;
}

static void real_value(uint64_t raw, uint32_t size, struct buf *out)
{
    double number;
    float small;

    memcpy(&number, &raw, sizeof(number));
    if (size == 4) {
        memcpy(&small, &raw, sizeof(small));
        number = (double)small;
    }
    buf_printf(out, "%g", number);
}

static void base_value(Dwarf_Die *type, uint64_t raw, uint32_t size, struct buf *out)
{
    Dwarf_Attribute a;
    Dwarf_Word encoding = DW_ATE_signed;

    if (dwarf_attr_integrate(type, DW_AT_encoding, &a))
        dwarf_formudata(&a, &encoding);
    if (encoding == DW_ATE_boolean)
        buf_puts(out, raw ? "true" : "false");
    else if (encoding == DW_ATE_float && (size == 4 || size == 8))
        real_value(raw, size, out);
    else if (encoding == DW_ATE_signed_char && raw < 128 && isprint((int)raw))
        buf_printf(out, "'%c'", (int)raw);
    else if (encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char)
        buf_printf(out, "%llu", (unsigned long long)raw);
    else
        buf_printf(out, "%lld", as_signed(raw, size));
}

bool type_value(const Dwarf_Die *type, uint64_t raw, uint32_t size, struct buf *out)
{
    Dwarf_Die die;
    int tag;

    if (size < 8)
        raw &= (1ull << (8 * size)) - 1;
    if (!type || !type_strip(type, &die)) {
        buf_printf(out, "%lld", as_signed(raw, size));
        return true;
    }
    tag = dwarf_tag(&die);
    if (tag == DW_TAG_base_type) {
        base_value(&die, raw, size, out);
        return true;
    }
    if (tag == DW_TAG_enumeration_type && enum_value(&die, raw, size, out))
        return true;
    if (tag == DW_TAG_pointer_type) {
        if (!raw)
            buf_puts(out, "NULL");
        return !raw;
    }
    buf_printf(out, "%lld", as_signed(raw, size));
    return true;
}
