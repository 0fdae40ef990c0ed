/* Structs as Query parameters and back. */
#include "tests/common/aws/shape.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static struct shape_call full_call(struct arena *arena)
{
    struct shape_call call = {0};
    const char **names = ARENA_ARRAY(arena, const char *, 3);
    struct shape_item *items = ARENA_ARRAY(arena, struct shape_item, 2);
    struct shape_tag *tags = ARENA_ARRAY(arena, struct shape_tag, 2);

    names[0] = "prod a*b";
    names[1] = "";
    names[2] = "日本";
    tags[0] = (struct shape_tag){"a", "1"};
    tags[1] = (struct shape_tag){"b&=c", ""};
    items[0] = (struct shape_item){.id = "i-1",
                                   .main = WIRE_TRUE,
                                   .count = {-5, true},
                                   .state = SHAPE_AVAILABLE,
                                   .loose_state = SHAPE_PENDING,
                                   .code = "c",
                                   .code_enabled = WIRE_FALSE,
                                   .owner = {"k", "v"}};
    items[0].tags.items = tags;
    items[0].tags.n = 2;
    items[0].names = (struct wire_texts){names, 3, false};
    assert_int_equal(prefix_parse("2001:db8::/56", &items[0].cidr), 0);
    items[1] = (struct shape_item){.id = "i-2"};
    call.items.items = items;
    call.items.n = 2;
    call.ids = (struct wire_texts){names, 2, false};
    call.enabled = WIRE_TRUE;
    call.next_token = "a+b/c=";
    return call;
}

static const char full_text[] =
    "Action=Do&Version=2016-11-15"
    "&Item.1.Id=i-1&Item.1.Main=true&Item.1.Count=-5&Item.1.State=available"
    "&Item.1.LooseState=pending&Item.1.Cidr=2001%3Adb8%3A%3A%2F56&Item.1.Status.Code=c"
    "&Item.1.Status.Detail.Enabled=false&Item.1.Owner.Key=k&Item.1.Owner.Value=v&Item.1.Tag.1.Key="
    "a&Item.1.Tag.1.Value=1"
    "&Item.1.Tag.2.Key=b%26%3Dc&Item.1.Tag.2.Value=&Item.1.Name.1=prod+a%2Ab&Item.1.Name.2="
    "&Item.1.Name.3=%E6%97%A5%E6%9C%AC&Item.2.Id=i-2&Id.1=prod+a%2Ab&Id.2=&Enable.Value=true"
    "&NextToken=a%2Bb%2Fc%3D";

static void every_kind_is_written(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct shape_call call = full_call(arena);
    (void)state;

    buf_text(&buf, "Action=Do&Version=2016-11-15");
    wire_query_encode(&buf, &shape_query, &call);
    assert_string_equal(buf_string(&buf), full_text);
}

/* No '&' in front where nothing stands before, as in the query of a GET; nothing for what is
 * absent: an empty list of ids would read as "describe everything". */
static void what_is_absent_is_not_written(void **state)
{
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct shape_call call = {.next_token = "t"};
    const struct shape_call nothing = {0};
    (void)state;

    call.items.seen = true;
    call.ids.seen = true;
    wire_query_encode(&buf, &shape_query, &call);
    assert_string_equal(buf_string(&buf), "NextToken=t");
    buf_clear(&buf);
    buf_text(&buf, "/?");
    wire_query_encode(&buf, &shape_query, &call);
    assert_string_equal(buf_string(&buf), "/?NextToken=t");
    buf_clear(&buf);
    wire_query_encode(&buf, &shape_query, &nothing);
    assert_string_equal(buf_string(&buf), "");
}

