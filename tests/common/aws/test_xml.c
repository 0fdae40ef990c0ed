/* Replies: XML as its bytes arrive into structs, and structs as XML. */
#include "tests/common/aws/shape.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LIMIT ((size_t)16 << 20)

struct decoded {
    struct arena *arena;
    struct shape_call call;
    struct wire_error error;
    struct aws_error aws;
    int r;
};

/* In pieces of step bytes; shape NULL: as an error document. */
static void decode(struct decoded *decoded, const struct wire_shape *shape, const char *bytes,
                   size_t n, size_t step, size_t limit)
{
    struct arena *arena = arena_new();
    struct xml_decoder *decoder;

    *decoded = (struct decoded){.arena = arena};
    decoder =
        xml_decoder_new(arena, shape, "CallResponse", "Call", &decoded->call, &decoded->aws, limit);
    for (size_t at = 0; at < n && decoded->r >= 0; at += step)
        decoded->r = xml_decoder_feed(decoder, bytes + at, n - at < step ? n - at : step, false,
                                      &decoded->error);
    if (decoded->r >= 0)
        decoded->r = xml_decoder_feed(decoder, NULL, 0, true, &decoded->error);
    else
        assert_int_equal(xml_decoder_feed(decoder, NULL, 0, true, NULL),
                         decoded->r); /* it stays so */
    assert_null(xml_decoder_free(decoder));
}

static void decoded_clear(struct decoded *decoded)
{
    decoded->arena = arena_free(decoded->arena);
}

static char *encoded(const struct shape_call *call)
{
    struct buf buf = {0};

    wire_xml_encode(&buf, &shape_xml, call);
    buf_text(&buf, "");
    return buf.data;
}

static const char full_text[] =
    "<requestId>r-1</requestId>"
    "<itemSet><item><itemId>i-1</itemId><main>true</main><count>-5</count><state>available</state>"
    "<looseState>pending</looseState><cidrBlock>2001:db8::/56</cidrBlock>"
    "<status><code>c</code><message>m &lt;&amp;&gt; &quot;'&#xD;\n</message>"
    "<detail><enabled>false</enabled></detail></status><owner><key>k</key><value>v</value></owner>"
    "<tagSet><item><key>a</key><value></value></item><item><key>日本</key></item></tagSet>"
    "<nameSet><item>x</item><item></item></nameSet></item>"
    "<item><itemId>i-2</itemId><tagSet/><nameSet></nameSet></item></itemSet>"
    "<idSet><item>v-1</item></idSet><enable><value>true</value></enable>"
    "<nextToken>a+b</nextToken>";

static char *document(const char *content)
{
    char *text;

    assert_true(asprintf(&text,
                         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<CallResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">%s"
                         "</CallResponse>",
                         content) > 0);
    return text;
}

static void every_kind_is_read_and_written(void **state)
{
    char *text = document(full_text), *again;
    struct decoded decoded;
    const struct shape_item *item;
    (void)state;

    decode(&decoded, &shape_xml, text, strlen(text), strlen(text), LIMIT);
    assert_int_equal(decoded.r, 0);
    assert_int_equal(decoded.call.items.n, 2);
    item = &decoded.call.items.items[0];
    assert_string_equal(item->id, "i-1");
    assert_int_equal(item->main, WIRE_TRUE);
    assert_true(item->count.set && item->count.value == -5);
    assert_int_equal(item->state, SHAPE_AVAILABLE);
    assert_int_equal(item->loose_state, SHAPE_PENDING);
    assert_int_equal(item->cidr.length, 56);
    assert_string_equal(item->message, "m <&> \"'\r\n");
    assert_int_equal(item->code_enabled, WIRE_FALSE);
    assert_string_equal(item->owner.key, "k");
    assert_int_equal(item->tags.n, 2);
    assert_string_equal(item->tags.items[0].value, "");
    assert_string_equal(item->tags.items[1].key, "日本");
    assert_null(item->tags.items[1].value);
    assert_int_equal(item->names.n, 2);
    assert_string_equal(item->names.items[1], "");
    item++;
    assert_true(item->tags.seen && item->tags.n == 0);
    assert_true(item->names.seen && item->names.n == 0);
    assert_int_equal(item->main, WIRE_ABSENT);
    assert_false(item->count.set);
    assert_string_equal(decoded.call.ids.items[0], "v-1");
    assert_int_equal(decoded.call.enabled, WIRE_TRUE);
    assert_string_equal(decoded.call.next_token, "a+b");
    again = encoded(&decoded.call);
    assert_string_equal(again, full_text);
    free(again);
    free(text);
    decoded_clear(&decoded);
}

