/* model.h - the observed side: a sealed observation of one (account, region), and the snapshot of
 * one VPC in it, typed, sorted and indexed. Both are built once, then only read. */
#pragma once

#include "vpc_reconciled/drift.h"
#include "vpc_reconciled/ec2.h"

/* Every question about the observed side has three answers (design.md 2). */
enum verdict {
    VERDICT_NO,
    VERDICT_UNKNOWN,
    VERDICT_YES,
};

/* ---- observation ---- */
struct list_status {
    bool
        complete; /* all pages of all batches, root closed, every item matches what was asked for */
    /* why not; "" when complete */
    enum ec2_action action;
    struct aws_error error; /* what AWS said, or code "" */
    char message[256];      /* "DescribeRouteTables: connection refused (attempt 3 of 3)" */
    bool denied;            /* a permission is missing */
    bool asked; /* false: no config of the scope wants it; then it is not complete either */
};

/* What a list of DescribeVpcAttribute, GetManagedPrefixListEntries, GetCapacityProvider holds. */
struct observed_vpc_attributes {
    const char *vpc_id;
    uint8_t enable_dns_support, enable_dns_hostnames; /* enum wire_bool */
};
struct observed_prefix_list {
    const char *prefix_list_id;
    const struct prefix *entries;
    size_t n;
};
struct observed_capacity_provider { /* aws-facts 6 */
    const char *name, *arn;
    const char *state; /* Pending, Active, Failed, Deleting; NULL: Lambda says there is none */
    struct texts subnet_ids, security_group_ids; /* no group: the VPC's default one */
};
struct observed_service {
    const char *name, *dualstack_name; /* "logs", "logs.ap-northeast-1.api.aws" */
    enum verdict ipv6;                 /* has the name a public IPv6 address? */
};

struct observation {
    struct arena *arena; /* holds everything below */
    struct instant at;   /* when the first Describe of the pass was sent: nothing here is younger */
    uint64_t pass;       /* number of the pass, from 1 */
    const char *region, *account;
    struct list_status lists[LIST_COUNT];
    /* Sorted by id. Only the lists that are complete may be read. */
    VEC(struct ec2_vpc) vpcs;
    VEC(struct ec2_subnet) subnets;
    VEC(struct ec2_route_table) route_tables;
    VEC(struct ec2_internet_gateway)
    internet_gateways; /* all of the region: also unattached ones */
    VEC(struct ec2_egress_only_internet_gateway) egress_only_internet_gateways; /* likewise */
    VEC(struct ec2_nat_gateway) nat_gateways;
    VEC(struct ec2_address) addresses; /* of the region */
    VEC(struct ec2_network_interface) network_interfaces;
    VEC(struct ec2_availability_zone) availability_zones;
    VEC(struct ec2_managed_prefix_list) managed_prefix_lists;
    VEC(struct ec2_security_group) security_groups;
    VEC(struct ec2_network_acl) network_acls;
    VEC(struct ec2_vpc_endpoint) vpc_endpoints;
    VEC(struct ec2_service_detail) vpc_endpoint_services;
    VEC(struct observed_vpc_attributes) vpc_attributes;
    VEC(struct observed_prefix_list) prefix_list_entries;
    VEC(struct observed_capacity_provider) capacity_providers;
    VEC(struct observed_service) services; /* no list: what the names of services say, so far */
};

/* Sorts every list and looks for what AWS should never send: an item without an id, the same id
 * twice. A list with one becomes unknown, its status says which. */
void observation_seal(struct observation *observation);

/* ---- snapshot of one VPC ---- */
/* Of a VPC that is shared with us these are unknown, whatever AWS lists: only its owner sees them
 * (safety.md 1). Internet gateways are taken as such, too. */
#define OWNERS_LISTS                                                                               \
    (NEEDS(NAT_GATEWAYS) | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) | NEEDS(VPC_ENDPOINTS) |           \
     NEEDS(INTERNET_GATEWAYS))

