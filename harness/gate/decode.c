/* SPDX-License-Identifier: MIT */
#include "gate/decode.h"

#include <elf.h>
#include <string.h>

/*
 * What follows an opcode byte: M a ModRM byte, b w z v immediate bytes (1, 2, 2 or 4, 2 4 or 8),
 * e: three bytes (enter), a: an address, r: a relative address of four, t: like M, with an
 * immediate as in `test` when its middle field is 0 or 1; T: the same, z. B Z: M and then b or z.
 * p: a prefix, . nothing, - no instruction; K: enters the kernel. 0: another table.
 */
static const char one_byte[] = "MMMMbz--MMMMbz-0MMMMbz--MMMMbz--" /* 00 */
                               "MMMMbzp-MMMMbzp-MMMMbzp-MMMMbzp-" /* 20 */
                               "pppppppppppppppp................" /* 40 */
                               "--0MppppzZbB....bbbbbbbbbbbbbbbb" /* 60 */
                               "BZ-BMMMMMMMMMMM0..........-....." /* 80 */
                               "aaaa....bz......bbbbbbbbvvvvvvvv" /* a0 */
                               "BBw.00BZe.w..K-.MMMM---.MMMMMMMM" /* c0 */
                               "bbbbbbbbrr-b....p.pp..tT......MM" /* e0 */;

static const char two_byte[] = "MMMM-K....-.-M.BMMMMMMMMMMMMMMMM" /* 00 */
                               "MMMM----MMMMMMMM....K.-.0-0-----" /* 20 */
                               "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM" /* 40 */
                               "MMMMMMMMMMMMMMMMBBBBMMM.MMMMMMMM" /* 60 */
                               "rrrrrrrrrrrrrrrrMMMMMMMMMMMMMMMM" /* 80 */
                               "...MBM--...MBMMMMMMMMMMMMMBMMMMM" /* a0 */
                               "MMBMBBBM........MMMMMMMMMMMMMMMM" /* c0 */
                               "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM" /* e0 */;

_Static_assert(sizeof one_byte == 257 && sizeof two_byte == 257, "one form for each byte");

struct decoder {
    const uint8_t *at;
    const uint8_t *end;
    bool operand16; /* 66 */
    bool address32; /* 67 */
    bool wide;      /* REX.W */
    bool broken;    /* ran over the end, or no instruction */
};

static uint8_t take(struct decoder *d)
{
    if (d->at < d->end)
        return *d->at++;
    d->broken = true;
    return 0;
}

static void skip(struct decoder *d, size_t bytes)
{
    if ((size_t)(d->end - d->at) < bytes)
        d->broken = true;
    else
        d->at += bytes;
}

static size_t operand_size(const struct decoder *d)
{
    return d->operand16 && !d->wide ? 2 : 4;
}

/* ModRM with what belongs to it; returns its middle field. */
static unsigned take_modrm(struct decoder *d)
{
    uint8_t modrm = take(d);
    unsigned mode = modrm >> 6, base = modrm & 7;

    if (mode != 3 && base == 4)
        base = take(d) & 7; /* the SIB byte's base, where 5 means the same as in ModRM */
    if (mode == 1)
        skip(d, 1);
    else if (mode == 2 || (mode == 0 && base == 5))
        skip(d, 4);
    return modrm >> 3 & 7;
}

static void take_form(struct decoder *d, char form)
{
    unsigned field = strchr("MBZtT", form) ? take_modrm(d) : 0;

    switch (form) {
    case 'b':
    case 'B':
        skip(d, 1);
        break;
    case 'w':
        skip(d, 2);
        break;
    case 'e':
        skip(d, 3);
        break;
    case 'r':
        skip(d, 4);
        break;
    case 'z':
    case 'Z':
        skip(d, operand_size(d));
        break;
    case 'v':
        skip(d, d->wide ? 8 : operand_size(d));
        break;
    case 'a':
        skip(d, d->address32 ? 4 : 8);
        break;
    case 't':
        skip(d, field < 2 ? 1 : 0);
        break;
    case 'T':
        skip(d, field < 2 ? operand_size(d) : 0);
        break;
    case '-':
    case '0':
        d->broken = true;
        break;
    default:
        break;
    }
}