/* Wherever the network cuts, inside a character, an entity or a tag as well. */
static void pieces_equal_the_whole(void **state)
{
    char *text = document(full_text);
    (void)state;

    for (size_t step = 1; step < 40; step++) {
        struct decoded decoded;
        char *again;

        decode(&decoded, &shape_xml, text, strlen(text), step, LIMIT);
        assert_int_equal(decoded.r, 0);
        again = encoded(&decoded.call);
        assert_string_equal(again, full_text);
        free(again);
        decoded_clear(&decoded);
    }
    free(text);
}

/* Cut anywhere, it is never taken for whole. */
static void no_beginning_is_whole(void **state)
{
    char *text = document(full_text);
    size_t n = strlen(text);
    (void)state;

    for (size_t cut = 0; cut < n; cut++) {
        struct decoded decoded;

        decode(&decoded, &shape_xml, text, cut, n, LIMIT);
        if (decoded.r != -EBADMSG || !decoded.error.message[0])
            fail_msg("cut at %zu gave %d", cut, decoded.r);
        decoded_clear(&decoded);
    }
    free(text);
}

#define ROOT(content) "<CallResponse>" content "</CallResponse>"

static const struct {
    const char *name, *text;
    int r;
    const char *says; /* of the error, or the call written again */
} documents[] = {
    {"root without its suffix", "<Call><itemSet/></Call>", 0, "<itemSet/>"},
    {"an unknown element",
     ROOT("<new><itemSet><item><itemId>x</itemId></item></itemSet>t</new><itemSet/>"), 0,
     "<itemSet/>"},
    {"attributes", ROOT("<itemSet a='1'><item b='2'><itemId c='3'>i</itemId></item></itemSet>"), 0,
     "<itemSet><item><itemId>i</itemId></item></itemSet>"},
    {"pretty-printed",
     "\n <!-- c -->\n<CallResponse>\n  <itemSet>\n\t<item>\n <itemId>i</itemId>\r\n"
     "<main>true</main> </item>\n </itemSet>\n <idSet>\n "
     "<item>v</item>\n</idSet>\n</CallResponse>\n\n",
     0,
     "<itemSet><item><itemId>i</itemId><main>true</main></item></itemSet><idSet><item>v</item></"
     "idSet>"},
    {"another order", ROOT("<nextToken>t</nextToken><itemSet/><requestId>r</requestId>"), 0,
     "<requestId>r</requestId><itemSet/><nextToken>t</nextToken>"},
    {"an alias", ROOT("<itemSet><item><oldItemId>i</oldItemId></item></itemSet>"), 0,
     "<itemSet><item><itemId>i</itemId></item></itemSet>"},
    {"an unknown word",
     ROOT("<itemSet><item><itemId>i</itemId><state>new</state></item></itemSet>"), 0,
     "<itemSet><item><itemId>i</itemId></item></itemSet>"},
    {"a word in another case",
     ROOT("<itemSet><item><itemId>i</itemId><state>Available</state><looseState>AvailAble</"
          "looseState>"
          "</item></itemSet>"),
     0, "<itemSet><item><itemId>i</itemId><looseState>available</looseState></item></itemSet>"},
    {"host bits",
     ROOT("<itemSet><item><itemId>i</itemId><cidrBlock>10.0.0.9/24</cidrBlock></item></itemSet>"),
     0, "<itemSet><item><itemId>i</itemId><cidrBlock>10.0.0.0/24</cidrBlock></item></itemSet>"},
    {"CDATA and character references",
     ROOT("<itemSet/><nextToken><![CDATA[<a&]]>&#x3e;b</nextToken>"), 0,
     "<itemSet/><nextToken>&lt;a&amp;&gt;b</nextToken>"},
    {"text around an element inside a leaf", ROOT("<itemSet/><nextToken>a<b>c</b>d</nextToken>"), 0,
     "<itemSet/><nextToken>ad</nextToken>"},
    {"a list inside a leaf", ROOT("<itemSet/><nextToken>a<item>c</item></nextToken>"), 0,
     "<itemSet/><nextToken>a</nextToken>"},
    {"an item inside an item of text",
     ROOT("<itemSet/><idSet><item>a<item>b</item>c</item></idSet>"), 0,
     "<itemSet/><idSet><item>ac</item></idSet>"},
    {"what is no item in a list",
     ROOT("<itemSet>x<member><itemId>i</itemId></member></itemSet>"
          "<idSet>y<member>z</member></idSet>"),
     0, "<itemSet/><idSet></idSet>"},
    {"the list twice",
     ROOT("<itemSet><item><itemId>a</itemId></item></itemSet>"
          "<itemSet><item><itemId>b</itemId></item></itemSet>"),
     0, "<itemSet><item><itemId>a</itemId></item><item><itemId>b</itemId></item></itemSet>"},
    {"a processing instruction", "<?xml-stylesheet href='x'?>" ROOT("<itemSet/>"), 0, "<itemSet/>"},
    {"Latin 1",
     "<?xml version='1.0' encoding='ISO-8859-1'?>" ROOT("<itemSet/><nextToken>\xe9</nextToken>"), 0,
     "<itemSet/><nextToken>é</nextToken>"},
    {"no list", ROOT("<requestId>r</requestId>"), -EBADMSG, "<CallResponse> has no <itemSet>"},
    {"no list in an empty root", "<CallResponse/>", -EBADMSG, "has no <itemSet>"},
    {"an item without its id", ROOT("<itemSet><item><main>true</main></item></itemSet>"), -EBADMSG,
     "<item> has no <itemId>"},
    {"an empty item", ROOT("<itemSet><item/></itemSet>"), -EBADMSG, "<item> has no <itemId>"},
    {"a group without its code",
     ROOT(
         "<itemSet><item><itemId>i</itemId><status><message>m</message></status></item></itemSet>"),
     -EBADMSG, "<status> has no <code>"},
    {"a group of its own without its key",
     ROOT("<itemSet><item><itemId>i</itemId><owner><value>v</value></owner></item></itemSet>"),
     -EBADMSG, "<owner> has no <key>"},
    {"not a bool", ROOT("<itemSet><item><itemId>i</itemId><main>yes</main></item></itemSet>"),
     -EBADMSG, "<main> holds \"yes\", expected true or false"},
    {"not a number", ROOT("<itemSet><item><itemId>i</itemId><count>1e3</count></item></itemSet>"),
     -EBADMSG, "expected a whole number"},
    {"not a prefix",
     ROOT("<itemSet><item><itemId>i</itemId><cidrBlock>10.0.0.0</cidrBlock></item></itemSet>"),
     -EBADMSG, "expected a CIDR block"},
    {"empty", "", -EBADMSG, "no element found"},
    {"only white space", "  \n ", -EBADMSG, "no element found"},
    {"another action's reply", "<OtherResponse><itemSet/></OtherResponse>", -EBADMSG,
     "the root element is <OtherResponse>, expected <CallResponse>"},
    {"an error with status 200",
     "<Response><Errors><Error><Code>X</Code></Error></Errors></Response>", -EBADMSG,
     "root element"},
    {"HTML", "<html><body>Bad gateway</body></html>", -EBADMSG, "the root element is <html>"},
    {"HTML that is not XML", "<!doctype html><html><br></html>", -EBADMSG, NULL},
    {"JSON", "{\"itemSet\": []}", -EBADMSG, "line 1, column 1"},
    {"bytes after the root", ROOT("<itemSet/>") "x", -EBADMSG, "junk after document element"},
    {"a second document", ROOT("<itemSet/>") ROOT("<itemSet/>"), -EBADMSG,
     "junk after document element"},
    {"a wrong closing tag", "<CallResponse><itemSet></CallResponse>", -EBADMSG, "mismatched tag"},
    {"broken UTF-8", ROOT("<itemSet/><nextToken>\xff</nextToken>"), -EBADMSG, "invalid token"},
    {"a control character", ROOT("<itemSet/><nextToken>\x01</nextToken>"), -EBADMSG,
     "invalid token"},
    {"a NUL by reference", ROOT("<itemSet/><nextToken>&#0;</nextToken>"), -EBADMSG, "invalid"},
    {"an undefined entity", ROOT("<itemSet/><nextToken>&nbsp;</nextToken>"), -EBADMSG,
     "undefined entity"},
    {"a DTD", "<!DOCTYPE CallResponse>" ROOT("<itemSet/>"), -EPERM, "DTD"},
    {"a DTD elsewhere",
     "<!DOCTYPE CallResponse SYSTEM 'http://169.254.169.254/'>" ROOT("<itemSet/>"), -EPERM, "DTD"},
    {"an external entity",
     "<!DOCTYPE c [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" ROOT(
         "<itemSet/><nextToken>&e;</nextToken>"),
     -EPERM, "DTD"},
    {"entity amplification",
     "<?xml version='1.0'?><!DOCTYPE c [<!ENTITY a 'aaaaaaaaaaaaaaaa'>"
     "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>"
     "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'>]>" ROOT(
         "<itemSet/><nextToken>&e;&e;&e;&e;&e;&e;&e;&e;</nextToken>"),
     -EPERM, "DTD"},
};

