/* Lies about the whole answer, be it what it should be or an error. */
#include "lies.h"

#include <stdio.h>

#include "call.h"
#include "reply.h"

static void replace_body(struct simulator_response *response, const char *content_type,
                         const char *text)
{
    buf_clear(&response->body);
    buf_text(&response->body, text);
    response->content_type = content_type;
}

#define HTML "<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>"

void lie_html_200(struct call *call, struct simulator_response *response)
{
    (void)call;
    replace_body(response, "text/html", HTML);
    response->status = 200;
    response->code[0] = 0;
}

void lie_html_500(struct call *call, struct simulator_response *response)
{
    lie_html_200(call, response);
    response->status = 500;
}

void lie_status_200(struct call *call, struct simulator_response *response)
{
    (void)call;
    response->status = 200;
}

void lie_lost_answer(struct call *call, struct simulator_response *response)
{
    buf_clear(&response->body);
    reply_error(&response->body, text_equal(call->row->service, "sts"), "InternalError",
                "An internal error has occurred", call->request_id);
    response->status = 500;
    snprintf(response->code, sizeof(response->code), "InternalError");
}

void lie_other_action(struct call *call, struct simulator_response *response)
{
    (void)call;
    replace_body(response, response->content_type,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<DescribeTagsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                 "<requestId>00000000-0000-4000-8000-000000000000</requestId><tagSet/>"
                 "</DescribeTagsResponse>");
}

void lie_empty_body(struct call *call, struct simulator_response *response)
{
    (void)call;
    buf_clear(&response->body);
}

void lie_truncated_xml(struct call *call, struct simulator_response *response)
{
    (void)call;
    if (response->body.n) {
        response->body.n /= 2;
        response->body.data[response->body.n] = 0;
    }
}

/* Puts text in the place of [at, at + n) of the body. */
static void splice(struct buf *body, size_t at, size_t n, const char *text)
{
    CLEANUP(buf_free)
    struct buf old = *body;

    *body = (struct buf){0};
    buf_add(body, old.data, at);
    buf_text(body, text);
    buf_add(body, old.data + at + n, old.n - at - n);
}

void lie_dtd(struct call *call, struct simulator_response *response)
{
    const char *end = strstr(buf_string(&response->body), "?>");

    (void)call;
    if (end)
        splice(&response->body, (size_t)(end + 2 - response->body.data), 0,
               "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>");
}

#define NEWS                                                                                       \
    "<quantumSet><item><quantumId>q-1</quantumId><state>entangled</state></item></quantumSet>"

void lie_unknown_elements(struct call *call, struct simulator_response *response)
{
    const char *body = buf_string(&response->body);
    const char *item = strstr(body, "<item>"), *id = strstr(body, "<requestId>");

    (void)call;
    if (item)
        splice(&response->body, (size_t)(item + strlen("<item>") - body), 0, NEWS);
    if (id)
        splice(&response->body, (size_t)(id - body), 0, NEWS);
}

/* The first state of the first item, as it is written. */
static const char *state_element(const struct simulator_response *response, size_t *ret_n)
{
    static const char *const names[][2] = {{"<state>", "</state>"},
                                           {"<zoneState>", "</zoneState>"}};

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        const char *start = strstr(buf_string(&response->body), names[i][0]);
        const char *end = start ? strstr(start, names[i][1]) : NULL;

        if (!end)
            continue;
        *ret_n = (size_t)(end - start) + strlen(names[i][1]);
        return start;
    }
    return NULL;
}

void lie_unknown_enum_value(struct call *call, struct simulator_response *response)
{
    size_t n;
    const char *element = state_element(response, &n);
    bool zone = element && text_starts_with(element, "<zoneState>");

    (void)call;
    if (element)
        splice(&response->body, (size_t)(element - response->body.data), n,
               zone ? "<zoneState>reticulating</zoneState>" : "<state>reticulating</state>");
}

void lie_missing_field(struct call *call, struct simulator_response *response)
{
    size_t n;
    const char *element = state_element(response, &n);

    (void)call;
    if (element)
        splice(&response->body, (size_t)(element - response->body.data), n, "");
}

/* The first element of the first item is its id in every table. */
void lie_missing_id(struct call *call, struct simulator_response *response)
{
    const char *body = buf_string(&response->body), *item = strstr(body, "<item>");
    const char *start = item ? item + strlen("<item>") : NULL;
    const char *end = start ? strstr(start, "</") : NULL;

    (void)call;
    end = end ? strchr(end, '>') : NULL;
    if (end)
        splice(&response->body, (size_t)(start - body), (size_t)(end + 1 - start), "");
}
