/* floor.c - the least that a pass can cost: fetch the replies of its Describes over one kept-alive
 * connection with libcurl, and run expat over them with handlers that do nothing.
 *
 * floor URL VPC-ID PASSES   prints {"passes","calls","bytes","cpu_ms_per_pass"} as JSON */
#include "vpc_reconciled/ec2.h"

#include <curl/curl.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static const struct {
    enum ec2_action action;
    bool by_vpc;
} calls[] = {
    {EC2_DESCRIBE_VPCS, true},
    {EC2_DESCRIBE_SUBNETS, true},
    {EC2_DESCRIBE_ROUTE_TABLES, true},
    {EC2_DESCRIBE_INTERNET_GATEWAYS, false},
    {EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS, false},
    {EC2_DESCRIBE_NAT_GATEWAYS, true},
    {EC2_DESCRIBE_ADDRESSES, false},
    {EC2_DESCRIBE_NETWORK_INTERFACES, true},
    {EC2_DESCRIBE_AVAILABILITY_ZONES, false},
    {EC2_DESCRIBE_MANAGED_PREFIX_LISTS, false},
    {EC2_DESCRIBE_SECURITY_GROUPS, true},
    {EC2_DESCRIBE_NETWORK_ACLS, true},
    {EC2_DESCRIBE_VPC_ENDPOINTS, true},
};

static void on_start(void *context, const char *name, const char **attributes)
{
    (void)context;
    (void)name;
    (void)attributes;
}

static void on_end(void *context, const char *name)
{
    (void)context;
    (void)name;
}

static void on_text(void *context, const char *text, int n)
{
    (void)context;
    (void)text;
    (void)n;
}

struct transfer {
    XML_Parser parser;
    size_t bytes;
};

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *transfer = context;

    transfer->bytes += size * n;
    return XML_Parse(transfer->parser, bytes, (int)(size * n), 0) == XML_STATUS_OK ? n : 0;
}

static void encode(struct buf *body, size_t i, const char *vpc_id)
{
    struct ec2_filter filter = {.name = "vpc-id", .values = {.items = &vpc_id, .n = 1}};
    struct ec2_describe_request request = {0};
    uint16_t page_max = ec2_action_table[calls[i].action].page_max;

    if (calls[i].by_vpc) {
        request.filters.items = &filter;
        request.filters.n = 1;
    }
    if (page_max)
        request.max_results = (struct wire_int){page_max, true};
    if (calls[i].action == EC2_DESCRIBE_NETWORK_INTERFACES)
        request.include_managed_resources = WIRE_TRUE;
    if (ec2_request_encode(body, calls[i].action, &request, true) < 0)
        abort();
}

static struct curl_slist *sign(struct arena *arena, const char *host, const struct buf *body)
{
    static char key[] = "test", secret[] = "test";
    const struct aws_credentials credentials = {key, secret, NULL};
    const int64_t now_ms = (int64_t)time(NULL) * 1000;
    const struct sigv4_scope scope = {"ap-northeast-1", "ec2", now_ms};
    char date[17];
    struct http_header headers[] = {
        {"Host", host},
        {"X-Amz-Date", date},
        {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
    };
    const struct sigv4_request request = {.method = "POST",
                                          .path = "/",
                                          .headers = headers,
                                          .n_headers = ARRAY_SIZE(headers),
                                          .body = body->data,
                                          .body_n = body->n};
    struct sigv4_result result;
    struct curl_slist *list = NULL;

    time_compact(now_ms, date);
    if (sigv4_sign(arena, &request, &scope, &credentials, &result) < 0)
        abort();
    for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
        list = curl_slist_append(list,
                                 arena_printf(arena, "%s: %s", headers[i].name, headers[i].value));
    return curl_slist_append(list, arena_printf(arena, "Authorization: %s", result.authorization));
}

static size_t fetch(CURL *easy, const char *host, size_t i, const char *vpc_id)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf body = {0};
    struct transfer transfer = {.parser = XML_ParserCreate(NULL)};
    struct curl_slist *headers;
    long status = 0;

    encode(&body, i, vpc_id);
    headers = sign(arena, host, &body);
    XML_SetElementHandler(transfer.parser, on_start, on_end);
    XML_SetCharacterDataHandler(transfer.parser, on_text);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)body.n);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    if (curl_easy_perform(easy) != CURLE_OK ||
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200 ||
        XML_Parse(transfer.parser, "", 0, 1) != XML_STATUS_OK) {
        fprintf(stderr, "floor: %s: status %ld\n", ec2_action_table[calls[i].action].name, status);
        exit(1);
    }
    XML_ParserFree(transfer.parser);
    curl_slist_free_all(headers);
    return transfer.bytes;
}

static double cpu_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

int main(int argc, char **argv)
{
    const char *host = argc == 4 ? strstr(argv[1], "://") : NULL;
    const char *bundle = getenv("AWS_CA_BUNDLE");
    int passes = host ? atoi(argv[3]) : 0;
    size_t bytes = 0;
    double began_ms;
    CURL *easy;

    if (passes < 1) {
        fprintf(stderr, "floor URL VPC-ID PASSES\n");
        return 64;
    }
    host += 3;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (bundle)
        curl_easy_setopt(easy, CURLOPT_CAINFO, bundle);
    for (size_t i = 0; i < ARRAY_SIZE(calls);
         i++) /* the handshake is not counted, as it is not for the daemon */
        fetch(easy, host, i, argv[2]);
    began_ms = cpu_ms();
    for (int pass = 0; pass < passes; pass++)
        for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
            bytes += fetch(easy, host, i, argv[2]);
    printf("{\"passes\": %d, \"calls\": %zu, \"bytes\": %zu, \"cpu_ms_per_pass\": %.3f}\n", passes,
           ARRAY_SIZE(calls), bytes / (size_t)passes, (cpu_ms() - began_ms) / passes);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return 0;
}
