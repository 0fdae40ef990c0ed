/* XML replies into structs, as their bytes arrive. The only file that includes expat. */
#include "wire.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 24 /* our deepest table path has 8 elements */
#define LEAF_MAX ((size_t)64 << 10)
#define TOKEN_MAX ((size_t)256 << 10)

struct frame { /* an element that is open; all zero: one that no row names */
    const struct wire_field
        *field; /* of a leaf or a list; an item of a WIRE_TEXTS has the list's */
    const struct wire_shape *shape; /* of the children of a struct */
    void *object;                   /* that it fills, or its children do */
    bool is_leaf;                   /* its text counts; elements inside are passed over */
};

struct error_document {
    const char *code, *message, *request_id;
};

static const struct wire_field error_fields[] = {
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
/* EC2's <Response><Errors><Error> and the other services' <ErrorResponse><Error> in one. */
static const struct wire_field error_document_fields[] = {
    {.name = "Errors", .kind = WIRE_GROUP, .type = &errors_shape},
    {.name = "Error", .kind = WIRE_GROUP, .type = &error_shape},
    WIRE_FIELD(error_document, request_id, TEXT, "RequestID", .alias = "RequestId"),
};
static const struct wire_shape error_document_shape = {"Response", sizeof(struct error_document),
                                                       error_document_fields,
                                                       ARRAY_SIZE(error_document_fields)};

struct xml_decoder {
    XML_Parser parser;
    struct arena *arena;
    const struct wire_shape *shape;
    const char *root, *root_alias;
    void *object;
    struct aws_error *error; /* set when an error document is read */
    struct error_document *error_document;
    size_t limit, n_bytes;
    struct frame frames[DEPTH_MAX];
    unsigned depth;
    struct buf text; /* of the leaf that is open */
    int r;
    struct wire_error reason;
};

PRINTF_LIKE(3, 4)
static void fail(struct xml_decoder *decoder, int r, const char *format, ...)
{
    va_list args;

    if (decoder->r < 0)
        return;
    decoder->r = r;
    va_start(args, format);
    vsnprintf(decoder->reason.message, sizeof(decoder->reason.message), format, args);
    va_end(args);
    XML_StopParser(decoder->parser, XML_FALSE);
}

static const struct wire_field *find_field(const struct wire_shape *shape, const char *name)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];

        /* Most names differ at the second letter already; strcmp is the rest. */
        if ((field->name[0] == name[0] && strcmp(field->name, name) == 0) ||
            (field->alias && strcmp(field->alias, name) == 0))
            return field;
    }
    return NULL;
}

static bool is_root(const struct xml_decoder *decoder, const char *name)
{
    return strcmp(name, decoder->root) == 0 ||
           (decoder->root_alias && strcmp(name, decoder->root_alias) == 0);
}

static struct frame open_item(struct xml_decoder *decoder, const struct frame *list)
{
    const struct wire_shape *shape = list->field->type;
    void *into = wire_at_mutable(list->field, list->object);

    if (list->field->kind == WIRE_TEXTS)
        return (struct frame){.field = list->field, .object = list->object, .is_leaf = true};
    return (struct frame){.shape = shape,
                          .object = wire_list_add(decoder->arena, into, shape->size)};
}

static struct frame open_child(struct xml_decoder *decoder, const struct frame *parent,
                               const char *name)
{
    const struct wire_field *field;
    struct frame frame = {0};

    if (parent->field && !parent->is_leaf)
        return strcmp(name, "item") == 0 ? open_item(decoder, parent) : frame;
    field = parent->shape ? find_field(parent->shape, name) : NULL;
    if (!field)
        return frame;
    frame.object = parent->object;
    switch (field->kind) {
    case WIRE_GROUP: /* of the same struct (offset 0), or of one that lies in it */
        frame.shape = field->type;
        frame.object = wire_at_mutable(field, parent->object);
        return frame;
    case WIRE_LIST:
        ((struct wire_any_list *)wire_at_mutable(field, parent->object))->seen = true;
        break;
    case WIRE_TEXTS:
        ((struct wire_texts *)wire_at_mutable(field, parent->object))->seen = true;
        break;
    default:
        frame.is_leaf = true;
        break;
    }
    frame.field = field;
    return frame;
}

static void on_start(void *context, const char *name, const char **attributes)
{
    struct xml_decoder *decoder = context;

    (void)attributes;
    if (decoder->r < 0)
        return;
    if (decoder->depth == DEPTH_MAX) {
        fail(decoder, -EBADMSG, "elements are nested deeper than %d", DEPTH_MAX);
        return;
    }
    if (decoder->depth == 0) {
        if (!is_root(decoder, name)) {
            fail(decoder, -EBADMSG, "the root element is <%.80s>, expected <%s>", name,
                 decoder->root);
            return;
        }
        decoder->frames[decoder->depth++] =
            (struct frame){.shape = decoder->shape, .object = decoder->object};
        return;
    }
    decoder->frames[decoder->depth] =
        open_child(decoder, &decoder->frames[decoder->depth - 1], name);
    if (decoder->frames[decoder->depth].is_leaf)
        buf_clear(&decoder->text);
    decoder->depth++;
}

static void on_text(void *context, const char *text, int n)
{
    struct xml_decoder *decoder = context;

    if (decoder->r < 0 || decoder->depth == 0 || !decoder->frames[decoder->depth - 1].is_leaf)
        return;
    if (decoder->text.n + (size_t)n > LEAF_MAX)
        fail(decoder, -EFBIG, "an element holds more than %zu bytes of text", LEAF_MAX);
    else
        buf_add(&decoder->text, text, (size_t)n);
}

