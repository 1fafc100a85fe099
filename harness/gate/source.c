/* SPDX-License-Identifier: MIT */
#include "gate/includes.h"
#include "gate/lexer.h"
#include "gate/policy.h"
#include "gate/report.h"

#include <string.h>

/* What is done with the rest of a directive's line. */
typedef void directive_check(
    const struct gate_policy *policy, const struct token *rest, struct gate_report *report);

static void check_line(
    const struct gate_policy *policy, const struct token *rest, struct gate_report *report)
{
    (void)policy;
    gate_add(report, GATE_REFUSE, "line", "#line", rest->line,
        "is not allowed here: messages have to name the lines of your file as they are. Leave it "
        "out.");
}

static void check_include(
    const struct gate_policy *policy, const struct token *rest, struct gate_report *report)
{
    (void)policy;
    gate_check_include_text(rest, report);
}

static void check_embed(
    const struct gate_policy *policy, const struct token *rest, struct gate_report *report)
{
    (void)policy;
    gate_add(report, GATE_REFUSE, "include", "#embed", rest->line,
        "is not allowed here: everything that the exercise needs is in its headers.");
}

/* `__has_include("/home/…")` would tell what there is on the machine. */
static void check_condition(
    const struct gate_policy *policy, const struct token *rest, struct gate_report *report)
{
    struct lexer lexer = LEXER(rest->text, rest->length);
    struct token token;

    (void)policy;
    while (lexer_next(&lexer, &token)) {
        if (!token_is(&token, "__has_include") && !token_is(&token, "__has_include_next") &&
            !token_is(&token, "__has_embed"))
            continue;
        if (!lexer_next(&lexer, &token) || !token_is_punctuation(&token, '('))
            continue;
        struct token name = lexer_rest_of_line(&lexer);
        name.line = rest->line;
        gate_check_include_text(&name, report);
    }
}

static void check_pragma(
    const struct gate_policy *policy, const struct token *rest, struct gate_report *report)
{
    (void)policy;
    gate_check_pragma(rest, report);
}

static const struct {
    const char *names;
    directive_check *check;
} directives[] = {
    {"line", check_line},
    {"include include_next import", check_include},
    {"embed", check_embed},
    {"if elif define", check_condition},
    {"pragma", check_pragma},
};

static void check_directive(
    const struct gate_policy *policy, struct lexer *lexer, struct gate_report *report)
{
    struct lexer before = *lexer;
    struct token name;
    char word[32];

    /* `#` alone on its line is allowed, and the next line is none of its business. */
    if (!lexer_next(lexer, &name) || name.begins_line) {
        *lexer = before;
        return;
    }
    struct token rest = lexer_rest_of_line(lexer);
    if (name.kind == TOKEN_NUMBER) {
        check_line(policy, &rest, report);
        return;
    }
    token_copy(&name, word, sizeof word);
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (policy_listed(directives[i].names, word))
            directives[i].check(policy, &rest, report);
}

/* Bytes on which compilers disagree where a line ends: they could hide a directive. */
static void check_characters(const char *text, size_t length, struct gate_report *report)
{
    int line = 1;

    for (size_t i = 0; i < length; i++) {
        line += text[i] == '\n';
        if (text[i] == '\0' || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n')))
            gate_add(report, GATE_REFUSE, "characters", text[i] ? "\\r" : "\\0", line,
                "stands alone in the text, and compilers do not agree what that means. Save the "
                "file as plain UTF-8 text with ordinary line ends.");
    }
}

/* gcc knows R"(raw strings)" in C, clang does not: what one takes for text is code for the other.
 */
static void check_raw_string(
    const struct token *token, const struct lexer *lexer, struct gate_report *report)
{
    char word[4];

    if (token->kind != TOKEN_IDENTIFIER || token->length > 3 || lexer->at == lexer->end ||
        *lexer->at != '"')
        return;
    if (policy_listed("R LR uR UR u8R", token_copy(token, word, sizeof word)))
        gate_add(report, GATE_REFUSE, "characters", word, token->line,
            "before a string is not C: not every compiler knows raw strings. Write an ordinary "
            "string with \\\\ and \\\".");
}

void gate_check_source(const struct gate_policy *policy, const char *text, size_t length,
    struct gate_report *ret_report)
{
    struct buf simple = BUF_EMPTY;

    check_characters(text, length, ret_report);
    lexer_simplify(&simple, text, length);

    struct lexer lexer = LEXER(buf_text(&simple), simple.length);
    struct token token;
    while (lexer_next(&lexer, &token)) {
        if (token.kind == TOKEN_DIRECTIVE)
            check_directive(policy, &lexer, ret_report);
        else
            check_raw_string(&token, &lexer, ret_report);
    }
    buf_release(&simple);
}
