/* SPDX-License-Identifier: MIT */
/*
 * filesystem(N) of Flanagan and Godefroid, Dynamic Partial-Order Reduction for Model Checking
 * Software (POPL'05): N threads each take an inode and look for a free block for it. Up to 13
 * threads disturb nobody; each one more meets one of the others: 2^(N - 13) interleavings.
 */
#include <pthread.h>
#include <stdbool.h>

enum { BLOCKS = 26, INODES = 32 };

static pthread_mutex_t inode_locks[INODES], block_locks[BLOCKS];
static int inodes[INODES];
static bool busy[BLOCKS];

static void take_block(int inode)
{
    for (int block = inode * 2 % BLOCKS;; block = (block + 1) % BLOCKS) {
        bool taken;

        pthread_mutex_lock(&block_locks[block]);
        taken = !busy[block];
        if (taken) {
            busy[block] = true;
            inodes[inode] = block + 1;
        }
        pthread_mutex_unlock(&block_locks[block]);
        if (taken)
            return;
    }
}

static void *make_file(void *number)
{
    int inode = (int)(long)number % INODES;

    pthread_mutex_lock(&inode_locks[inode]);
    if (inodes[inode] == 0)
        take_block(inode);
    pthread_mutex_unlock(&inode_locks[inode]);
    return NULL;
}

int main(void)
{
    pthread_t threads[N];

    for (long i = 0; i < N; i++)
        pthread_create(&threads[i], NULL, make_file, (void *)i);
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
}
