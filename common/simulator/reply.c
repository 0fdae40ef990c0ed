#include "reply.h"

#include <stdio.h>

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define EC2_NAMESPACE "http://ec2.amazonaws.com/doc/2016-11-15/"
#define STS_NAMESPACE "https://sts.amazonaws.com/doc/2011-06-15/"

/* An error as a struct, so that the wire tables write it. */
struct error_document {
    const char *type, *code, *message, *request_id;
};

static const struct wire_field error_fields[] = {
    WIRE_FIELD(error_document, type, TEXT, "Type"),
    WIRE_FIELD(error_document, code, TEXT, "Code"),
    WIRE_FIELD(error_document, message, TEXT, "Message"),
};
static const struct wire_shape error_shape = {"Error", sizeof(struct error_document), error_fields,
                                              ARRAY_SIZE(error_fields)};
static const struct wire_field errors_fields[] = {
    {.name = "Error", .kind = WIRE_GROUP, .type = &error_shape},
};
static const struct wire_shape errors_shape = {"Errors", sizeof(struct error_document),
                                               errors_fields, ARRAY_SIZE(errors_fields)};
/* EC2: <Response><Errors><Error>..., <RequestID> (aws-facts 1.4) */
static const struct wire_field ec2_error_fields[] = {
    {.name = "Errors", .kind = WIRE_GROUP, .type = &errors_shape},
    WIRE_FIELD(error_document, request_id, TEXT, "RequestID"),
};
static const struct wire_shape ec2_error_shape = {"Response", sizeof(struct error_document),
                                                  ec2_error_fields, ARRAY_SIZE(ec2_error_fields)};
/* STS: <ErrorResponse><Error>..., <RequestId> */
static const struct wire_field sts_error_fields[] = {
    {.name = "Error", .kind = WIRE_GROUP, .type = &error_shape},
    WIRE_FIELD(error_document, request_id, TEXT, "RequestId"),
};
static const struct wire_shape sts_error_shape = {"ErrorResponse", sizeof(struct error_document),
                                                  sts_error_fields, ARRAY_SIZE(sts_error_fields)};

void reply_error(struct buf *body, bool sts, const char *code, const char *message,
                 const char *request_id)
{
    struct error_document document = {.code = code, .message = message, .request_id = request_id};

    buf_text(body, XML_HEAD);
    if (sts) {
        document.type = error_status(code) < 500 ? "Sender" : "Receiver";
        buf_text(body, "<ErrorResponse xmlns=\"" STS_NAMESPACE "\">");
        wire_xml_encode(body, &sts_error_shape, &document);
        buf_text(body, "</ErrorResponse>");
        return;
    }
    buf_text(body, "<Response>");
    wire_xml_encode(body, &ec2_error_shape, &document);
    buf_text(body, "</Response>");
}

void reply_write(struct call *call, bool sts, struct simulator_response *response)
{
    const struct ec2_action_row *row = call->row;

    response->content_type = "text/xml;charset=UTF-8";
    if (call->code) {
        response->status = error_status(call->code);
        snprintf(response->code, sizeof(response->code), "%s", call->code);
        reply_error(&response->body, sts, call->code, call->message, call->request_id);
        return;
    }
    response->status = 200;
    call->describe_reply.request_id = call->change_reply.request_id = call->request_id;
    buf_printf(&response->body, XML_HEAD "<%sResponse xmlns=\"%s\">", row->name,
               text_equal(row->service, "sts") ? STS_NAMESPACE : EC2_NAMESPACE);
    wire_xml_encode(&response->body, row->reply,
                    row->describe ? (const void *)&call->describe_reply
                                  : (const void *)&call->change_reply);
    buf_printf(&response->body, "</%sResponse>", row->name);
}
