/* SPDX-License-Identifier: MIT */
#include "gate/includes.h"
#include "gate/lexer.h"
#include "gate/policy.h"
#include "gate/report.h"

#include <stdlib.h>
#include <string.h>

/* Where in the preprocessed text we are. */
struct place {
    const struct gate_policy *policy;
    struct gate_report *report;
    struct lexer lexer;
    char main[1024]; /* the file that the preprocessor began with, as it writes it */
    char file[1024]; /* the file that the text at hand comes from */
    enum include_origin origin;
    int line_offset; /* line in `file` less line in the preprocessed text */
    bool in_string;  /* the token before was a string */
};

/* The student's line of a token, or 0 when it stands in some other file. */
static int line_of(const struct place *place, const struct token *token)
{
    return strcmp(place->file, place->main) == 0 ? token->line + place->line_offset : 0;
}

/* `"a\\b"` → a\b */
static void unquote(const struct token *string, char *ret, size_t size)
{
    size_t n = 0;

    for (size_t i = 1; i + 1 < string->length && n + 1 < size; i++) {
        if (string->text[i] == '\\' && i + 2 < string->length)
            i++;
        ret[n++] = string->text[i];
    }
    ret[n] = '\0';
}

/* `# 12 "file" flags`. gate_check_source() has seen to it that the preprocessor wrote it. */
static void read_linemarker(struct place *place, const struct token *number)
{
    char digits[16];
    struct token name;
    bool first = place->main[0] == '\0';

    if (!lexer_next(&place->lexer, &name) || name.kind != TOKEN_STRING || name.line != number->line)
        return;
    lexer_rest_of_line(&place->lexer);
    unquote(&name, place->file, sizeof place->file);
    if (first)
        memcpy(place->main, place->file, sizeof place->main);
    place->origin = include_origin(place->policy, place->file, place->main);
    place->line_offset = (int)strtol(token_copy(number, digits, sizeof digits), NULL, 10) -
                         number->line - 1;
    if (place->origin == INCLUDE_FORBIDDEN)
        gate_add(place->report, GATE_REFUSE, "include", place->file, 0,
            "may not be included: only the exercise's own header and the system's headers may.");
}

static void read_directive(struct place *place)
{
    struct lexer before = place->lexer;
    struct token word;

    if (!lexer_next(&place->lexer, &word) || word.begins_line) {
        place->lexer = before;
        return;
    }
    if (word.kind == TOKEN_NUMBER) {
        read_linemarker(place, &word);
        return;
    }
    struct token rest = lexer_rest_of_line(&place->lexer);
    if (!token_is(&word, "pragma") || place->origin != INCLUDE_STUDENT)
        return;
    rest.line = line_of(place, &word);
    gate_check_pragma(&rest, place->report);
}

static void refuse(
    struct place *place, const struct gate_ban *ban, const char *name, const struct token *token)
{
    gate_add(place->report, GATE_REFUSE, ban->rule, name, line_of(place, token),
        "is not allowed here: %s.", ban->instead);
}

static void check_attribute_name(struct place *place, const struct token *token)
{
    char name[80];
    const struct gate_ban *ban = policy_ban_attribute(token_copy(token, name, sizeof name));

    if (ban != NULL)
        refuse(place, ban, name, token);
}

/*
 * Reads up to the bracket that closes the attribute list whose first bracket comes next. Names
 * stand at depth 2, in `__attribute__((name(arguments)))` and in `[[vendor::name(arguments)]]`;
 * what is deeper is arguments, where `section` is just a word.
 */
static void read_attributes(struct place *place, int depth)
{
    struct token token;

    while (lexer_next(&place->lexer, &token)) {
        if (token.kind == TOKEN_DIRECTIVE)
            read_directive(place);
        else if (token.kind == TOKEN_IDENTIFIER && depth == 2)
            check_attribute_name(place, &token);
        else if (token_is_punctuation(&token, '(') || token_is_punctuation(&token, '['))
            depth++;
        else if (token_is_punctuation(&token, ')') || token_is_punctuation(&token, ']'))
            depth--;
        else if (depth == 0)
            return; /* not an attribute list after all */
        if (depth == 0)
            return;
    }
}

/* The board, other tasks' memory and the machine's layout all lie below /proc; the others make the
 * C library load code. Honest code of some exercises reads /proc: `allow = [ "/proc" ]`. */
static const struct {
    const char *part, *name, *rule, *why;
} banned_strings[] = {
    {"/proc/", "/proc", "proc",
        "is not allowed here: a program of this exercise knows about itself from its own "
        "variables. Use getpid, sysconf, getrusage and their like."},
    {"GCONV_PATH", "GCONV_PATH", "loading",
        "is not allowed here: nothing is loaded while the program runs. Leave it out."},
    {"ccs=", "ccs=", "loading",
        "is not allowed here: nothing is loaded while the program runs. Open the file without it."},
};

/* Strings that stand side by side are one. */
static void check_string(struct place *place, const struct token *token)
{
    struct buf whole = BUF_EMPTY;
    struct lexer ahead = place->lexer;
    struct token next;

    if (token->length >= 2)
        buf_append(&whole, token->text + 1, token->length - 2);
    while (lexer_next(&ahead, &next) && next.kind == TOKEN_STRING && next.length >= 2)
        buf_append(&whole, next.text + 1, next.length - 2);
    buf_putc(&whole, '/'); /* the bare "/proc" too, and not "threads/processes" */
    for (size_t i = 0; i < sizeof banned_strings / sizeof *banned_strings; i++)
        if (strstr(buf_text(&whole), banned_strings[i].part) != NULL &&
            !gate_allows(place->policy, banned_strings[i].name))
            gate_add(place->report, GATE_REFUSE, banned_strings[i].rule, banned_strings[i].name,
                line_of(place, token), "%s", banned_strings[i].why);
    buf_release(&whole);
}

static void check_identifier(struct place *place, const struct token *token)
{
    char name[80];
    const struct gate_ban *ban = policy_ban_token(token_copy(token, name, sizeof name));

    if (ban != NULL)
        refuse(place, ban, name, token);
    if (token_is(token, "__attribute__") || token_is(token, "__attribute") ||
        token_is(token, "__declspec"))
        read_attributes(place, token_is(token, "__declspec") ? 1 : 0);
}

static void check_token(struct place *place, const struct token *token)
{
    if (token->kind == TOKEN_IDENTIFIER) {
        check_identifier(place, token);
    } else if (token->kind == TOKEN_STRING) {
        if (!place->in_string)
            check_string(place, token);
    } else if (token_is_punctuation(token, '[')) {
        struct lexer before = place->lexer;
        struct token next;

        /* In C17 nothing but an attribute begins with two of them. */
        if (lexer_next(&place->lexer, &next) && token_is_punctuation(&next, '['))
            read_attributes(place, 2);
        else
            place->lexer = before;
    }
    place->in_string = token->kind == TOKEN_STRING;
}

void gate_check_tokens(const struct gate_policy *policy, const char *text, size_t length,
    struct gate_report *ret_report)
{
    struct place place = {.policy = policy, .report = ret_report, .lexer = LEXER(text, length)};
    struct token token;

    while (lexer_next(&place.lexer, &token)) {
        if (token.kind == TOKEN_DIRECTIVE)
            read_directive(&place);
        else if (place.origin == INCLUDE_STUDENT)
            check_token(&place, &token);
    }
}