/* what a route leads to */
enum target_kind {
    TARGET_NONE,
    TARGET_LOCAL,
    TARGET_INTERNET_GATEWAY,
    TARGET_NAT_GATEWAY,
    TARGET_EGRESS_ONLY_INTERNET_GATEWAY,
    /* never ours to replace, dead or alive (safety.md S2) */
    TARGET_VPC_ENDPOINT,
    TARGET_TRANSIT_GATEWAY,
    TARGET_NETWORK_INTERFACE,
    TARGET_VPC_PEERING_CONNECTION,
    TARGET_VIRTUAL_PRIVATE_GATEWAY,
    TARGET_CARRIER_GATEWAY,
    TARGET_LOCAL_GATEWAY,
    TARGET_CORE_NETWORK,
    TARGET_OTHER,
};
const char *target_kind_name(enum target_kind kind); /* "a NAT gateway" */
bool target_kind_is_foreign(enum target_kind kind);
/* From the id's prefix alone: "tgw-..." */
enum target_kind target_kind_of_id(const char *id);

struct route {
    const struct ec2_route *ec2;
    struct prefix destination; /* FAMILY_NONE for a prefix list */
    const char *prefix_list_id;
    enum target_kind kind;
    const char *target_id; /* NULL only for TARGET_NONE */
    uint8_t state, origin; /* enum ec2_route_state, ec2_route_origin */
};

struct route_table {
    const struct ec2_route_table *ec2;
    const char *id;
    struct route *routes; /* by destination, then static before the rest; prefix lists last */
    size_t n_routes;
    bool main;
    bool gateway_association; /* edge routing, or a regional NAT gateway's: not a subnet's table */
    bool propagating;         /* a VGW propagates into it, or a route came that way */
    size_t n_subnets;         /* whose effective table it is, explicit or not */
    size_t n_explicit;
    bool changing; /* an association is neither associated nor gone */
};

struct subnet {
    const struct ec2_subnet *ec2;
    const char *id, *az;
    const struct route_table *table; /* effective; NULL when there is none (no main table seen) */
    const char *association_id;      /* explicit; NULL: served by the main table */
    bool association_changing;
    bool has_ipv6; /* an associated IPv6 block */
};

struct snapshot {
    const struct observation *observation;
    unsigned complete; /* NEEDS() of the lists that may be believed */
    const struct ec2_vpc *vpc;
    bool owned;             /* by the account of the observation: else it is shared with us */
    struct subnet *subnets; /* by id */
    size_t n_subnets;
    struct route_table *route_tables; /* by id */
    size_t n_route_tables;
    const struct ec2_internet_gateway **internet_gateways; /* attached or attaching to this VPC */
    size_t n_internet_gateways;
    const struct ec2_egress_only_internet_gateway **egress_only_internet_gateways; /* likewise */
    size_t n_egress_only_internet_gateways;
    const struct ec2_nat_gateway **nat_gateways; /* every state, by id */
    size_t n_nat_gateways;
    const struct ec2_network_interface **network_interfaces; /* of this VPC, by id */
    size_t n_network_interfaces;
    const struct ec2_security_group **security_groups; /* likewise; so too the next two */
    size_t n_security_groups;
    const struct ec2_network_acl **network_acls;
    size_t n_network_acls;
    const struct ec2_vpc_endpoint **vpc_endpoints; /* every state */
    size_t n_vpc_endpoints;
    const struct observed_vpc_attributes *vpc_attributes; /* NULL: not known */
    const char *owner_tag; /* "<owner>/<vpc id>": the value of our owner tag */
};

/* NULL: the VPC is not in the (complete) list, or VPCs, subnets or route tables are incomplete:
 * then there is no plan. Lies in the arena; borrows from the observation. */
struct snapshot *snapshot_new(struct arena *arena, const struct observation *observation,
                              const char *vpc_id, const char *owner);

const struct subnet *snapshot_find_subnet(const struct snapshot *snapshot, const char *id);
const struct route_table *snapshot_find_route_table(const struct snapshot *snapshot,
                                                    const char *id);
