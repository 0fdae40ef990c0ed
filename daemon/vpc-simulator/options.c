#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vpc_reconciled/simulator.h"

#define VISIBILITY_MAX_MS 86400000 /* a day */

/* One row for each option: what getopt_long and --help are made from. */
static const struct option_row {
    char letter;
    const char *name, *argument, *help;
} option_table[] = {
    {'l', "listen", "ADDR:PORT",
     "where to answer, on loopback (127.0.0.1:0; port 0 picks a free one)"},
    {'w', "world", "FILE", "start with this world: JSON with EC2's element names"},
    {'d', "dump", "FILE", "write the world there at the end and on SIGUSR1"},
    {'L', "log", "FILE", "append one JSON line for each call"},
    {'s', "speed", "N", "divide the durations of slow states by N (1)"},
    {'v', "visibility", "MS",
     "Describes show what was made after up to MS ms only, whatever the speed (0)"},
    {'t', "throttle", NULL,
     "refuse calls as EC2's token buckets do (off by default: tests run at full speed)"},
    {'f', "faults", "FILE", "lines \"CALL-NUMBER FAULT\""},
    {'p', "policy", "FILE",
     "an IAM policy of whoever calls; what no policy allows is refused (repeatable)"},
    {'S', "seed", "N", "of ids and request ids (1): the same seed and calls give the same ids"},
    {'r', "region", "REGION", "region to play (AWS_REGION, else ap-northeast-1)"},
    {'a', "account", "ID", "account to play (111122223333)"},
    {'h', "help", NULL, "say this"},
    {'V', "version", NULL, "say which version this is"},
};

static void print_help(void)
{
    printf("vpc-simulator [OPTION]...\n\n"
           "Simulates Amazon EC2 (VPC) and STS GetCallerIdentity over HTTP on loopback.\n\n");
    for (size_t i = 0; i < ARRAY_SIZE(option_table); i++) {
        const struct option_row *row = &option_table[i];
        char name[40];

        (void)snprintf(name, sizeof(name), "--%s%s%s", row->name, row->argument ? "=" : "",
                       row->argument ? row->argument : "");
        printf("  -%c, %-20s %s\n", row->letter, name, row->help);
    }
    printf("\nIt accepts the key pair of its own AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, else "
           "test/test.\nPoint clients at it with AWS_ENDPOINT_URL. SIGTERM ends it.\n\nFaults:");
    for (size_t i = 0; i < simulator_n_fault_names; i++)
        printf("%s%s", i % 5 == 0 ? "\n  " : " ", simulator_fault_names[i]);
    printf("\n");
}

static enum options_result bad(const char *option, const char *value, const char *remedy)
{
    fprintf(stderr, "vpc-simulator: --%s: found \"%s\", %s\n", option, value, remedy);
    return OPTIONS_BAD;
}

static int parse_number(const char *text, uint64_t *ret_number)
{
    char *end;
    unsigned long long number;

    if (!*text || strspn(text, "0123456789") != strlen(text))
        return -EINVAL;
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno)
        return -errno;
    *ret_number = number;
    return 0;
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *ipv4 = (const void *)address;
    const struct sockaddr_in6 *ipv6 = (const void *)address;

    if (address->ss_family == AF_INET)
        return ntohl(ipv4->sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&ipv6->sin6_addr);
}

/* "127.0.0.1:8080", "[::1]:0" */
static enum options_result parse_listen(const char *text, struct sockaddr_storage *ret_address)
{
    static const char remedy[] = "expected ADDR:PORT such as 127.0.0.1:8080 or [::1]:0";
    const char *colon = strrchr(text, ':');
    char host[64];
    uint64_t port = 0;
    size_t n = colon ? (size_t)(colon - text) : 0;
    bool bracketed = n > 2 && text[0] == '[' && text[n - 1] == ']';

    if (!colon || n >= sizeof(host) || parse_number(colon + 1, &port) < 0 || port > UINT16_MAX)
        return bad("listen", text, remedy);
    memcpy(host, text + bracketed, n - 2 * (size_t)bracketed);
    host[n - 2 * (size_t)bracketed] = 0;
    if ((bracketed ? uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)(void *)ret_address)
                   : uv_ip4_addr(host, (int)port, (struct sockaddr_in *)(void *)ret_address)) < 0)
        return bad("listen", text, remedy);
    if (!is_loopback(ret_address)) /* what it accepts is no secret */
        return bad("listen", text, "expected a loopback address: 127.0.0.0/8 or [::1]");
    return OPTIONS_RUN;
}

static bool is_account(const char *text)
{
    return strlen(text) == 12 && strspn(text, "0123456789") == 12;
}

static enum options_result take(struct options *options, char letter, const char *value)
{
    switch (letter) {
    case 'l':
        return parse_listen(value, &options->listen);
    case 'w':
        options->world = value;
        break;
    case 'd':
        options->dump = value;
        break;
    case 'L':
        options->log = value;
        break;
    case 'f':
        options->faults = value;
        break;
    case 'p':
        if (options->n_policies == OPTIONS_POLICIES_MAX)
            return bad("policy", value, "one more than can be given; IAM attaches at most 20");
        options->policies[options->n_policies++] = value;
        break;
    case 's':
        if (parse_number(value, &options->speed) < 0 || options->speed == 0)
            return bad("speed", value, "expected a whole number from 1");
        break;
    case 'v':
        if (parse_number(value, &options->visibility_ms) < 0 ||
            options->visibility_ms > VISIBILITY_MAX_MS)
            return bad("visibility", value, "expected milliseconds from 0 to 86400000");
        break;
    case 't':
        options->throttle = true;
        break;
    case 'S':
        if (parse_number(value, &options->seed) < 0)
            return bad("seed", value, "expected a whole number");
        break;
    case 'r':
        if (!*value || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(value))
            return bad("region", value, "expected a region such as ap-northeast-1");
        options->region = value;
        break;
    case 'a':
        if (!is_account(value))
            return bad("account", value, "expected 12 digits");
        options->account = value;
        break;
    case 'h':
        print_help();
        return OPTIONS_DONE;
    case 'V':
        printf("vpc-simulator %s\n", VPC_RECONCILED_VERSION);
        return OPTIONS_DONE;
    default: /* getopt_long has said what is wrong */
        fprintf(stderr, "vpc-simulator: see vpc-simulator --help\n");
        return OPTIONS_BAD;
    }
    return OPTIONS_RUN;
}

enum options_result options_parse(int argc, char **argv, struct options *ret_options)
{
    struct option long_options[ARRAY_SIZE(option_table) + 1] = {0};
    char letters[2 * ARRAY_SIZE(option_table) + 1], *letter = letters;
    struct options options = {.account = "111122223333", .speed = 1, .seed = 1};
    enum options_result result = parse_listen("127.0.0.1:0", &options.listen);
    int c;

    for (size_t i = 0; i < ARRAY_SIZE(option_table); i++) {
        const struct option_row *row = &option_table[i];

        long_options[i] = (struct option){
            row->name, row->argument ? required_argument : no_argument, NULL, row->letter};
        *letter++ = row->letter;
        if (row->argument)
            *letter++ = ':';
    }
    *letter = 0;
    while (result == OPTIONS_RUN &&
           (c = getopt_long(argc, argv, letters, long_options, NULL)) != -1)
        result = take(&options, (char)c, optarg);
    if (result == OPTIONS_RUN && optind < argc) {
        fprintf(stderr, "vpc-simulator: \"%s\" is no option; see vpc-simulator --help\n",
                argv[optind]);
        return OPTIONS_BAD;
    }
    *ret_options = options;
    return result;
}
