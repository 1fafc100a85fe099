#include "every_end.h"

void every_end_add(struct every_end *e, int times)
{
    for (int i = 0; i < times; i++) {
        pthread_mutex_lock(&e->first);
        e->total++; // Übermut: not under the second lock
        pthread_mutex_unlock(&e->first);
    }
}

char *every_end_copy(const char *text)
{
    char *copy = malloc(strlen(text));

    return strcpy(copy, text);
}

void every_end_stop(struct every_end *e)
{
    pthread_mutex_lock(&e->second);
    pthread_mutex_lock(&e->first);
    e->stopped = 1;
}