/* VEX, EVEX and XOP: the map of opcodes is in the prefix. All but vzeroupper have a ModRM byte. */
static void take_vector(struct decoder *d, unsigned map)
{
    uint8_t opcode = take(d);

    if (map == 1 && opcode == 0x77)
        return;
    take_modrm(d);
    if (map == 3 || map == 8 || (map == 1 && two_byte[opcode] == 'B'))
        skip(d, 1);
    else if (map == 10)
        skip(d, 4);
}

/* True when `opcode` was a vector prefix, with all that followed it. */
static bool take_if_vector(struct decoder *d, uint8_t opcode)
{
    uint8_t next = d->at < d->end ? *d->at : 0;

    if (opcode == 0xc5) {
        skip(d, 1);
        take_vector(d, 1);
    } else if (opcode == 0xc4 || (opcode == 0x8f && (next & 0x1f) >= 8)) {
        skip(d, 2);
        take_vector(d, next & 0x1f);
    } else if (opcode == 0x62) {
        skip(d, 3);
        take_vector(d, next & 7);
    } else {
        return false;
    }
    return true;
}

/* Behind 0f. Returns whether it enters the kernel. */
static bool take_two_byte(struct decoder *d)
{
    uint8_t opcode = take(d);

    if (opcode == 0x38 || opcode == 0x3a) {
        take(d);
        take_form(d, opcode == 0x38 ? 'M' : 'B');
        return false;
    }
    take_form(d, two_byte[opcode]);
    return two_byte[opcode] == 'K';
}

size_t decode_x86_64(const uint8_t *code, size_t left, bool *ret_kernel)
{
    struct decoder d = {.at = code, .end = code + left};
    uint8_t opcode = take(&d);

    *ret_kernel = false;
    for (; one_byte[opcode] == 'p' && !d.broken; opcode = take(&d)) {
        d.operand16 |= opcode == 0x66;
        d.address32 |= opcode == 0x67;
        d.wide = opcode >= 0x48 && opcode <= 0x4f; /* counts only right before the opcode */
    }
    if (opcode == 0x0f) {
        *ret_kernel = take_two_byte(&d);
    } else if (!take_if_vector(&d, opcode)) {
        *ret_kernel = one_byte[opcode] == 'K';
        take_form(&d, opcode == 0x8f ? 'M' : *ret_kernel ? 'b' : one_byte[opcode]);
    }
    return d.broken ? 0 : (size_t)(d.at - code);
}

/* syscall, sysenter, int: also where they are only part of something else. */
static bool has_kernel_bytes(const uint8_t *code, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if ((code[i] == 0x0f && (code[i + 1] == 0x05 || code[i + 1] == 0x34)) ||
            (code[i] == 0xcd && code[i + 1] >= 0x80))
            return true;
    return false;
}

static bool x86_64_enters_kernel(const uint8_t *code, size_t size, size_t *ret_offset)
{
    bool kernel = false;

    if (!has_kernel_bytes(code, size))
        return false;
    for (size_t at = 0; at < size;) {
        size_t length = decode_x86_64(code + at, size - at, &kernel);

        if (length == 0 || kernel) {
            *ret_offset = at;
            return true;
        }
        at += length;
    }
    return false;
}

static bool aarch64_enters_kernel(const uint8_t *code, size_t size, size_t *ret_offset)
{
    for (size_t at = 0; at + 4 <= size; at += 4) {
        uint32_t word;

        memcpy(&word, code + at, 4);
        if ((word & 0xffe0001f) == 0xd4000001) { /* svc */
            *ret_offset = at;
            return true;
        }
    }
    return false;
}

bool decode_enters_kernel(unsigned machine, const uint8_t *code, size_t size, size_t *ret_offset)
{
    if (machine == EM_X86_64)
        return x86_64_enters_kernel(code, size, ret_offset);
    return machine == EM_AARCH64 && aarch64_enters_kernel(code, size, ret_offset);
}
