/* Structs as XML elements (aws-facts 1.3): what the simulator answers. */
#include "wire.h"

#include <stdio.h>

/* Length of the UTF-8 character at text, or 0 where there is none that XML 1.0 can hold: control
 * characters, surrogates, U+FFFE and U+FFFF, and bytes that are no UTF-8 (RFC 3629). */
static size_t character_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    unsigned code;
    size_t n;

    if (at[0] < 0x80)
        return at[0] >= ' ' || at[0] == '\n' || at[0] == '\t' || at[0] == '\r';
    n = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    code = at[0] & (0xffU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0) != 0x80) /* the closing NUL as well */
            return 0;
        code = code << 6 | (at[i] & 0x3fU);
    }
    if ((n == 3 && code < 0x800) || (n == 4 && (code < 0x10000 || code > 0x10ffff)) ||
        (code >= 0xd800 && code <= 0xdfff) || code == 0xfffe || code == 0xffff)
        return 0;
    return n;
}

static void escape(struct buf *buf, const char *text)
{
    static const struct {
        char c;
        const char *escaped;
    } escapes[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\r', "&#xD;"},
    };

    while (*text) {
        size_t n = character_length(text), i = 0;

        while (i < ARRAY_SIZE(escapes) && escapes[i].c != *text)
            i++;
        if (i < ARRAY_SIZE(escapes))
            buf_text(buf, escapes[i].escaped);
        else if (n)
            buf_add(buf, text, n);
        else
            buf_text(buf, "\xEF\xBF\xBD"); /* U+FFFD, so that the reply stays XML */
        text += n ? n : 1;
    }
}

static void encode_list(struct buf *buf, const struct wire_field *field, const void *object)
{
    const struct wire_any_list *list = wire_at(field, object);
    const struct wire_shape *item = field->type;

    if (!list->n && !list->seen)
        return;
    if (!list->n) {
        buf_printf(buf, "<%s/>", field->name);
        return;
    }
    buf_printf(buf, "<%s>", field->name);
    for (size_t i = 0; i < list->n; i++) {
        buf_text(buf, "<item>");
        wire_xml_encode(buf, item, (const char *)list->items + i * item->size);
        buf_text(buf, "</item>");
    }
    buf_printf(buf, "</%s>", field->name);
}

static void encode_texts(struct buf *buf, const struct wire_field *field, const void *object)
{
    const struct wire_texts *texts = wire_at(field, object);

    if (!texts->n && !texts->seen)
        return;
    buf_printf(buf, "<%s>", field->name);
    for (size_t i = 0; i < texts->n; i++) {
        buf_text(buf, "<item>");
        escape(buf, texts->items[i]);
        buf_text(buf, "</item>");
    }
    buf_printf(buf, "</%s>", field->name);
}

void wire_xml_encode(struct buf *buf, const struct wire_shape *shape, const void *object)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        char scratch[PREFIX_TEXT_SIZE];
        const char *text;

        switch (field->kind) {
        case WIRE_GROUP:
            if (!wire_present(field, object))
                break;
            buf_printf(buf, "<%s>", field->name);
            wire_xml_encode(buf, field->type, wire_at(field, object));
            buf_printf(buf, "</%s>", field->name);
            break;
        case WIRE_LIST:
            encode_list(buf, field, object);
            break;
        case WIRE_TEXTS:
            encode_texts(buf, field, object);
            break;
        default:
            text = wire_leaf_text(field, object, scratch);
            if (!text)
                break;
            buf_printf(buf, "<%s>", field->name);
            escape(buf, text);
            buf_printf(buf, "</%s>", field->name);
        }
    }
}