static void documents_are_judged(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(documents); i++)
        for (int bytewise = 0; bytewise < 2; bytewise++) {
            size_t n = strlen(documents[i].text);
            struct decoded decoded;

            decode(&decoded, &shape_xml, documents[i].text, n, bytewise ? 1 : n + 1, LIMIT);
            /* Lower-case "doctype" is not well-formed XML: it may fail as either. */
            if (decoded.r != documents[i].r)
                fail_msg("%s: gave %d (%s)", documents[i].name, decoded.r, decoded.error.message);
            if (decoded.r < 0 && documents[i].says &&
                !strstr(decoded.error.message, documents[i].says))
                fail_msg("%s: said \"%s\"", documents[i].name, decoded.error.message);
            if (decoded.r == 0) {
                char *again = encoded(&decoded.call);

                if (strcmp(again, documents[i].says) != 0)
                    fail_msg("%s: gave %s", documents[i].name, again);
                free(again);
            }
            decoded_clear(&decoded);
        }
}

static struct decoded decode_repeated(const char *before, const char *again, size_t times,
                                      const char *after, size_t step, size_t limit)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct decoded decoded;

    buf_text(&text, before);
    for (size_t i = 0; i < times; i++)
        buf_text(&text, again);
    buf_text(&text, after);
    decode(&decoded, &shape_xml, text.data, text.n, step, limit);
    return decoded;
}

