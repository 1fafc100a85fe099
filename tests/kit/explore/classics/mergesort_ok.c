/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static int v[16] = {5, 3, 9, 1, 8, 2, 7, 6, 15, 0, 14, 4, 13, 10, 12, 11};
struct part {
    int lo, hi, depth;
};
static int cmp(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void *sort(void *p)
{
    struct part *q = p;
    int mid = (q->lo + q->hi) / 2;
    if (q->depth == 0) {
        qsort(v + q->lo, q->hi - q->lo, sizeof *v, cmp);
        return 0;
    }
    struct part l = {q->lo, mid, q->depth - 1}, r = {mid, q->hi, q->depth - 1};
    pthread_t t;
    pthread_create(&t, 0, sort, &l);
    sort(&r);
    pthread_join(t, 0);
    int tmp[16], i = l.lo, j = mid, k = 0;
    while (i < mid || j < r.hi)
        tmp[k++] = j >= r.hi || (i < mid && v[i] <= v[j]) ? v[i++] : v[j++];
    memcpy(v + q->lo, tmp, k * sizeof *v);
    return 0;
}

int main(void)
{
    struct part all = {0, 16, 2};
    sort(&all);
    for (int i = 0; i < 16; i++)
        assert(v[i] == i);
    return 0;
}
