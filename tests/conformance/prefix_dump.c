/* For prefix_oracle.py. Each line of stdin is two texts: a pair of prefixes, or "address" and an
 * address. For a pair it prints both as they are written and whether the first contains the second,
 * the reverse, and whether they overlap; "-" for what is no prefix. */
#include "vpc_reconciled/net.h"

#include <stdio.h>
#include <string.h>

static const char *written(int r, const struct prefix *prefix, char *text)
{
    return r < 0 ? "-" : prefix_format(prefix, text);
}

int main(void)
{
    char line[512];

    while (fgets(line, sizeof(line), stdin)) {
        char *first = strtok(line, " \n"), *second = strtok(NULL, " \n");
        char text_a[PREFIX_TEXT_SIZE], text_b[PREFIX_TEXT_SIZE];
        struct prefix a = {0}, b = {0};
        int r_a, r_b;

        if (!first || !second)
            return 2;
        if (strcmp(first, "address") == 0) {
            r_a = prefix_parse_address(second, &a);
            printf("%s\n", written(r_a, &a, text_a));
            continue;
        }
        r_a = prefix_parse(first, &a);
        r_b = prefix_parse(second, &b);
        printf("%s %s %d %d %d %d\n", written(r_a, &a, text_a), written(r_b, &b, text_b),
               prefix_contains(&a, &b), prefix_contains(&b, &a), prefix_overlaps(&a, &b),
               prefix_equal(&a, &b));
    }
    return 0;
}
