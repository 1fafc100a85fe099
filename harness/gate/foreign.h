/* SPDX-License-Identifier: MIT */
/*
 * foreign - what is handed in instead of code, told by how its name ends.
 *
 *     const struct foreign *f = foreign_by_name("Essay von Karl.docx");
 *     if (f) … "is ", f->what …
 */
#ifndef GATE_FOREIGN_H
#define GATE_FOREIGN_H

enum foreign_kind {
    FOREIGN_DOCUMENT, /* there is no code in it that anybody could take out */
    FOREIGN_ARCHIVE,  /* of a form that intake reads */
    FOREIGN_UNREAD,   /* an archive of a form that it does not */
};

struct foreign {
    const char *ending;
    enum foreign_kind kind;
    const char *what;
};

/* NULL: nothing that we know by its name. */
const struct foreign *foreign_by_name(const char *name);

/* A file that a learning platform has renamed in its download, as Canvas does:
 * "lovelaceada_LATE_4711_90001_counter_mutex-1.c" was "counter_mutex.c". The caller frees; NULL:
 * the name is none of that form. */
char *foreign_own_name(const char *name);

#endif
