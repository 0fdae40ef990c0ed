/* client.h - a signed client of the simulator under a virtual clock, and a small world to ask
 * about. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef CLIENT_WITHOUT_CMOCKA /* the fuzzer */
#define fail_msg(...) abort()
#define assert_true(x) assert(x)
#define assert_int_equal(a, b) assert((a) == (b))
#else
#include <cmocka.h> /* after those three, as it wants */
#endif

#include "vpc_reconciled/simulator.h"

#define WALL_MS 1795000000000 /* 2026-11-18 */
#define HOST "127.0.0.1:8080"

struct client {
    struct simulator *simulator;
    struct instant now;
    struct arena *arena;
    struct simulator_response reply; /* of the last call */
    const char *access_key_id, *secret_access_key, *session_token, *region, *service;
    int64_t skew_ms; /* of the client's clock */
};

/* What the simulator is started with, for whoever wants it otherwise. */
static inline struct simulator_options client_simulator_options(uint64_t speed)
{
    return (struct simulator_options){
        .region = "ap-northeast-1",
        .account = "111122223333",
        .access_key_id = "test",
        .secret_access_key = "secret",
        .speed = speed,
        .seed = 7,
    };
}

static inline void client_start_with(struct client *client, const struct simulator_options *options)
{
    *client = (struct client){.now = {.monotonic_ms = 1000, .wall_ms = WALL_MS},
                              .arena = arena_new(),
                              .access_key_id = "test",
                              .secret_access_key = "secret",
                              .region = "ap-northeast-1",
                              .service = "ec2"};
    client->simulator = simulator_new(options);
}

static inline void client_start(struct client *client, uint64_t speed)
{
    const struct simulator_options options = client_simulator_options(speed);

    client_start_with(client, &options);
}

static inline void client_stop(struct client *client)
{
    buf_free(&client->reply.body);
    client->simulator = simulator_free(client->simulator);
    client->arena = arena_free(client->arena);
}

static inline void client_load(struct client *client, const char *world)
{
    struct json_error error = {0};
    int r = simulator_load(client->simulator, client->now, world, strlen(world), &error);

    if (r < 0)
        fail_msg("%u:%u: %s", error.place.line, error.place.column, error.message);
}

static inline void client_wait(struct client *client, uint64_t ms)
{
    client->now.monotonic_ms += ms;
    client->now.wall_ms += (int64_t)ms;
}

static inline void client_send(struct client *client, const struct simulator_request *request)
{
    buf_free(&client->reply.body);
    simulator_handle(client->simulator, client->now, request, &client->reply);
}