static void every_kind_is_read(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct shape_call call = {0};
    struct wire_error error;
    (void)state;

    assert_int_equal(
        wire_query_decode(arena, &shape_query, full_text, strlen(full_text), NULL, &call, &error),
        0);
    assert_int_equal(call.items.n, 2);
    assert_int_equal(call.items.items[0].count.value, -5);
    assert_int_equal(call.items.items[0].state, SHAPE_AVAILABLE);
    assert_int_equal(call.items.items[0].code_enabled, WIRE_FALSE);
    assert_string_equal(call.items.items[0].tags.items[1].key, "b&=c");
    assert_string_equal(call.items.items[0].names.items[2], "日本");
    assert_null(call.items.items[1].code);
    assert_int_equal(call.enabled, WIRE_TRUE);
    buf_text(&buf, "Action=Do&Version=2016-11-15");
    wire_query_encode(&buf, &shape_query, &call);
    assert_string_equal(buf_string(&buf), full_text);
}

static const struct {
    const char *body;
    int r;
    const char *name, *says; /* of the error */
} bodies[] = {
    {"", 0, NULL, NULL},
    {"&&Action=x&", 0, NULL, NULL},
    {"NextToken=a%20b+c", 0, NULL, NULL}, /* both spellings of a space */
    {"NextToken=%61", 0, NULL, NULL},
    {"NextToken", 0, NULL, NULL},
    {"DryRun=true&NextToken=t", 0, NULL, NULL},
    {"Item.1.LooseState=AVAILABLE&Item.1.Id=i", 0, NULL, NULL},
    {"Item.1.Cidr=10.0.0.5/16&Item.1.Id=i", 0, NULL, NULL},
    {"Item.2.Id=b&Item.1.Id=a", -EINVAL, "Item.2.Id", "in order"},
    {"Item.1.Id=a&Item.1.Count=1", 0, NULL, NULL},
    /* unknown names */
    {"Nonsense=1", -ENOKEY, "Nonsense", "The parameter Nonsense is not recognized"},
    {"nexttoken=1", -ENOKEY, "nexttoken", "not recognized"},
    {"NextToken.1=1", -ENOKEY, "NextToken.1", "not recognized"},
    {"NextToke=1", -ENOKEY, "NextToke", "not recognized"},
    {"NextTokens=1", -ENOKEY, "NextTokens", "not recognized"},
    {"Item.1.Nonsense=1", -ENOKEY, "Item.1.Nonsense", "not recognized"},
    {"Enable=true", -ENOKEY, "Enable", "not recognized"},
    {"Enable.Other=true", -ENOKEY, "Enable.Other", "not recognized"},
    {"Item.1.Status.Detail=1", -ENOKEY, "Item.1.Status.Detail", "not recognized"},
    {"=x", -ENOKEY, "", "not recognized"},
    {"Tag.member.1=x", -ENOKEY, "Tag.member.1", "not recognized"},
    /* indexes */
    {"Id.2=b", -EINVAL, "Id.2", "expected an index from 1, in order"},
    {"Id.1=a&Id.3=b", -EINVAL, "Id.3", "in order"},
    {"Id.1=a&Id.1=b", -EINVAL, "Id.1", "in order"},
    {"Id.0=a", -EINVAL, "Id.0", "from 1"},
    {"Id.-1=a", -EINVAL, "Id.-1", "from 1"},
    {"Id.99999999999999999999=a", -EINVAL, NULL, "from 1"},
    {"Id.18446744073709551617=a", -EINVAL, NULL, "from 1"}, /* 2^64 + 1 */
    {"Id.x=a", -EINVAL, "Id.x", "from 1"},
    {"Id.=a", -EINVAL, "Id.", "from 1"},
    {"Id=a", -EINVAL, "Id", "expected Id.N"},
    {"Id.1.Value=a", -EINVAL, "Id.1.Value", "in order"},
    {"Id.1x=a", -EINVAL, "Id.1x", "in order"},
    {"Item=a", -EINVAL, "Item", "expected Item.N"},
    {"Item.1=a", -EINVAL, "Item.1", "expected Item.N.Member"},
    {"Item.2.Id=a", -EINVAL, "Item.2.Id", "from 1"},
    {"Item.1.Tag.2.Key=a&Item.1.Id=i", -EINVAL, "Item.1.Tag.2.Key", "from 1"},
    /* values */
    {"Enable.Value=yes", -EINVAL, "Enable.Value", "Expected true or false"},
    {"Enable.Value=True", -EINVAL, "Enable.Value", "(True)"},
    {"Enable.Value=", -EINVAL, "Enable.Value", "Expected true or false"},
    {"Item.1.Count=1x", -EINVAL, "Item.1.Count", "a whole number"},
    {"Item.1.Count=", -EINVAL, "Item.1.Count", "a whole number"},
    {"Item.1.Count=+1", -EINVAL, "Item.1.Count", "a whole number"},
    {"Item.1.Count=%2B1", -EINVAL, "Item.1.Count", "a whole number"},
    {"Item.1.Count=1-1", -EINVAL, "Item.1.Count", "a whole number"},
    {"Item.1.Count=9223372036854775808", -EINVAL, "Item.1.Count", "a whole number"},
    {"Item.1.Count=-9223372036854775808&Item.1.Id=i", 0, NULL, NULL},
    {"Item.1.Cidr=10.0.0.0", -EINVAL, "Item.1.Cidr", "a CIDR block"},
    {"Item.1.State=Available", -EINVAL, "Item.1.State", "Value (Available) for parameter"},
    {"Item.1.State=gone", -EINVAL, "Item.1.State", "is invalid"},
    /* what must be there */
    {"Item.1.Count=1", -ENODATA, "Item.1.Id", "must contain the parameter Item.1.Id"},
    {"Item.1.Id=i&Item.2.Count=1", -ENODATA, "Item.2.Id", "must contain"},
    {"Item.1.Id=i&Item.1.Status.Message=m", -ENODATA, "Item.1.Status.Code", "must contain"},
    {"Item.1.Id=i&Item.1.Status.Detail.Enabled=true", -ENODATA, "Item.1.Status.Code",
     "must contain"},
    {"Item.1.Id=i&Item.1.Owner.Value=v", -ENODATA, "Item.1.Owner.Key", "must contain"},
    {"Item.1.Id=i&Item.1.Tag.1.Value=v", -ENODATA, "Item.1.Tag.1.Key", "must contain"},
    {"Item.1.Id=", 0, NULL,
     NULL}, /* empty is there: whether that is right is the action's to say */
    /* encoding */
    {"NextToken=%", -EINVAL, "", "not form-encoded"},
    {"NextToken=%4", -EINVAL, "", "not form-encoded"},
    {"NextToken=%4g", -EINVAL, "", "not form-encoded"},
    {"NextToken=%00", -EINVAL, "", "not form-encoded"},
    {"Next%zzToken=1", -EINVAL, "", "not form-encoded"},
};

