/* SPDX-License-Identifier: MIT */
/*
 * own_file - what may be the matter with a file that a student wrote, before anything reads it as
 * C.
 */
#ifndef LAB_OWN_FILE_H
#define LAB_OWN_FILE_H

/* Why this file cannot be built, as a sentence with its remedy; NULL when it can be tried. `name`
 * is how to call it, `exercise` whose stub would replace it (NULL: none). The caller frees. */
char *own_file_trouble(const char *path, const char *name, const char *exercise);

#endif