static const struct {
    const char *name, *before, *again;
    size_t times;
    const char *after;
    size_t step, limit;
    int r;
    const char *says;
} sizes[] = {
    {"as deep as may be", "<CallResponse>", "<a>", 23, "", 1000, LIMIT, -EBADMSG,
     "no element found"},
    {"too deep", "<CallResponse>", "<a>", 24, "", 1000, LIMIT, -EBADMSG, "nested deeper than 24"},
    {"far too deep", "<CallResponse>", "<a>", 1000000, "", 16384, LIMIT, -EBADMSG, "nested deeper"},
    {"a leaf of 64 KB", "<CallResponse><itemSet/><nextToken>", "0123456789abcdef", 4096,
     "</nextToken></CallResponse>", 1000, LIMIT, 0, NULL},
    {"a larger leaf", "<CallResponse><itemSet/><nextToken>", "0123456789abcdef", 4097,
     "</nextToken></CallResponse>", 1000, LIMIT, -EFBIG, "more than 65536 bytes of text"},
    {"a large leaf that nobody reads", "<CallResponse><itemSet/><other>", "0123456789abcdef", 50000,
     "</other></CallResponse>", 16384, LIMIT, 0, NULL},
    {"up to the limit", "<CallResponse><itemSet/>", "<a/>", 10, "</CallResponse>", 7, 79, 0, NULL},
    {"over the limit", "<CallResponse><itemSet/>", "<a/>", 10, "</CallResponse>", 7, 78, -EFBIG,
     "larger than 78 bytes"},
    {"white space without end", "<CallResponse>", "                ", 100000, "", 4096, 1000000,
     -EFBIG, "larger than 1000000 bytes"},
    {"a comment", "<CallResponse><!--", "0123456789abcdef", 10000, "--><itemSet/></CallResponse>",
     1000, LIMIT, 0, NULL},
    /* expat scans from the start of the comment with each piece */
    {"a comment without end", "<CallResponse><!--", "0123456789abcdef", 1000000, "", 1000, LIMIT,
     -EFBIG, "a tag or comment is longer"},
    {"a tag without end", "<CallResponse><itemSet ", "a='b' ", 1000000, "", 1000, LIMIT, -EFBIG,
     "a tag or comment is longer"},
};