static void requests_are_judged(void **state)
{
    static const char *const ignored[] = {"DryRun", NULL};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new();
        struct shape_call call = {0};
        struct wire_error error = {.message = "", .name = ""};
        int r = wire_query_decode(arena, &shape_query, bodies[i].body, strlen(bodies[i].body),
                                  ignored, &call, &error);

        if (r != bodies[i].r)
            fail_msg("\"%s\" gave %d (%s)", bodies[i].body, r, error.message);
        if (r < 0 && !strstr(error.message, bodies[i].says))
            fail_msg("\"%s\" said \"%s\"", bodies[i].body, error.message);
        if (r < 0 && bodies[i].name && strcmp(error.name, bodies[i].name) != 0)
            fail_msg("\"%s\" named \"%s\"", bodies[i].body, error.name);
    }
}

static void a_request_may_be_nothing_or_hold_nul_bytes(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct shape_call call = {0};
    struct wire_error error;
    (void)state;

    assert_int_equal(wire_query_decode(arena, &shape_query, NULL, 0, NULL, &call, &error), 0);
    assert_int_equal(
        wire_query_decode(arena, &shape_query, "NextToken=a\0b", 13, NULL, &call, &error), -EINVAL);
}

static void long_names_are_refused(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct shape_call call = {0};
    struct wire_error error;
    (void)state;

    for (int i = 0; i < 300; i++)
        buf_char(&buf, 'x');
    buf_text(&buf, "=1");
    assert_int_equal(wire_query_decode(arena, &shape_query, buf.data, buf.n, NULL, &call, &error),
                     -ENOKEY);
    assert_non_null(strstr(error.message, "too long"));
}

