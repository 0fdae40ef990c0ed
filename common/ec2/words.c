/* AWS's words, in the order of the enums of ec2.h. */
#include "vpc_reconciled/ec2.h"

#define WORDS(name, ...)                                                                           \
    static const char *const name##_list[] = {__VA_ARGS__};                                        \
    const struct wire_enum name = {name##_list, ARRAY_SIZE(name##_list), false}

/* A subnet's "failed-insufficient-capacity" is among the words that we do not tell apart. */
WORDS(ec2_state_words, "pending", "available", "deleting", "deleted", "failed", "unavailable");
WORDS(ec2_attachment_state_words, "attaching", "attached", "detaching", "detached", "available");
WORDS(ec2_association_state_words, "associating", "associated", "disassociating", "disassociated",
      "failing", "failed");
WORDS(ec2_route_state_words, "active", "blackhole", "filtered");
WORDS(ec2_route_origin_words, "CreateRouteTable", "CreateRoute", "EnableVgwRoutePropagation",
      "Advertisement");
WORDS(ec2_connectivity_type_words, "public", "private");
WORDS(ec2_availability_mode_words, "zonal", "regional");
WORDS(ec2_zone_state_words, "available", "information", "impaired", "unavailable", "constrained");

const char *ec2_word(const struct wire_enum *words, uint8_t value)
{
    return value < 2 || value - 2u >= words->n ? "?" : words->words[value - 2];
}
