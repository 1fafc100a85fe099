/* SPDX-License-Identifier: MIT */
/*
 * lexer - cuts C text into tokens, well enough to know what is code, and on which line.
 *
 *     struct lexer lexer = LEXER(text, length);
 *     struct token token;
 *
 *     while (lexer_next(&lexer, &token))
 *         if (token_is(&token, "asm")) …
 *
 * White space is skipped. A '#' that begins a line comes as TOKEN_DIRECTIVE; the rest of that line
 * can be taken as a whole with lexer_rest_of_line(). A literal that is not closed on its line ends
 * there, which is what gcc and clang do.
 *
 * Raw source first goes through lexer_simplify(), which joins lines and takes comments out; the
 * preprocessor's output has neither.
 */
#ifndef GATE_LEXER_H
#define GATE_LEXER_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_IDENTIFIER,
    TOKEN_NUMBER,
    TOKEN_STRING, /* of any prefix; text includes the quotes, not the prefix */
    TOKEN_CHARACTER,
    TOKEN_PUNCTUATION, /* one character each; the digraphs <: :> %: come as [ ] # */
    TOKEN_DIRECTIVE,   /* a # that begins a line */
};

struct token {
    enum token_kind kind;
    const char *text; /* into the text, not terminated */
    size_t length;
    int line;
    bool begins_line;
};

struct lexer {
    const char *at;
    const char *end;
    int line;
    bool line_begins; /* nothing but white space so far */
};

#define LEXER(text, length) ((struct lexer){(text), (text) + (length), 1, true})

/* False at the end. */
bool lexer_next(struct lexer *lexer, struct token *ret);

/* What is left of the line, without its end. */
struct token lexer_rest_of_line(struct lexer *lexer);

bool token_is(const struct token *token, const char *text);
bool token_is_punctuation(const struct token *token, char c);

/* Copies a token's text into `ret`, cut to `size`; returns `ret`. */
char *token_copy(const struct token *token, char *ret, size_t size);

/* Adds the text to `out` as phases 2 and 3 of translation leave it: no byte order mark, lines that
 * end in a backslash joined, each comment one space. Line ends that are lost on the way are made up
 * for at the next real one, so that later lines keep their numbers. */
void lexer_simplify(struct buf *out, const char *text, size_t length);

#endif