/* Beyond what EC2 takes; each step of growth on the way. */
static void long_lists_grow_and_end(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf buf = {0};
    struct shape_call call = {0};
    struct wire_error error;
    (void)state;

    for (int i = 1; i <= 1000; i++)
        buf_printf(&buf, "%sItem.%d.Id=i-%d&Id.%d=v-%d", i > 1 ? "&" : "", i, i, i, i);
    assert_int_equal(wire_query_decode(arena, &shape_query, buf.data, buf.n, NULL, &call, &error),
                     0);
    assert_int_equal(call.items.n, 1000);
    assert_int_equal(call.ids.n, 1000);
    for (size_t i = 0; i < 1000; i++) {
        assert_string_equal(call.items.items[i].id, arena_printf(arena, "i-%zu", i + 1));
        assert_string_equal(call.ids.items[i], arena_printf(arena, "v-%zu", i + 1));
    }
    buf_text(&buf, "&Id.1001=x");
    call = (struct shape_call){0};
    assert_int_equal(wire_query_decode(arena, &shape_query, buf.data, buf.n, NULL, &call, &error),
                     -EINVAL);
}

static const struct {
    const char *plain, *uri, *uri_slash, *form;
} encodings[] = {
    {"", "", "", ""},
    {"AZaz09-_.~", "AZaz09-_.~", "AZaz09-_.~", "AZaz09-_.~"},
    {"a b", "a%20b", "a%20b", "a+b"},
    {"a/b", "a%2Fb", "a/b", "a%2Fb"},
    {"+&=%*", "%2B%26%3D%25%2A", "%2B%26%3D%25%2A", "%2B%26%3D%25%2A"},
    {"\x01\x7f\xff", "%01%7F%FF", "%01%7F%FF", "%01%7F%FF"},
    {"é", "%C3%A9", "%C3%A9", "%C3%A9"},
};

static void text_is_encoded_and_decoded(void **state)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    const char *decoded;
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(encodings); i++) {
        CLEANUP(buf_free)
        struct buf uri = {0};
        CLEANUP(buf_free)
        struct buf uri_slash = {0};
        CLEANUP(buf_free)
        struct buf form = {0};

        uri_encode(&uri, encodings[i].plain, false);
        uri_encode(&uri_slash, encodings[i].plain, true);
        form_encode(&form, encodings[i].plain);
        assert_string_equal(buf_string(&uri), encodings[i].uri);
        assert_string_equal(buf_string(&uri_slash), encodings[i].uri_slash);
        assert_string_equal(buf_string(&form), encodings[i].form);
        assert_int_equal(form_decode(arena, buf_string(&uri), uri.n, &decoded), 0);
        assert_string_equal(decoded, encodings[i].plain);
        assert_int_equal(form_decode(arena, buf_string(&form), form.n, &decoded), 0);
        assert_string_equal(decoded, encodings[i].plain);
    }
    assert_int_equal(form_decode(arena, "%e3%81%82", 9, &decoded), 0); /* lower case as well */
    assert_string_equal(decoded, "あ");
    assert_int_equal(form_decode(arena, "%41", 2, &decoded), -EINVAL); /* not beyond n */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_written),
        cmocka_unit_test(what_is_absent_is_not_written),
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(requests_are_judged),
        cmocka_unit_test(a_request_may_be_nothing_or_hold_nul_bytes),
        cmocka_unit_test(long_names_are_refused),
        cmocka_unit_test(long_lists_grow_and_end),
        cmocka_unit_test(text_is_encoded_and_decoded),
    };

    (void)shape_xml;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