static void sizes_are_bounded(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct decoded decoded = decode_repeated(sizes[i].before, sizes[i].again, sizes[i].times,
                                                 sizes[i].after, sizes[i].step, sizes[i].limit);

        if (decoded.r != sizes[i].r)
            fail_msg("%s: gave %d (%s)", sizes[i].name, decoded.r, decoded.error.message);
        if (decoded.r < 0 && !strstr(decoded.error.message, sizes[i].says))
            fail_msg("%s: said \"%s\"", sizes[i].name, decoded.error.message);
        decoded_clear(&decoded);
    }
}

static void long_lists_are_whole(void **state)
{
    struct decoded decoded =
        decode_repeated("<CallResponse><itemSet>",
                        "<item><itemId>i</itemId><nameSet><item>n</item></nameSet></item>", 20000,
                        "</itemSet></CallResponse>", 16384, LIMIT);
    (void)state;

    assert_int_equal(decoded.r, 0);
    assert_int_equal(decoded.call.items.n, 20000);
    for (size_t i = 0; i < 20000; i++) {
        assert_string_equal(decoded.call.items.items[i].id, "i");
        assert_int_equal(decoded.call.items.items[i].names.n, 1);
    }
    decoded_clear(&decoded);
}

static void nothing_is_taken_after_the_end(void **state)
{
    static const char text[] = ROOT("<itemSet/>");
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct shape_call call = {0};
    struct wire_error error;
    struct xml_decoder *decoder =
        xml_decoder_new(arena, &shape_xml, "CallResponse", NULL, &call, NULL, LIMIT);
    (void)state;

    assert_int_equal(xml_decoder_feed(decoder, text, strlen(text), true, &error), 0);
    assert_int_equal(xml_decoder_feed(decoder, " ", 1, true, &error), -EBADMSG);
    xml_decoder_free(decoder);
    /* without an alias the suffix is part of the name */
    decoder = xml_decoder_new(arena, &shape_xml, "CallResponse", NULL, &call, NULL, LIMIT);
    assert_int_equal(xml_decoder_feed(decoder, "<Call>", 6, false, &error), -EBADMSG);
    xml_decoder_free(decoder);
    assert_null(xml_decoder_free(NULL));
}

static const struct {
    const char *name, *text;
    int r;
    const char *code, *message, *request_id;
} errors[] = {
    {"EC2",
     "<?xml version=\"1.0\" "
     "encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>InvalidVpcID.NotFound"
     "</Code><Message>The vpc ID 'vpc-1' does not exist</Message></Error></Errors>"
     "<RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>",
     0, "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist",
     "ea966190-f9aa-478e-9ede-example"},
    {"STS",
     "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    "
     "<Type>Sender</Type>"
     "\n    <Code>ExpiredToken</Code>\n    <Message>expired &amp; gone</Message>\n  </Error>\n"
     "  <RequestId>r-2</RequestId>\n</ErrorResponse>\n",
     0, "ExpiredToken", "expired & gone", "r-2"},
    {"without a message", "<Response><Errors><Error><Code>X</Code></Error></Errors></Response>", 0,
     "X", "", ""},
    {"without a code", "<Response><Errors><Error><Message>m</Message></Error></Errors></Response>",
     -EBADMSG, "", "", ""},
    {"without an error", "<Response><RequestID>r</RequestID></Response>", -EBADMSG, "", "", ""},
    {"with an empty code", "<Response><Errors><Error><Code/></Error></Errors></Response>", -EBADMSG,
     "", "", ""},
    {"cut short", "<Response><Errors><Error><Code>X</Code></Error></Errors>", -EBADMSG, "", "", ""},
    {"HTML", "<html><body>503</body></html>", -EBADMSG, "", "", ""},
    {"a reply", "<CallResponse/>", -EBADMSG, "", "", ""},
    {"with a DTD", "<!DOCTYPE x><Response/>", -EPERM, "", "", ""},
};