/* Signs and sends; n_signed of the headers are signed. */
static inline void client_send_signed(struct client *client, const char *method, const char *target,
                                      const char *body)
{
    char *keys[3] = {arena_strdup(client->arena, client->access_key_id),
                     arena_strdup(client->arena, client->secret_access_key),
                     arena_strdup(client->arena, client->session_token)};
    struct aws_credentials credentials = {keys[0], keys[1], keys[2]};
    int64_t wall_ms = client->now.wall_ms + client->skew_ms;
    const char *query = strchr(target, '?');
    char date[17];
    struct http_header headers[6] = {
        {"Host", HOST},
        {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
        {"X-Amz-Date", date}};
    size_t n = 3;
    struct sigv4_request to_sign = {.method = method,
                                    .path =
                                        arena_strndup(client->arena, target, strcspn(target, "?")),
                                    .query = query ? query + 1 : NULL,
                                    .headers = headers,
                                    .body = body,
                                    .body_n = strlen(body)};
    struct sigv4_scope scope = {client->region, client->service, wall_ms};
    struct sigv4_result result;

    time_compact(wall_ms, date);
    if (client->session_token)
        headers[n++] = (struct http_header){"X-Amz-Security-Token", client->session_token};
    to_sign.n_headers = n;
    assert_int_equal(sigv4_sign(client->arena, &to_sign, &scope, &credentials, &result), 0);
    headers[n++] = (struct http_header){"Authorization", result.authorization};
    client_send(client, &(const struct simulator_request){.method = method,
                                                          .target = target,
                                                          .headers = headers,
                                                          .n_headers = n,
                                                          .body = body,
                                                          .body_n = strlen(body)});
}

/* "CreateVpc&CidrBlock=..." -> the body of the reply. */
PRINTF_LIKE(2, 3)
static inline const char *client_ask(struct client *client, const char *format, ...)
{
    char parameters[8192], body[8300];
    va_list args;

    va_start(args, format);
    assert_true(vsnprintf(parameters, sizeof(parameters), format, args) < (int)sizeof(parameters));
    va_end(args);
    snprintf(body, sizeof(body), "Action=%s&Version=%s", parameters,
             text_equal(client->service, "sts") ? "2011-06-15" : "2016-11-15");
    client_send_signed(client, "POST", "/", body);
    return buf_string(&client->reply.body);
}

#define assert_code(client, expected)                                                              \
    do {                                                                                           \
        if (!text_equal((client)->reply.code, expected))                                           \
            fail_msg("expected code \"%s\", got \"%s\": %s", expected, (client)->reply.code,       \
                     buf_string(&(client)->reply.body));                                           \
    } while (0)
#define assert_ok(client) assert_code(client, "")

/* The content of the first such element of the last reply, "" when there is none. */
static inline const char *client_text(struct client *client, const char *element)
{
    const char *open = arena_printf(client->arena, "<%s>", element);
    const char *at = strstr(buf_string(&client->reply.body), open);

    if (!at)
        return "";
    at += strlen(open);
    return arena_strndup(client->arena, at, strcspn(at, "<"));
}

static inline size_t client_count(struct client *client, const char *text)
{
    size_t n = 0;

    for (const char *at = buf_string(&client->reply.body); (at = strstr(at, text)); at++)
        n++;
    return n;
}

#define assert_has(client, text)                                                                   \
    do {                                                                                           \
        if (client_count(client, text) == 0)                                                       \
            fail_msg("no %s in %s", text, buf_string(&(client)->reply.body));                      \
    } while (0)
#define assert_has_not(client, text)                                                               \
    do {                                                                                           \
        if (client_count(client, text) != 0)                                                       \
            fail_msg("%s in %s", text, buf_string(&(client)->reply.body));                         \
    } while (0)

/* ---- a world ---- */

#define VPC "vpc-0000000000000000a"
#define VPC_B "vpc-0000000000000000b"
#define SUBNET "subnet-0000000000000000a"
#define SUBNET_B "subnet-0000000000000000b" /* of VPC_B */
#define MAIN "rtb-0000000000000000a"
#define TABLE "rtb-0000000000000000c"
#define IGW "igw-0000000000000000a"
#define IGW_FREE "igw-0000000000000000c"
#define EIGW "eigw-0000000000000000a"
#define NAT "nat-0000000000000000a"
#define EIP "eipalloc-0000000000000000a"
#define EIP_FREE "eipalloc-0000000000000000c"
#define ENI "eni-0000000000000000a"

#define WORLD                                                                                      \
    "{\"vpcSet\": [{\"vpcId\": \"" VPC "\", \"cidrBlock\": \"10.0.0.0/16\",\n"                     \
    "   \"ipv6CidrBlockAssociationSet\": [{\"ipv6CidrBlock\": \"2001:db8:a::/56\"}],\n"            \
    "   \"tagSet\": [{\"key\": \"Name\", \"value\": \"orders\"}]},\n"                              \
    "  {\"vpcId\": \"" VPC_B "\", \"cidrBlock\": \"10.1.0.0/16\"}],\n"                             \
    "\"subnetSet\": [{\"subnetId\": \"" SUBNET "\", \"vpcId\": \"" VPC "\",\n"                     \
    "   \"cidrBlock\": \"10.0.0.0/24\", \"availabilityZone\": \"ap-northeast-1a\",\n"              \
    "   \"ipv6CidrBlockAssociationSet\": [{\"ipv6CidrBlock\": \"2001:db8:a::/64\"}]},\n"           \
    "  {\"subnetId\": \"" SUBNET_B "\", \"vpcId\": \"" VPC_B "\",\n"                               \
    "   \"cidrBlock\": \"10.1.0.0/24\", \"availabilityZone\": \"ap-northeast-1c\"}],\n"            \
    "\"routeTableSet\": [{\"routeTableId\": \"" MAIN "\", \"vpcId\": \"" VPC "\",\n"               \
    "   \"associationSet\": [{\"main\": true,\n"                                                   \
    "     \"routeTableAssociationId\": \"rtbassoc-0000000000000000a\"}],\n"                        \
    "   \"routeSet\": [{\"destinationCidrBlock\": \"10.9.0.0/16\",\n"                              \
    "      \"gatewayId\": \"vgw-0000000000000000a\",\n"                                            \
    "      \"origin\": \"EnableVgwRoutePropagation\"}]},\n"                                        \
    "  {\"routeTableId\": \"rtb-0000000000000000b\", \"vpcId\": \"" VPC_B "\",\n"                  \
    "   \"associationSet\": [{\"main\": true}]},\n"                                                \
    "  {\"routeTableId\": \"" TABLE "\", \"vpcId\": \"" VPC "\",\n"                                \
    "   \"associationSet\": [{\"subnetId\": \"" SUBNET "\",\n"                                     \
    "     \"routeTableAssociationId\": \"rtbassoc-0000000000000000c\"}],\n"                        \
    "   \"routeSet\": [{\"destinationCidrBlock\": \"0.0.0.0/0\", \"gatewayId\": \"" IGW "\"},\n"   \
    "     {\"destinationIpv6CidrBlock\": \"::/0\",\n"                                              \
    "      \"egressOnlyInternetGatewayId\": \"" EIGW "\"},\n"                                      \
    "     {\"destinationCidrBlock\": \"10.7.0.0/16\",\n"                                           \
    "      \"transitGatewayId\": \"tgw-0000000000000000a\", \"state\": \"blackhole\"},\n"          \
    "     {\"destinationCidrBlock\": \"10.8.0.0/16\",\n"                                           \
    "      \"vpcPeeringConnectionId\": \"pcx-0000000000000000a\"},\n"                              \
    "     {\"destinationCidrBlock\": \"192.0.2.0/24\", \"natGatewayId\": \"" NAT "\"},\n"          \
    "     {\"destinationPrefixListId\": \"pl-61a54008\",\n"                                        \
    "      \"gatewayId\": \"vpce-0000000000000000a\"}]}],\n"                                       \
    "\"internetGatewaySet\": [{\"internetGatewayId\": \"" IGW "\",\n"                              \
    "   \"attachmentSet\": [{\"vpcId\": \"" VPC "\"}]},\n"                                         \
    "  {\"internetGatewayId\": \"" IGW_FREE "\"}],\n"                                              \
    "\"egressOnlyInternetGatewaySet\": [{\"egressOnlyInternetGatewayId\": \"" EIGW "\",\n"         \
    "   \"attachmentSet\": [{\"vpcId\": \"" VPC "\"}]}],\n"                                        \
    "\"natGatewaySet\": [{\"natGatewayId\": \"" NAT "\", \"subnetId\": \"" SUBNET "\",\n"          \
    "   \"natGatewayAddressSet\": [{\"allocationId\": \"" EIP "\"}]}],\n"                          \
    "\"addressesSet\": [{\"allocationId\": \"" EIP "\", \"publicIp\": \"203.0.113.1\"},\n"         \
    "  {\"allocationId\": \"" EIP_FREE "\", \"publicIp\": \"203.0.113.2\"}],\n"                    \
    "\"networkInterfaceSet\": [{\"networkInterfaceId\": \"" ENI "\",\n"                            \
    "   \"subnetId\": \"" SUBNET "\", \"privateIpAddress\": \"10.0.0.9\"},\n"                      \
    "  {\"networkInterfaceId\": \"eni-0000000000000000b\", \"subnetId\": \"" SUBNET "\",\n"        \
    "   \"privateIpAddress\": \"10.0.0.10\", \"status\": \"in-use\",\n"                            \
    "   \"operator\": {\"managed\": true, \"principal\": \"scaler.lambda.amazonaws.com\",\n"       \
    "     \"hiddenByDefault\": true}}]}\n"
