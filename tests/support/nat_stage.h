/* nat_stage.h - a healthy world with a NAT gateway in each zone, what people do to it, and the
 * config that declares it. */
#pragma once

#include "support/calls.h"

#define IPV4_DEFAULT "RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0"
#define IPV6_DEFAULT "RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0"
#define ZONE(i) (1U << (i)) /* of trial_world: a, c, d */
#define ALL_ZONES 7U

struct nat_stage {
    struct trial *trial;
    struct trial_world world;
    /* Declared, and so the daemon's to use: the addresses of the zones' gateways as they were, one
     * of ours that is idle, the table of an edge zone. */
    char address[5][40];
    char spare[40]; /* one address more, a person's */
    char edge_subnet[40];
    char config[4096];
};

/* The world of trial_build_world(), once all that was being made is; no config yet. */
void nat_stage_begin(struct nat_stage *stage, uint64_t seed, unsigned flags);
void nat_stage_end(struct nat_stage *stage);
/* From now on no look shows what was just made, for up to so long (aws-facts 2.6). */
void nat_stage_blind(struct nat_stage *stage, uint64_t visibility_ms);
void nat_stage_wait(struct nat_stage *stage, uint64_t ms);

enum nat_pins {
    PINS_NONE,
    PINS_AS_THEY_ARE,
    PINS_ANOTHER, /* zone c's is the spare one */
};
struct nat_config {
    const char *placement; /* NULL: per-az */
    const char *repair;    /* members of "repair", or NULL */
    enum nat_pins pins;
    unsigned without_public;    /* zones whose public subnet is not declared */
    unsigned without_functions; /* likewise */
    bool public_ipv4_unmanaged;
};
void nat_stage_config(struct nat_stage *stage, const struct nat_config *config);

/* Allocation id of the zone's available gateway; "" when there is none. */
void nat_address_of_zone(struct nat_stage *stage, size_t zone, char ret_id[static 40]);
/* NULL, or what is wrong, in a static ring: is the address of each zone but these the
 * one that it was, and are so many attached to nothing? */
const char *nat_check_addresses(struct nat_stage *stage, unsigned other_zones, unsigned unattached);

/* ---- what people do ---- */
const char *nat_call(struct nat_stage *stage, const char *action, const char *parameters);
void nat_delete(struct nat_stage *stage, size_t zone);
/* Its address is free again; it is still listed. */
void nat_delete_and_wait(struct nat_stage *stage, size_t zone);
void nat_delete_all(struct nat_stage *stage);
/* Pending. The id lies in a static ring, as all that is returned here. */
const char *nat_create(struct nat_stage *stage, size_t zone, const char *address);
/* It fails, for this reason. */
void nat_create_failing(struct nat_stage *stage, size_t zone, const char *address,
                        const char *code);
const char *nat_create_regional(struct nat_stage *stage);
void nat_point_private(struct nat_stage *stage, size_t zone, const char *nat);
void nat_drop_route(struct nat_stage *stage, const char *table); /* 0.0.0.0/0 */
void nat_allocate_spare(struct nat_stage *stage);
void nat_release(struct nat_stage *stage, const char *address);
const char *nat_add_interface(struct nat_stage *stage, const char *subnet);
/* Something else uses the address. Returns the association's id. */
const char *nat_use_elsewhere(struct nat_stage *stage, const char *address);
void nat_detach_igw(struct nat_stage *stage);
void nat_attach_igw(struct nat_stage *stage);
unsigned nat_count_text(const char *text, const char *part);