static void error_documents_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
        for (size_t step = 1; step < 2000; step += 1998) {
            struct decoded decoded;

            decode(&decoded, NULL, errors[i].text, strlen(errors[i].text), step, LIMIT);
            if (decoded.r != errors[i].r)
                fail_msg("%s: gave %d (%s)", errors[i].name, decoded.r, decoded.error.message);
            assert_string_equal(decoded.aws.code, errors[i].code);
            assert_string_equal(decoded.aws.message, errors[i].message);
            assert_string_equal(decoded.aws.request_id, errors[i].request_id);
            decoded_clear(&decoded);
        }
}

/* What AWS says may be longer than what we keep of it. */
static void long_errors_are_cut(void **state)
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct decoded decoded;
    (void)state;

    buf_text(&text, "<Response><Errors><Error><Code>");
    for (int i = 0; i < 2000; i++)
        buf_char(&text, 'c');
    buf_text(&text, "</Code></Error></Errors></Response>");
    decode(&decoded, NULL, text.data, text.n, text.n, LIMIT);
    assert_int_equal(decoded.r, 0);
    assert_int_equal(strlen(decoded.aws.code), sizeof(decoded.aws.code) - 1);
    decoded_clear(&decoded);
}

static const struct {
    const char *text, *xml;
} escapes[] = {
    {"plain", "plain"},
    {"<a href=\"x\">&amp;'</a>", "&lt;a href=&quot;x&quot;&gt;&amp;amp;'&lt;/a&gt;"},
    {"\t\n\r", "\t\n&#xD;"},
    {"\x01\x1f", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"é日本\xf0\x9f\x98\x80", "é日本\xf0\x9f\x98\x80"},
    {"\x7f", "\x7f"},
    /* no UTF-8: a lone byte, overlong forms, a surrogate, beyond U+10FFFF, cut short */
    {"a\xff"
     "b",
     "a\xEF\xBF\xBD"
     "b"},
    {"\xc0\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xe0\x80\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xf4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xe6\x97", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xef\xbf\xbf", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* U+FFFF */
};

static void text_is_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
        struct shape_call call = {.next_token = escapes[i].text};
        struct decoded decoded;
        char *xml = encoded(&call), *expected, *whole;

        assert_true(asprintf(&expected, "<nextToken>%s</nextToken>", escapes[i].xml) > 0);
        assert_string_equal(xml, expected);
        assert_true(asprintf(&whole, "<CallResponse><itemSet/>%s</CallResponse>", xml) > 0);
        decode(&decoded, &shape_xml, whole, strlen(whole), strlen(whole), LIMIT);
        assert_int_equal(decoded.r, 0); /* whatever was put in, a parser takes it */
        if (!strstr(escapes[i].xml, "\xEF\xBF\xBD"))
            assert_string_equal(decoded.call.next_token, escapes[i].text);
        decoded_clear(&decoded);
        free(xml);
        free(expected);
        free(whole);
    }
}

static void a_seen_list_is_written_and_an_absent_one_is_not(void **state)
{
    struct shape_call call = {0};
    char *xml = encoded(&call);
    (void)state;

    assert_string_equal(xml, "");
    free(xml);
    call.items.seen = true;
    call.ids.seen = true;
    xml = encoded(&call);
    assert_string_equal(xml, "<itemSet/><idSet></idSet>");
    free(xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_and_written),
        cmocka_unit_test(pieces_equal_the_whole),
        cmocka_unit_test(no_beginning_is_whole),
        cmocka_unit_test(documents_are_judged),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(long_lists_are_whole),
        cmocka_unit_test(nothing_is_taken_after_the_end),
        cmocka_unit_test(error_documents_are_read),
        cmocka_unit_test(long_errors_are_cut),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(a_seen_list_is_written_and_an_absent_one_is_not),
    };

    (void)shape_query;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
