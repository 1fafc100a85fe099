/* SPDX-License-Identifier: MIT */
/*
 * findings_parts - what the files that read reports share; nobody else includes it.
 *
 *     findings.c            the files of a run, and what lies there and is no report
 *     findings_block.c      one block of a report: which stack says where the student has to look
 *     findings_sanitizer.c  the lines of AddressSanitizer, ThreadSanitizer, UBSan
 *     findings_valgrind.c   the lines of Memcheck and Helgrind
 *
 * A block is opened by its headline, gets stacks, and each stack frames, the innermost first:
 *
 *     block_open(r, kind, headline);
 *     block_stack(r, (struct stack){.say = "a thread writes", .locks = 1, …});
 *     block_frame(r, &place);
 *     …
 *     block_close(r);                       // a finding, unless nothing was open
 */
#ifndef LAB_FINDINGS_PARTS_H
#define LAB_FINDINGS_PARTS_H

#include "base/lines.h"
#include "lab/findings.h"

enum { FINDINGS_MOST = 20, STACKS_MOST = 8 };

/* What a headline means. */
struct kind {
    const char *words; /* which occur in it */
    const char *kind;  /* NULL: no finding */
    enum verdict verdict;
    const char *sentence; /* for the student; NULL: the headline itself */
};

/* One stack of a block: an access, or what else belongs to the story. */
struct stack {
    const char *say; /* before its frame, such as "it was freed"; NULL: nothing */
    bool hidden;     /* its frame is not shown */
    bool access;     /* a side of a race */
    int locks;       /* held at the access */
    int guards;      /* of them: those that protect such an access; reading is enough for a read */

    /* The frame that says most: the first one in the student's file, else the first one. */
    char *file;
    char *function;
    int line;
    bool students;
};

/* One report being read, line by line. */
struct reader {
    const struct findings_source *source;
    struct lines *lines; /* opened when the first address is met */
    struct outcome *outcome;
    const struct kind *kind; /* of the block that is open; NULL: none */
    char *headline;
    struct stack stacks[STACKS_MOST];
    size_t n_stacks;
};

/* The meaning of a headline; NULL: it is none. */
const struct kind *block_kind(const char *headline);

/* Opens a block with one stack that has nothing to say, for frames that follow at once. */
void block_open(struct reader *r, const struct kind *kind, const char *headline);

/* Further stacks than STACKS_MOST count as one. */
void block_stack(struct reader *r, struct stack stack);

/* What was held at the access of the last stack, when a line of its own says it. */
void block_locks(struct reader *r, int locks);

void block_frame(struct reader *r, const struct place *p);
void block_close(struct reader *r);

void sanitizer_line(struct reader *r, char *line);
void valgrind_line(struct reader *r, char *line);

#endif
