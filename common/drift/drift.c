/* The drift table: all about a code is in its row. */
#include "vpc_reconciled/drift.h"

/* Without these three there is no plan at all (design.md 2). */
#define NEEDS_VPC (NEEDS(VPCS) | NEEDS(SUBNETS) | NEEDS(ROUTE_TABLES))
/* Whether a default is live, and what it should lead to, is read off the lists of the three kinds
 * of target that are ours to set. */
#define NEEDS_TARGETS                                                                              \
    (NEEDS_VPC | NEEDS(INTERNET_GATEWAYS) | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS) |                 \
     NEEDS(NAT_GATEWAYS))

const struct drift_row drift_table[DRIFT_CODE_COUNT] = {
    [DRIFT_INTERNET_GATEWAY_MISSING] =
        {.code = "internet-gateway-missing",
         .seed = "IGW 2/3",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_VPC | NEEDS(INTERNET_GATEWAYS),
         .confirm = CONFIRM_CREATE,
         .means = "No internet gateway is attached to the VPC, so its public subnets and the NAT "
                  "gateways in them have no way to the internet.",
         .remedy = "Create an internet gateway, attach it to the VPC, and point the public route "
                   "tables' defaults at it."},
    [DRIFT_INTERNET_GATEWAY_DETACHED] =
        {.code = "internet-gateway-detached",
         .seed = "IGW 2/3",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_VPC | NEEDS(INTERNET_GATEWAYS),
         .confirm = CONFIRM_ROUTE, /* a link to a live object: nothing is made */
         .means = "The VPC's internet gateway exists but is detached, so all that goes to the "
                  "internet through it is cut off.",
         .remedy = "Attach the internet gateway to the VPC again; its routes come back with it."},
    [DRIFT_EGRESS_ONLY_INTERNET_GATEWAY_MISSING] =
        {.code = "egress-only-internet-gateway-missing",
         .seed = "EIGW 3",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_VPC | NEEDS(EGRESS_ONLY_INTERNET_GATEWAYS),
         .confirm = CONFIRM_CREATE,
         .means = "The VPC has no egress-only internet gateway, so its private subnets have no way "
                  "out over IPv6.",
         .remedy = "Create an egress-only internet gateway in the VPC and point the private route "
                   "tables' ::/0 at it."},
    [DRIFT_ROUTE_MISSING] =
        {.code = "route-missing",
         .seed = "IGW 3/4",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A route table lost its declared default route, so the subnets that it serves "
                  "have no way out.",
         .remedy = "Create the default route in the route table that the finding names."},
    [DRIFT_ROUTE_BLACKHOLE] =
        {.code = "route-blackhole",
         .seed = "IGW 3/4",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A declared default route leads to something that is gone, so what the subnets "
                  "send is dropped.",
         .remedy = "Replace the route with one to the gateway that the config declares."},
    [DRIFT_ROUTE_WRONG_TARGET] =
        {.code = "route-wrong-target",
         .seed = "IGW 3/4",
         .policy = DRIFT_APPROVE, /* auto where the target is dead: plan raises it */
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A default route leads to another gateway than the config declares: traffic "
                  "flows from another source address, or through another zone.",
         .remedy = "Replace the route, or declare the target that it has."},
    [DRIFT_ROUTE_FOREIGN_TARGET] =
        {.code = "route-foreign-target",
         .seed = "IGW 3/4",
         .policy = DRIFT_REPORT, /* safety.md S2: live or dead */
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A default route leads to a transit gateway, firewall, peering or the like, or "
                  "came by propagation: somebody's design, which this daemon never replaces.",
         .remedy = "Change the route by hand, or declare its target in the config."},
    [DRIFT_PRIVATE_SUBNET_EXPOSED] =
        {.code = "private-subnet-exposed",
         .seed = "IGW 3/4",
         .policy = DRIFT_AUTO, /* approve where an interface has a public address: plan lowers it */
         .impact = IMPACT_EXPOSURE,
         .needs = NEEDS_TARGETS | NEEDS(NETWORK_INTERFACES),
         .confirm = CONFIRM_ROUTE,
         .means = "A subnet that is declared private has a default route to an internet gateway, "
                  "so what has a public address there can be reached from the internet.",
         .remedy = "Point the default route back at the gateway that the config declares."},
    [DRIFT_ROUTE_TABLE_ASSOCIATION_MISSING] =
        {.code = "route-table-association-missing",
         .seed = "IGW 3/4",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A subnet lost its route table and is served by the VPC's main table, which "
                  "lacks the declared way out.",
         .remedy = "Associate the subnet with its route table again."},
    [DRIFT_NAT_GATEWAY_MISSING] =
        {.code = "nat-gateway-missing",
         .seed = "NAT 3",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_TARGETS | NEEDS(ADDRESSES) | NEEDS(AVAILABILITY_ZONES),
         .confirm = CONFIRM_CREATE,
         .means = "An Availability Zone has no NAT gateway, so its private subnets have no way out "
                  "over IPv4, or only through another zone.",
         .remedy = "Create a public NAT gateway in a public subnet of the zone, with the Elastic "
                   "IP address that the zone had."},
    [DRIFT_NAT_GATEWAY_FAILED] =
        {.code = "nat-gateway-failed",
         .seed = "NAT 3",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_TARGETS | NEEDS(ADDRESSES) | NEEDS(AVAILABILITY_ZONES),
         .confirm = CONFIRM_CREATE,
         .means = "The zone's NAT gateway could not be created; its failure code says why.",
         .remedy = "Mend what the failure code names, then create the gateway again."},
    [DRIFT_NAT_GATEWAY_PRIVATE] =
        {.code = "nat-gateway-private",
         .seed = "NAT 3",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A private NAT gateway stands where a public one is declared; it has no way to "
                  "the internet.",
         .remedy = "Replace it by a public one, or move it out of the declared subnets."},
    [DRIFT_NAT_GATEWAY_ADDRESS_WRONG] =
        {.code = "nat-gateway-address-wrong",
         .seed = "NAT 3",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS | NEEDS(ADDRESSES),
         .confirm = CONFIRM_ROUTE,
         .means = "A NAT gateway uses another Elastic IP address than the config pins, so who "
                  "allows the pinned one sees a stranger.",
         .remedy = "Give the gateway its pinned address, or pin the one that it has."},
    [DRIFT_NAT_SUBNET_NOT_PUBLIC] =
        {.code = "nat-subnet-not-public",
         .seed = "NAT 4",
         .policy = DRIFT_AUTO,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A NAT gateway reads available, and its own subnet has no route to the internet "
                  "gateway: what is sent through it is lost.",
         .remedy = "Give the route table of the gateway's subnet its 0.0.0.0/0 route to the "
                   "internet gateway."},
    [DRIFT_ZONE_WITHOUT_PUBLIC_SUBNET] =
        {.code = "zone-without-public-subnet",
         .seed = "NAT 3",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A zone has private subnets that want a NAT gateway, and no public subnet with a "
                  "free address to put one in.",
         .remedy = "Add a public subnet in the zone to the group that \"nat_gateways.in\" names."},
    [DRIFT_ROUTE_CROSS_AZ] =
        {.code = "route-cross-az",
         .seed = "NAT 6",
         .policy = DRIFT_APPROVE,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_ROUTE,
         .means = "A private subnet's way out leads through another zone's NAT gateway although "
                  "its own zone has one: it costs more and falls with the other zone.",
         .remedy = "Point the default route at the NAT gateway of the subnet's own zone."},
    [DRIFT_ROUTE_TABLE_IMPLICIT] =
        {.code = "route-table-implicit",
         .seed = "IGW 3/4",
         .policy = DRIFT_APPROVE,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS,
         .confirm = CONFIRM_CREATE,
         .means = "Declared subnets have no route table of their own: the VPC's main table serves "
                  "them, and what is written there changes every other subnet on it.",
         .remedy = "Make a route table for them, copy the main table's routes, and associate it."},
    [DRIFT_ROUTE_TABLE_SHARED] =
        {.code = "route-table-shared",
         .seed = "NAT 6",
         .policy = DRIFT_APPROVE,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS | NEEDS(AVAILABILITY_ZONES),
         .confirm = CONFIRM_CREATE,
         .means =
             "Private subnets of several Availability Zones share a route table, so they cannot "
             "each use their own zone's NAT gateway.",
         .remedy =
             "Make a copy of the table for each zone and associate the zone's subnets with it."},
    [DRIFT_ROUTE_TABLE_FOREIGN] =
        {.code = "route-table-foreign",
         .seed = "IGW 3/4",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_VPC,
         .confirm = CONFIRM_ROUTE,
         .means =
             "A declared subnet's route table also serves what the config does not declare, so "
             "it is never written.",
         .remedy = "Declare the other subnets, or give the declared ones a table of their own."},
    [DRIFT_ELASTIC_IP_IDLE] =
        {.code = "elastic-ip-idle",
         .seed = "NAT 3",
         .policy = DRIFT_REPORT,
         .raisable = true,
         .impact = IMPACT_NONE,
         .needs = NEEDS_TARGETS | NEEDS(ADDRESSES),
         .confirm = CONFIRM_ROUTE,
         .means = "An Elastic IP address that this daemon allocated is attached to nothing and is "
                  "billed.",
         .remedy =
             "It is used again when its zone needs one; release it by hand if it never will be."},
    [DRIFT_QUOTA_EXHAUSTED] =
        {.code = "quota-exhausted",
         .seed = "account",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS_TARGETS | NEEDS(ADDRESSES),
         .confirm = CONFIRM_ROUTE,
         .means = "A repair needs more Elastic IP addresses than the account's quota leaves, so it "
                  "is not begun.",
         .remedy = "Have the quota raised that the finding names, or release addresses that are "
                   "not needed."},
    [DRIFT_VPC_NOT_FOUND] =
        {.code = "vpc-not-found",
         .seed = "account",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_OUTAGE,
         .needs = NEEDS(VPCS),
         .confirm = CONFIRM_ROUTE,
         .means = "The VPC of the config is not in this account and region, or its tag matches no "
                  "VPC or several.",
         .remedy = "Check the VPC's id or tag, the region and the credentials."},
    [DRIFT_VPC_NOT_OWNED] =
        {.code = "vpc-not-owned",
         .seed = "account",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_NONE,
         .needs = NEEDS(VPCS),
         .confirm = CONFIRM_ROUTE,
         .means = "The VPC is shared from another account; a participant does not see all of it, "
                  "so it is only observed.",
         .remedy = "Run the daemon with credentials of the account that owns the VPC."},
    [DRIFT_GROUP_MATCHES_NOTHING] =
        {.code = "group-matches-nothing",
         .seed = "groups",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS(VPCS) | NEEDS(SUBNETS),
         .confirm = CONFIRM_ROUTE,
         .means = "A subnet group resolves to no subnet, or names one that is not there, so "
                  "nothing is kept up for it.",
         .remedy = "Check the ids or tags of the group in the config."},
    [DRIFT_GROUP_AZ_MISSING] =
        {.code = "group-az-missing",
         .seed = "groups",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS(VPCS) | NEEDS(SUBNETS),
         .confirm = CONFIRM_ROUTE,
         .means = "A subnet group covers fewer Availability Zones than it declares.",
         .remedy = "Tag or create the subnet of the missing zone, or lower \"azs\"."},
    [DRIFT_GROUP_CHANGED] =
        {.code = "group-changed",
         .seed = "groups",
         .policy = DRIFT_APPROVE,
         .impact = IMPACT_DEGRADED,
         .needs = NEEDS(VPCS) | NEEDS(SUBNETS),
         .confirm = CONFIRM_ROUTE,
         .means = "A subnet group resolves to under half of the subnets that it had when last "
                  "healthy, which is more than drift: nothing of the target is changed.",
         .remedy = "Look at the config and the VPC; approve the finding, or reload the config, if "
                   "the group is right as it is now."},
    [DRIFT_OBSERVATION_INCOMPLETE] =
        {.code = "observation-incomplete",
         .seed = "ourselves",
         .policy = DRIFT_REPORT,
         .impact = IMPACT_NONE,
         .needs = 0,
         .confirm = CONFIRM_ROUTE,
         .means = "A list could not be read whole, so what rests on it is unknown and nothing is "
                  "changed for it.",
         .remedy = "Give the permission, or look into the call, that the finding names."},
};

int drift_find(const char *code, enum drift *ret_drift)
{
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++)
        if (text_equal(drift_table[i].code, code)) {
            *ret_drift = (enum drift)i;
            return 0;
        }
    return -ENOENT;
}
