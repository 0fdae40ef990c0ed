/* Bytes -> requests: each line is a body, signed or not, or steps of time and a fault; between them
 * the world goes out and in again. Nothing may crash, leak, or loop, and a dump always loads. */
#include <stdio.h>
#include <stdlib.h>

#define CLIENT_WITHOUT_CMOCKA
#include "tests/common/simulator/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void send_raw(struct client *client, const char *line)
{
    const struct http_header headers[] = {{"host", HOST}, {"authorization", line}};

    client_send(client, &(const struct simulator_request){.method = "GET",
                                                          .target = line,
                                                          .headers = headers,
                                                          .n_headers = ARRAY_SIZE(headers),
                                                          .body = line,
                                                          .body_n = strlen(line)});
}

static void reload(struct client *client)
{
    CLEANUP(buf_free)
    struct buf world = {0};
    CLEANUP(buf_free)
    struct buf again = {0};
    struct json_error error;

    simulator_dump(client->simulator, client->now, &world);
    if (simulator_load(client->simulator, client->now, world.data, world.n, &error) < 0) {
        fprintf(stderr, "%u:%u: %s\n%s\n", error.place.line, error.place.column, error.message,
                world.data);
        abort();
    }
    simulator_dump(client->simulator, client->now, &again);
    if (!text_equal(world.data, again.data))
        abort();
}

static void take_line(struct client *client, const char *line)
{
    struct json_error error;

    switch (*line) {
    case '!':
        send_raw(client, line + 1);
        break;
    case '+':
        client_wait(client, 1000 * strlen(line));
        break;
    case '#':
        (void)simulator_set_faults(client->simulator, line + 1, strlen(line + 1), &error);
        break;
    case '{':
        if (simulator_load(client->simulator, client->now, line, strlen(line), &error) < 0)
            client_load(client, WORLD);
        break;
    case '@':
        reload(client);
        break;
    default:
        client_send_signed(client, "POST", "/", line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct simulator_options options = client_simulator_options(10);
    struct client client;
    char *text = malloc(n + 1), *rest = text, *line;

    if (!text)
        abort();
    memcpy(text, data, n);
    text[n] = 0;
    options.visibility_ms = 5000;
    client_start_with(&client, &options);
    client_load(&client, WORLD);
    while ((line = strsep(&rest, "\n")))
        take_line(&client, line);
    client_stop(&client);
    free(text);
    return 0;
}
