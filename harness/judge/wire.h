/* SPDX-License-Identifier: MIT */
/*
 * wire - the judge's line to `lab`: a Unix stream socket whose path is in LAB_SOCKET, one JSON
 * object a line. Each test's process and Criterion's own process open a connection of their own.
 *
 *   test → lab    {"say":"test","name":T}                     first, by itself
 *                 {"say":"run","scenario":S,"args":A}         answered {"outcomes":[…]}
 *                 the same with "schedule":T: only that interleaving
 *                 {"say":"assert","holds":B,"message":M,"outcome":N}
 *   runner → lab  {"say":"end","name":T,"passed":N,"failed":N,"status":S}   when a test has ended
 *                 {"say":"over"}                              when all have
 *
 * The judge is ours: both ends trust each other. When the line breaks, the judge exits with 3.
 */
#ifndef JUDGE_WIRE_H
#define JUDGE_WIRE_H

#include <jansson.h>

/* Sends a message; takes the reference. */
void wire_say(json_t *message);

/* Sends a message and waits for the answer, a new reference. */
json_t *wire_ask(json_t *message);

#endif