static void on_end(void *context, const char *name)
{
    struct xml_decoder *decoder = context;
    const struct frame *frame;

    if (decoder->r < 0)
        return;
    frame = &decoder->frames[decoder->depth - 1];
    if (frame->is_leaf) {
        const char *text = buf_string(&decoder->text);

        if (frame->field->kind == WIRE_TEXTS)
            wire_texts_add(decoder->arena, wire_at_mutable(frame->field, frame->object),
                           arena_strdup(decoder->arena, text));
        else if (!*text && frame->field->kind == WIRE_PREFIX)
            ; /* <cidrBlock/> says as little as no element: whether EC2 writes it is unverified */
        else if (wire_leaf_set(decoder->arena, frame->field, frame->object, text) < 0)
            fail(decoder, -EBADMSG, "<%s> holds \"%.60s\", expected %s", frame->field->name, text,
                 wire_leaf_expected(frame->field));
    } else if (frame->shape) {
        const struct wire_field *missing = wire_missing(frame->shape, frame->object);

        if (missing)
            fail(decoder, -EBADMSG, "<%.80s> has no <%s>", name, missing->name);
    }
    decoder->depth--;
}

static void on_doctype(void *context, const char *name, const char *system_id,
                       const char *public_id, int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    /* AWS sends none, and entities are how a document grows without bound. */
    fail(context, -EPERM, "the document has a DTD, which AWS never sends");
}

static const XML_Memory_Handling_Suite wiping = {wiping_malloc, wiping_realloc, wiping_free};

struct xml_decoder *xml_decoder_new(struct arena *arena, const struct wire_shape *shape,
                                    const char *root, const char *root_alias, void *object,
                                    struct aws_error *ret_error, size_t limit)
{
    struct xml_decoder *decoder = calloc(1, sizeof(*decoder));

    if (!decoder)
        abort();
    decoder->arena = arena;
    decoder->limit = limit;
    decoder->shape = shape;
    decoder->root = root;
    decoder->root_alias = root_alias;
    decoder->object = object;
    if (!shape) {
        decoder->error = ret_error;
        decoder->error_document = ARENA_NEW(arena, struct error_document);
        decoder->shape = &error_document_shape;
        decoder->object = decoder->error_document;
        decoder->root = "Response";
        decoder->root_alias = "ErrorResponse";
    }
    /* STS's replies hold keys: nothing of a reply stays behind (safety.md S11). */
    decoder->text.secret = true;
    decoder->parser = XML_ParserCreate_MM(NULL, &wiping, NULL);
    if (!decoder->parser)
        abort();
    XML_SetUserData(decoder->parser, decoder);
    XML_SetElementHandler(decoder->parser, on_start, on_end);
    XML_SetCharacterDataHandler(decoder->parser, on_text);
    XML_SetStartDoctypeDeclHandler(decoder->parser, on_doctype);
    return decoder;
}

static void copy_error(struct xml_decoder *decoder)
{
    const struct error_document *document = decoder->error_document;
    struct aws_error *error = decoder->error;

    if (text_empty(document->code)) {
        fail(decoder, -EBADMSG, "the error has no <Code>");
        return;
    }
    snprintf(error->code, sizeof(error->code), "%s", document->code);
    snprintf(error->message, sizeof(error->message), "%s",
             document->message ? document->message : "");
    snprintf(error->request_id, sizeof(error->request_id), "%s",
             document->request_id ? document->request_id : "");
}

/* What expat holds back until a tag or comment is whole, it scans again with each piece that
 * arrives. */
static bool holds_back_too_much(const struct xml_decoder *decoder)
{
    XML_Index consumed = XML_GetCurrentByteIndex(decoder->parser);

    return consumed >= 0 && decoder->n_bytes - (size_t)consumed > TOKEN_MAX;
}

int xml_decoder_feed(struct xml_decoder *decoder, const char *bytes, size_t n, bool final,
                     struct wire_error *reterr)
{
    if (decoder->r >= 0) {
        decoder->n_bytes += n;
        if (decoder->n_bytes > decoder->limit) {
            fail(decoder, -EFBIG, "the reply is larger than %zu bytes", decoder->limit);
        } else {
            /* expat takes an int; a chunk of curl's is far smaller. */
            assert(n <= INT32_MAX);
            if (XML_Parse(decoder->parser, bytes, (int)n, final) != XML_STATUS_OK)
                fail(decoder, -EBADMSG, "not whole XML: %s at line %lu, column %lu",
                     XML_ErrorString(XML_GetErrorCode(decoder->parser)),
                     XML_GetCurrentLineNumber(decoder->parser),
                     XML_GetCurrentColumnNumber(decoder->parser) + 1);
            else if (!final && holds_back_too_much(decoder))
                fail(decoder, -EFBIG, "a tag or comment is longer than %zu bytes", TOKEN_MAX);
            else if (final && decoder->error)
                copy_error(decoder);
        }
    }
    if (decoder->r < 0 && reterr)
        *reterr = decoder->reason;
    return decoder->r;
}

struct xml_decoder *xml_decoder_free(struct xml_decoder *decoder)
{
    if (!decoder)
        return NULL;
    XML_ParserFree(decoder->parser);
    buf_free(&decoder->text);
    free(decoder);
    return NULL;
}
