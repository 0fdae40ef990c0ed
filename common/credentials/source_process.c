/* credential_process: a command of the profile that writes keys as JSON (aws-facts 5.2). */
#include "chain.h"

#define WORDS_MAX 64

/* Words as a shell splits them: quotes and backslashes, and nothing else of a shell. NULL: a quote
 * is open at the end, or too many words. */
static const char *const *split(struct arena *arena, const char *text)
{
    const char **words = ARENA_ARRAY(arena, const char *, WORDS_MAX + 1);
    size_t n = 0;

    for (;;) {
        char *word = ARENA_ARRAY(arena, char, strlen(text) + 1), *to = word, quote = 0;

        text += strspn(text, " \t\n");
        if (!*text)
            return words;
        if (n == WORDS_MAX)
            return NULL;
        for (; *text && (quote || !strchr(" \t\n", *text)); text++) {
            if (!quote && (*text == '"' || *text == '\''))
                quote = *text;
            else if (*text == quote)
                quote = 0;
            else if (*text == '\\' && quote != '\'' && text[1] &&
                     (!quote || text[1] == '"' || text[1] == '\\'))
                *to++ = *++text;
            else
                *to++ = *text;
        }
        if (quote)
            return NULL;
        words[n++] = word;
    }
}

static void begin(struct chain *chain)
{
    const char *const *words = split(chain->arena, chain->command);

    chain_describe(chain, "credential_process (%s)", chain->where);
    if (!words || !words[0]) {
        chain_fail(chain,
                   "%s: credential_process is no command: a quote is left open, or it has "
                   "no word or over 64",
                   chain->where);
        return;
    }
    chain_run_process(chain, words);
}

/* What the command writes to stderr is not shown: it may hold anything. */
static void answered(struct chain *chain, const struct answer *answer)
{
    struct reply reply;
    char message[200];

    if (answer->r < 0)
        chain_fail(chain, "credential_process (%s) failed: %s", chain->where, answer->detail);
    else if (answer->status != 0)
        chain_fail(chain,
                   "credential_process (%s) ended with exit status %d; run it by hand, as "
                   "the user of this service, to see why",
                   chain->where, answer->status);
    else if (reply_parse(chain->arena, REPLY_PROCESS, answer->bytes, answer->n, &reply, message) <
             0)
        chain_fail(chain, "what credential_process (%s) wrote cannot be used: %s", chain->where,
                   message);
    else
        chain_found(chain, &reply);
}

const struct source source_process = {.begin = begin, .answered = answered};
