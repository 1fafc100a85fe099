/* SPDX-License-Identifier: MIT */
#include "gate/foreign.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const struct foreign kinds[] = {
    {".doc", FOREIGN_DOCUMENT, "a Word document"},
    {".docx", FOREIGN_DOCUMENT, "a Word document"},
    {".odt", FOREIGN_DOCUMENT, "a text document"},
    {".rtf", FOREIGN_DOCUMENT, "a text document"},
    {".pages", FOREIGN_DOCUMENT, "a Pages document"},
    {".pdf", FOREIGN_DOCUMENT, "a PDF document"},
    {".xlsx", FOREIGN_DOCUMENT, "a table"},
    {".pptx", FOREIGN_DOCUMENT, "a presentation"},
    {".zip", FOREIGN_ARCHIVE, "an archive"},
    {".tar", FOREIGN_ARCHIVE, "an archive"},
    {".tgz", FOREIGN_ARCHIVE, "an archive"},
    {".txz", FOREIGN_ARCHIVE, "an archive"},
    {".tar.gz", FOREIGN_ARCHIVE, "an archive"},
    {".tar.xz", FOREIGN_ARCHIVE, "an archive"},
    {".tar.zst", FOREIGN_ARCHIVE, "an archive"},
    {".rar", FOREIGN_UNREAD, "a RAR archive"},
    {".7z", FOREIGN_UNREAD, "a 7-Zip archive"},
};

const struct foreign *foreign_by_name(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t tail = strlen(kinds[i].ending);

        if (length > tail && !strcasecmp(name + length - tail, kinds[i].ending))
            return &kinds[i];
    }
    return NULL;
}

static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

/* "_4711_90001_": what lies before is the student's name. */
static const char *behind_ids(const char *name)
{
    for (const char *at = strchr(name, '_'); at; at = strchr(at + 1, '_')) {
        size_t user = digits(at + 1), file = at[1 + user] == '_' ? digits(at + user + 2) : 0;

        if (user && file && at[user + 2 + file] == '_')
            return at + user + file + 3;
    }
    return NULL;
}

char *foreign_own_name(const char *name)
{
    const char *own = behind_ids(name), *ending = own ? strrchr(own, '.') : NULL;
    const char *end = ending;

    if (!ending || ending == own)
        return NULL;
    while (end > own && isdigit((unsigned char)end[-1]))
        end--;
    /* "-1": handed in again */
    if (end == ending || end - own < 2 || end[-1] != '-')
        end = ending;
    else
        end--;
    return xasprintf("%.*s%s", (int)(end - own), own, ending);
}
