/* SPDX-License-Identifier: MIT */
#include "gate/lexer.h"

#include <string.h>

/* Not <ctype.h>: neither the locale nor a negative char shall matter. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct lexer *lexer)
{
    /* strchr() finds the NUL too; a stray one is as good as a blank. */
    for (; lexer->at < lexer->end && strchr(" \t\v\f\r\n", *lexer->at) != NULL; lexer->at++)
        if (*lexer->at == '\n') {
            lexer->line++;
            lexer->line_begins = true;
        }
}

/* Behind the literal that begins at `at`. One that is not closed ends with its line. */
static const char *literal_end(const char *at, const char *end)
{
    char quote = *at++;

    while (at < end && *at != '\n') {
        char c = *at++;

        if (c == quote)
            break;
        if (c == '\\' && at < end && *at != '\n')
            at++;
    }
    return at;
}

static void read_word(struct lexer *lexer, struct token *ret)
{
    ret->kind = is_letter(*lexer->at) ? TOKEN_IDENTIFIER : TOKEN_NUMBER;
    while (lexer->at < lexer->end && (is_letter(*lexer->at) || is_digit(*lexer->at) ||
                                         (ret->kind == TOKEN_NUMBER && *lexer->at == '.')))
        lexer->at++;
}

static void read_punctuation(struct lexer *lexer, struct token *ret)
{
    static const char digraphs[][4] = {"<:[", ":>]", "%:#"};

    ret->kind = TOKEN_PUNCTUATION;
    for (size_t i = 0; i < sizeof digraphs / sizeof *digraphs; i++) {
        if (lexer->end - lexer->at < 2 || memcmp(lexer->at, digraphs[i], 2) != 0)
            continue;
        ret->text = &digraphs[i][2];
        lexer->at++;
    }
    lexer->at++;
}

bool lexer_next(struct lexer *lexer, struct token *ret)
{
    skip_blanks(lexer);
    if (lexer->at == lexer->end)
        return false;

    const char *start = lexer->at;
    bool line_begins = lexer->line_begins;

    lexer->line_begins = false;
    *ret = (struct token){.text = start, .line = lexer->line, .begins_line = line_begins};
    if (*start == '"' || *start == '\'') {
        ret->kind = *start == '"' ? TOKEN_STRING : TOKEN_CHARACTER;
        lexer->at = literal_end(start, lexer->end);
    } else if (is_letter(*start) || is_digit(*start)) {
        read_word(lexer, ret);
    } else {
        read_punctuation(lexer, ret);
    }
    ret->length = ret->kind == TOKEN_PUNCTUATION ? 1 : (size_t)(lexer->at - start);
    if (line_begins && token_is_punctuation(ret, '#'))
        ret->kind = TOKEN_DIRECTIVE;
    return true;
}

struct token lexer_rest_of_line(struct lexer *lexer)
{
    struct token rest = {.kind = TOKEN_STRING, .line = lexer->line};

    while (lexer->at < lexer->end && strchr(" \t", *lexer->at) != NULL && *lexer->at != '\0')
        lexer->at++;
    rest.text = lexer->at;
    while (lexer->at < lexer->end && *lexer->at != '\n')
        lexer->at++;
    rest.length = (size_t)(lexer->at - rest.text);
    return rest;
}

bool token_is(const struct token *token, const char *text)
{
    return token->length == strlen(text) && memcmp(token->text, text, token->length) == 0;
}

bool token_is_punctuation(const struct token *token, char c)
{
    return token->kind == TOKEN_PUNCTUATION && *token->text == c;
}

char *token_copy(const struct token *token, char *ret, size_t size)
{
    size_t length = token->length < size ? token->length : size - 1;

    memcpy(ret, token->text, length);
    ret[length] = '\0';
    return ret;
}

/* The length of a backslash with a line end behind it, or 0. White space between the two does not
 * help: gcc and clang join such lines too. */
static size_t splice_length(const char *at, const char *end)
{
    const char *start = at++;

    while (at < end && (*at == ' ' || *at == '\t' || *at == '\v' || *at == '\f' || *at == '\r'))
        at++;
    return at < end && *at == '\n' ? (size_t)(at + 1 - start) : 0;
}

static void join_lines(struct buf *out, const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    size_t owed = 0; /* line ends */

    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < end) {
        const char *stop = at;

        while (stop < end && *stop != '\\' && *stop != '\n')
            stop++;
        buf_append(out, at, (size_t)(stop - at));
        at = stop;
        if (at == end)
            break;
        size_t splice = *at == '\\' ? splice_length(at, end) : 0;
        if (splice > 0) {
            at += splice;
            owed++;
            continue;
        }
        buf_putc(out, *at);
        for (bool line_ends = *at++ == '\n'; line_ends && owed > 0; owed--)
            buf_putc(out, '\n');
    }
}

/* Behind the comment that begins at `at`, which may be a literal or anything else as well. */
static const char *comment_end(const char *at, const char *end)
{
    if (end - at < 2 || at[0] != '/')
        return at;
    if (at[1] == '/') {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        return line_end ? line_end : end;
    }
    if (at[1] != '*')
        return at;
    const char *close = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
    return close ? close + 2 : end;
}

static size_t count_lines(const char *at, const char *end)
{
    size_t lines = 0;

    for (; at < end; at++)
        lines += *at == '\n';
    return lines;
}

void lexer_simplify(struct buf *out, const char *text, size_t length)
{
    struct buf joined = BUF_EMPTY;
    size_t owed = 0; /* line ends */

    join_lines(&joined, text, length);
    const char *at = buf_text(&joined), *end = at + joined.length;
    while (at < end) {
        const char *next = comment_end(at, end);

        if (next > at) {
            buf_putc(out, ' ');
            owed += count_lines(at, next);
        } else if (*at == '"' || *at == '\'') {
            next = literal_end(at, end);
            buf_append(out, at, (size_t)(next - at));
        } else {
            next = at + 1;
            buf_putc(out, *at);
            for (; *at == '\n' && owed > 0; owed--)
                buf_putc(out, '\n');
        }
        at = next;
    }
    buf_release(&joined);
}
