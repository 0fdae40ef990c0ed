/* What became of a request, what it teaches, and whether the call goes on. */
#include "client_private.h"
#include "skew.h"

#include <stdio.h>

/* Retry-After may ask for more than the back-off, but not for a pass that never ends: the longest
 * delay that SDKs wait (aws-facts 3.2). */
#define RETRY_AFTER_MAX_MS 20000
#define RETRY_HINT_MORE_MS 5000 /* x-amz-retry-after, likewise */

void client_message(struct call_result *result, const struct call *call, const char *what)
{
    char attempts[40] = "";

    if (call->attempt > 1)
        snprintf(attempts, sizeof(attempts), " (attempt %u of %u)", call->attempt,
                 (unsigned)AWS_CLIENT_ATTEMPTS);
    snprintf(result->message, sizeof(result->message), "%s: %s%s", call->name, what, attempts);
}

void client_judge(struct call *call, const struct input *input, struct call_result *result)
{
    struct reply *reply = &call->reply;
    char what[352];

    *result = (struct call_result){
        .call = call->id, .action = call->action, .sent = input->sent, .r = input->r};
    if (input->r >= 0)
        result->r = reply_end(reply);
    result->reply = reply->object;
    result->error = reply->error;
    result->error.status = reply->status;
    if (input->r < 0) {
        client_message(result, call, input->detail ? input->detail : strerror(-input->r));
    } else if (result->r == -EREMOTEIO) {
        result->error_class = reply_error_class(reply);
        if (result->error.code[0])
            snprintf(what, sizeof(what), "%.95s: %.200s", result->error.code,
                     result->error.message);
        else
            snprintf(what, sizeof(what), "HTTP status %d with a body that is not AWS's",
                     reply->status);
        client_message(result, call, what);
    } else if (result->r < 0) {
        snprintf(what, sizeof(what), "the reply is not what AWS sends: %.300s",
                 reply->wire_error.message[0] ? reply->wire_error.message : "it cannot be read");
        client_message(result, call, what);
    }
}

/* Only what reads is repeated: a change is planned anew from a fresh look. */
static bool worth_repeating(const struct call *call, const struct call_result *result)
{
    if (result->r >= 0 || result->r == -ECANCELED || call->mutates ||
        call->attempt >= AWS_CLIENT_ATTEMPTS)
        return false;
    if (result->r != -EREMOTEIO)
        return true;
    return result->error_class == EC2_ERROR_THROTTLED || result->error_class == EC2_ERROR_SERVER;
}

static uint64_t retry_after_ms(const struct call *call)
{
    uint64_t asked = call->reply.retry_after_ms;

    return asked < RETRY_AFTER_MAX_MS ? asked : RETRY_AFTER_MAX_MS;
}

/* Full jitter (aws-facts 3.2): 50 ms doubled for what failed on the way, 1 s where AWS throttles;
 * on top of what the server asked for, so that those whom it told the same do not come together. */
static uint64_t retry_delay_ms(struct rng *rng, const struct call *call,
                               const struct call_result *result)
{
    uint64_t base =
        result->r == -EREMOTEIO && result->error_class == EC2_ERROR_THROTTLED ? 1000 : 50;
    uint64_t delay = rng_below(rng, base << call->attempt) + 1, hint = call->reply.retry_hint_ms;

    if (hint > delay)
        delay = hint < delay + RETRY_HINT_MORE_MS ? hint : delay + RETRY_HINT_MORE_MS;
    return delay + retry_after_ms(call);
}

/* What the answer says of AWS's buckets, and of our clock. True: it was refused for its time. */
static bool learn(struct aws_client *client, const struct call *call, uint64_t now_ms,
                  struct call_result *result)
{
    bool refused;

    if (result->r == 0)
        pace_succeeded(&client->pace, call->retry_cost);
    else if (result->r == -EREMOTEIO && result->error_class == EC2_ERROR_THROTTLED)
        pace_throttled(&client->pace, call->action, now_ms, call->sent_ms, retry_after_ms(call));
    if (!call->dated || (result->r < 0 && result->r != -EREMOTEIO))
        return false;
    refused =
        skew_learn(&client->correction_ms, call->skew_ms, call->correction_ms, result->error.code);
    /* Not the keys' fault, and nothing was carried out. */
    if (refused)
        result->error_class = EC2_ERROR_WAIT;
    return refused;
}

bool client_repeat(struct aws_client *client, struct rng *rng, struct call *call, uint64_t now_ms,
                   struct call_result *result)
{
    bool refused_clock = learn(client, call, now_ms, result);
    uint64_t at_ms;

    if (refused_clock && !call->mutates && !call->clock_repeated &&
        call->attempt < AWS_CLIENT_ATTEMPTS) {
        call->clock_repeated = true;
        at_ms = now_ms;
    } else if (worth_repeating(call, result)) {
        at_ms = now_ms + retry_delay_ms(rng, call, result);
        if (at_ms >= call->until_ms)
            return false;
        call->retry_cost = pace_retry(&client->pace, result->r == -ETIMEDOUT);
        if (!call->retry_cost)
            return false;
    } else {
        return false;
    }
    call->state = CALL_WAITING;
    call->retry_at_ms = at_ms;
    return true;
}