const struct ec2_nat_gateway *snapshot_find_nat_gateway(const struct snapshot *snapshot,
                                                        const char *id);
const struct ec2_security_group *snapshot_find_security_group(const struct snapshot *snapshot,
                                                              const char *id);
/* The group named "default", which a member without any other has. */
const struct ec2_security_group *snapshot_default_security_group(const struct snapshot *snapshot);
/* The one that is associated with the subnet; NULL: not known. */
const struct ec2_network_acl *snapshot_network_acl_of(const struct snapshot *snapshot,
                                                      const char *subnet_id);
const struct ec2_vpc_endpoint *snapshot_find_vpc_endpoint(const struct snapshot *snapshot,
                                                          const char *id);
/* Entries of a managed prefix list; NULL: not known. */
const struct observed_prefix_list *
observation_find_prefix_list_entries(const struct observation *observation, const char *id);
/* Its dual-stack name; NULL: not looked at. *ret_ipv6 unless NULL. */
const char *observation_service_ipv6(const struct observation *observation, const char *name,
                                     enum verdict *ret_ipv6);
const struct observed_capacity_provider *
observation_find_capacity_provider(const struct observation *observation, const char *name);
const struct ec2_internet_gateway *
observation_find_internet_gateway(const struct observation *observation, const char *id);
const struct ec2_egress_only_internet_gateway *
observation_find_egress_only_internet_gateway(const struct observation *observation,
                                              const char *id);
/* Does AWS keep the list (S3, DynamoDB ...)? A customer's may hold any prefix, 0.0.0.0/0 too. */
enum verdict prefix_list_is_aws_managed(const struct snapshot *snapshot, const char *id);
/* The route of exactly this destination that decides: the static one before a propagated one. NULL:
 * none. */
const struct route *route_table_find(const struct route_table *table,
                                     const struct prefix *destination);
/* As above, static (origin CreateRoute) only. */
const struct route *route_table_find_static(const struct route_table *table,
                                            const struct prefix *destination);

/* ---- verdicts on objects; every one is three-valued ---- */
enum verdict internet_gateway_attached(const struct ec2_internet_gateway *gateway,
                                       const char *vpc_id);
enum verdict
egress_only_internet_gateway_attached(const struct ec2_egress_only_internet_gateway *gateway,
                                      const char *vpc_id);
/* Can carry traffic of this VPC as far as EC2 tells: exists in a complete list, state available,
 * attached. Foreign kinds: the route's own state decides. local: yes. */
enum verdict route_is_live(const struct snapshot *snapshot, const struct route *route);
/* Is the target of this kind and id live (for a route that is not there yet)? */
enum verdict target_is_live(const struct snapshot *snapshot, enum target_kind kind, const char *id);
/* Tags: is it ours for this VPC? */
bool tags_are_ours(const ec2_tags *tags, const char *owner_tag);
#define TAG_OWNER "vpc-reconciled:owner"
#define TAG_ROLE "vpc-reconciled:role"
#define TAG_INTENT "vpc-reconciled:intent"
#define TAG_PAUSE "vpc-reconciled:pause"

/* ---- VPC endpoints ---- */
enum vpc_endpoint_state {
    ENDPOINT_UNCLEAR, /* absent, or a word that we do not know: neither there nor gone */
    ENDPOINT_AVAILABLE,
    ENDPOINT_PENDING,            /* new, or being modified */
    ENDPOINT_PENDING_ACCEPTANCE, /* the owner of the service has to accept it */
    ENDPOINT_DELETING,
    ENDPOINT_DELETED,
    ENDPOINT_DEAD, /* rejected, failed, expired: it never comes back */
};
enum vpc_endpoint_state vpc_endpoint_state(const struct ec2_vpc_endpoint *endpoint);
bool vpc_endpoint_is_there(const struct ec2_vpc_endpoint *endpoint); /* available or pending */
bool vpc_endpoint_is_interface(const struct ec2_vpc_endpoint *endpoint);
bool vpc_endpoint_is_gateway(const struct ec2_vpc_endpoint *endpoint);
