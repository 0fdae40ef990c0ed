/* Prints the action table with every path of its shapes as JSON, for wire_model.py. */
#include "vpc_reconciled/ec2.h"
#include "vpc_reconciled/json.h"

#include <stdio.h>

static const char *const kinds[] = {
    [WIRE_TEXT] = "text",     [WIRE_BOOL] = "bool",   [WIRE_INT] = "int",   [WIRE_ENUM] = "enum",
    [WIRE_PREFIX] = "prefix", [WIRE_GROUP] = "group", [WIRE_LIST] = "list", [WIRE_TEXTS] = "texts",
};

static void dump_shape(struct json_writer *writer, const struct wire_shape *shape)
{
    json_begin(writer, '[');
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];

        json_begin(writer, '{');
        json_text_member(writer, "name", field->name);
        json_text_member(writer, "alias", field->alias);
        json_text_member(writer, "kind", kinds[field->kind]);
        json_key(writer, "required");
        json_bool(writer, field->required);
        if (field->kind == WIRE_ENUM) {
            const struct wire_enum *words = field->type;

            json_key(writer, "words");
            json_begin(writer, '[');
            for (size_t k = 0; k < words->n; k++)
                json_string(writer, words->words[k]);
            json_end(writer, ']');
        }
        if (field->kind == WIRE_GROUP || field->kind == WIRE_LIST) {
            json_key(writer, "fields");
            dump_shape(writer, field->type);
        }
        json_end(writer, '}');
    }
    json_end(writer, ']');
}

static void dump_action(struct json_writer *writer, const struct ec2_action_row *row)
{
    json_begin(writer, '{');
    json_text_member(writer, "name", row->name);
    json_text_member(writer, "service", row->service);
    json_text_member(writer, "version", row->version);
    json_text_member(writer, "list", row->list);
    json_text_member(writer, "makes", row->makes);
    json_text_member(writer, "iam", row->iam);
    json_key(writer, "dry_run");
    json_bool(writer, row->dry_run);
    json_key(writer, "client_token");
    json_bool(writer, row->client_token);
    json_key(writer, "page_max");
    json_number(writer, row->page_max);
    json_key(writer, "request");
    dump_shape(writer, row->request);
    json_key(writer, "reply");
    dump_shape(writer, row->reply);
    json_end(writer, '}');
}

int main(void)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct json_writer writer = {.buf = &text, .pretty = true};

    json_begin(&writer, '[');
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        dump_action(&writer, &ec2_action_table[i]);
    json_end(&writer, ']');
    return puts(buf_string(&text)) < 0;
}
