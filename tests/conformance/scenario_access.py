"""What every_action.py has a client do with security groups, network ACLs, endpoints and Block Public Access.

All of it in a VPC of its own, which stays: no action of ours deletes a security group or a network ACL.
"""
import distinct
from clients import ACCOUNT, REGION
from scenario import make_vpc, subnet_block, tag_list, tags

NOWHERE = "sg-0000000000000dead"


def names_of(items, member):
    return sorted(item[member] for item in items)


# ---- security groups ----


def rule(world, group_id, port):
    """A permission with a peer of each kind, as a request has it."""
    prefix_list = world["prefixListSet"][2]["prefixListId"]
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port + 1,
            "IpRanges": [{"CidrIp": "192.0.2.0/24", "Description": "v4"}],
            "Ipv6Ranges": [{"CidrIpv6": "2001:db8:1::/48", "Description": "v6"}],
            "PrefixListIds": [{"PrefixListId": prefix_list, "Description": "list"}],
            "UserIdGroupPairs": [{"GroupId": group_id, "UserId": ACCOUNT, "Description": "group"}]}


def permissions_by_port(ec2, group_id, direction):
    found = ec2.one("DescribeSecurityGroups", group_id)[direction]
    return {permission.get("FromPort"): permission for permission in found}


def check_rule(ec2, what, seen, wanted):
    """The members that were sent; what AWS adds to them is its own."""
    if seen is None:
        ec2.problems.append(f"{what}: is not there")
        return
    ec2.holds(what, seen, **{name: wanted[name] for name in ("IpProtocol", "FromPort", "ToPort", "IpRanges", "Ipv6Ranges",
                                                            "PrefixListIds")})
    ec2.same(f"{what}: groups", len(seen["UserIdGroupPairs"]), 1)
    ec2.holds(what, seen["UserIdGroupPairs"][0], **wanted["UserIdGroupPairs"][0])


def security_groups(ec2, world, vpc_id):
    made = [ec2("CreateSecurityGroup", GroupName=f"group {number}", Description="of functions", VpcId=vpc_id,
                TagSpecifications=tags("security-group", "wall"))["GroupId"] for number in (1, 2)]
    id, other = made
    seen = ec2.one("DescribeSecurityGroups", id)
    ec2.holds("a security group", seen, GroupName="group 1", Description="of functions", VpcId=vpc_id, OwnerId=ACCOUNT,
              Tags=tag_list("wall"), IpPermissions=[])
    ec2.same("its first rule", [(rule["IpProtocol"], names_of(rule["IpRanges"], "CidrIp"))
                                for rule in seen["IpPermissionsEgress"] if rule["IpRanges"]], [("-1", ["0.0.0.0/0"])])
    ec2.refused("InvalidGroup.Duplicate", "CreateSecurityGroup", GroupName="group 1", Description="again", VpcId=vpc_id)
    for number, (way, direction) in enumerate((("Egress", "IpPermissionsEgress"), ("Ingress", "IpPermissions"))):
        first, second = rule(world, other, 443 + 1000 * number), rule(world, other, 8443 + 1000 * number)
        answer = ec2(f"AuthorizeSecurityGroup{way}", GroupId=id, IpPermissions=[first, second],
                     TagSpecifications=tags("security-group-rule", "hole"))
        ec2.same("rules by their ids", len({made["SecurityGroupRuleId"] for made in answer["SecurityGroupRules"]}), 8)
        ec2.same("their group", {made["GroupId"] for made in answer["SecurityGroupRules"]}, {id})
        for wanted in (first, second):
            check_rule(ec2, f"{way} from {wanted['FromPort']}", permissions_by_port(ec2, id, direction).get(wanted["FromPort"]),
                       wanted)
        ec2.refused("InvalidPermission.Duplicate", f"AuthorizeSecurityGroup{way}", GroupId=id, IpPermissions=[first])
        ec2(f"RevokeSecurityGroup{way}", GroupId=id, IpPermissions=[first])
        seen = permissions_by_port(ec2, id, direction)
        ec2.same(f"{way} that was revoked", first["FromPort"] in seen, False)
        check_rule(ec2, f"{way} that stays", seen.get(second["FromPort"]), second)
        ec2.refused("InvalidPermission.NotFound", f"RevokeSecurityGroup{way}", GroupId=id, IpPermissions=[first])
        ec2.refused("InvalidGroup.NotFound", f"AuthorizeSecurityGroup{way}", GroupId=NOWHERE, IpPermissions=[first])
    return made


# ---- network ACLs ----


def find_entry(ec2, id, number, egress):
    for entry in ec2.one("DescribeNetworkAcls", id)["Entries"]:
        if (entry["RuleNumber"], entry["Egress"]) == (number, egress):
            return entry
    return None


def association_of(ec2, subnet_id):
    acls = ec2.all("DescribeNetworkAcls", Filters=[{"Name": "association.subnet-id", "Values": [subnet_id]}])
    ec2.same(f"network ACLs of {subnet_id}", len(acls), 1)
    return next(association for association in acls[0]["Associations"] if association["SubnetId"] == subnet_id)


def network_acls(ec2, vpc_id, subnet_id):
    parameters = {"VpcId": vpc_id, "TagSpecifications": tags("network-acl", "fence")}
    newer = ec2.knows("CreateNetworkAcl", "ClientToken")
    if newer:
        parameters["ClientToken"] = "fence"
    made = ec2("CreateNetworkAcl", **parameters)
    if newer:
        ec2.same("the same token, the same network ACL", ec2("CreateNetworkAcl", **parameters), made)
    id = made["NetworkAcl"]["NetworkAclId"]
    seen = ec2.one("DescribeNetworkAcls", id)
    ec2.holds("a network ACL", seen, VpcId=vpc_id, OwnerId=ACCOUNT, IsDefault=False, Tags=tag_list("fence"), Associations=[])
    ec2.same("its entries", {entry["RuleAction"] for entry in seen["Entries"]}, {"deny"})

    entries = [
        {"RuleNumber": 100, "Egress": True, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "10.0.0.0/8",
         "PortRange": {"From": 1024, "To": 65535}},
        {"RuleNumber": 110, "Egress": False, "Protocol": "58", "RuleAction": "deny", "Ipv6CidrBlock": "::/0",
         "IcmpTypeCode": {"Type": -1, "Code": -1}},
    ]
    for entry in entries:
        ec2("CreateNetworkAclEntry", NetworkAclId=id, **entry)
        ec2.holds("an entry", find_entry(ec2, id, entry["RuleNumber"], entry["Egress"]) or {}, **entry)
        ec2.refused("NetworkAclEntryAlreadyExists", "CreateNetworkAclEntry", NetworkAclId=id, **entry)
    ec2("DeleteNetworkAclEntry", NetworkAclId=id, RuleNumber=100, Egress=True)
    ec2.same("an entry that was deleted", find_entry(ec2, id, 100, True), None)
    ec2.same("an entry that stays", find_entry(ec2, id, 110, False) is not None, True)

    before = association_of(ec2, subnet_id)
    answer = ec2("ReplaceNetworkAclAssociation", AssociationId=before["NetworkAclAssociationId"], NetworkAclId=id)
    ec2.holds("a subnet's network ACL", association_of(ec2, subnet_id), NetworkAclId=id,
              NetworkAclAssociationId=answer["NewAssociationId"])
    ec2("ReplaceNetworkAclAssociation", AssociationId=answer["NewAssociationId"], NetworkAclId=before["NetworkAclId"])
    ec2.holds("a subnet's first network ACL", association_of(ec2, subnet_id), NetworkAclId=before["NetworkAclId"])


# ---- endpoints ----


def settled(ec2, id):
    """Every change sends an interface endpoint back to pending."""
    ec2.eventually(f"{id} available", lambda: ec2.one("DescribeVpcEndpoints", id)["State"].lower() == "available")
    return ec2.one("DescribeVpcEndpoints", id)


def gateway_endpoint(ec2, vpc_id, table_ids):
    parameters = {"VpcId": vpc_id, "ServiceName": f"com.amazonaws.{REGION}.s3", "VpcEndpointType": "Gateway",
                  "RouteTableIds": table_ids[:1], "PolicyDocument": '{"Statement": []}', "ClientToken": "gateway",
                  "TagSpecifications": tags("vpc-endpoint", "tunnel")}
    made, again = (ec2("CreateVpcEndpoint", **parameters) for _ in range(2))
    id = made["VpcEndpoint"]["VpcEndpointId"]
    ec2.same("the same token, the same endpoint", again["VpcEndpoint"]["VpcEndpointId"], id)
    ec2.holds("a gateway endpoint", settled(ec2, id), VpcId=vpc_id, VpcEndpointType="Gateway", RouteTableIds=table_ids[:1],
              ServiceName=parameters["ServiceName"], PolicyDocument=parameters["PolicyDocument"], OwnerId=ACCOUNT,
              Tags=tag_list("tunnel"))
    ec2.same("its route", [id in routes_to(ec2, table) for table in table_ids], [True, False])
    ec2("ModifyVpcEndpoint", VpcEndpointId=id, AddRouteTableIds=table_ids[1:], RemoveRouteTableIds=table_ids[:1],
        PolicyDocument='{"Statement": [1]}')
    ec2.holds("a changed gateway endpoint", settled(ec2, id), RouteTableIds=table_ids[1:], PolicyDocument='{"Statement": [1]}')
    ec2.same("its route", [id in routes_to(ec2, table) for table in table_ids], [False, True])
    ec2("ModifyVpcEndpoint", VpcEndpointId=id, ResetPolicy=True)
    ec2.same("a policy that was reset", settled(ec2, id)["PolicyDocument"] == '{"Statement": [1]}', False)
    return id


def routes_to(ec2, table_id):
    return {route.get("GatewayId") for route in ec2.one("DescribeRouteTables", table_id)["Routes"]}


def interface_endpoint(ec2, vpc_id, subnet_ids, group_ids):
    id = ec2("CreateVpcEndpoint", VpcId=vpc_id, ServiceName=f"com.amazonaws.{REGION}.logs", VpcEndpointType="Interface",
             SubnetIds=subnet_ids[:1], SecurityGroupIds=group_ids[:1], PrivateDnsEnabled=False, IpAddressType="ipv4",
             DnsOptions={"DnsRecordIpType": "ipv4"})["VpcEndpoint"]["VpcEndpointId"]
    seen = settled(ec2, id)
    ec2.holds("an interface endpoint", seen, VpcEndpointType="Interface", SubnetIds=subnet_ids[:1], PrivateDnsEnabled=False,
              IpAddressType="ipv4", DnsOptions={"DnsRecordIpType": "ipv4"})
    ec2.same("its groups", names_of(seen["Groups"], "GroupId"), group_ids[:1])
    ec2.same("its interfaces", len(seen["NetworkInterfaceIds"]), 1)
    ec2("ModifyVpcEndpoint", VpcEndpointId=id, AddSubnetIds=subnet_ids[1:], AddSecurityGroupIds=group_ids[1:])
    seen = settled(ec2, id)
    ec2.same("more subnets", sorted(seen["SubnetIds"]), sorted(subnet_ids))
    ec2.same("more groups", names_of(seen["Groups"], "GroupId"), sorted(group_ids))
    ec2("ModifyVpcEndpoint", VpcEndpointId=id, RemoveSubnetIds=subnet_ids[:1], RemoveSecurityGroupIds=group_ids[:1])
    seen = settled(ec2, id)
    ec2.same("fewer subnets", seen["SubnetIds"], subnet_ids[1:])
    ec2.same("fewer groups", names_of(seen["Groups"], "GroupId"), group_ids[1:])
    ec2("ModifyVpcEndpoint", VpcEndpointId=id, PrivateDnsEnabled=True)
    ec2.holds("private names", settled(ec2, id), PrivateDnsEnabled=True)
    ec2("ModifyVpcEndpoint", VpcEndpointId=id, IpAddressType="dualstack", DnsOptions={"DnsRecordIpType": "dualstack"})
    ec2.holds("both families", settled(ec2, id), IpAddressType="dualstack", DnsOptions={"DnsRecordIpType": "dualstack"})
    return id


def endpoints(ec2, vpc_id, subnet_ids, table_ids, group_ids):
    made = [gateway_endpoint(ec2, vpc_id, table_ids), interface_endpoint(ec2, vpc_id, subnet_ids, group_ids)]
    nowhere = "vpce-0000000000000dead"
    answer = ec2("DeleteVpcEndpoints", VpcEndpointIds=made + [nowhere])
    ec2.same("what was not deleted", [(item["ResourceId"], item["Error"]["Code"]) for item in answer["Unsuccessful"]],
             [(nowhere, "InvalidVpcEndpoint.NotFound")])
    for id in made:
        ec2.eventually(f"the end of {id}", lambda id=id: id not in [
            endpoint["VpcEndpointId"] for endpoint in ec2.all("DescribeVpcEndpoints") if endpoint["State"].lower() != "deleted"])


def services(ec2):
    name = f"com.amazonaws.{REGION}.s3"
    found = ec2.all("DescribeVpcEndpointServices", Filters=[{"Name": "service-name", "Values": [name]}])
    ec2.same("the service by its name", {service["ServiceName"] for service in found}, {name})


def prefix_list_entries(ec2, world):
    wanted = world["prefixListSet"][3]["prefixListId"]
    action = ec2.actions[distinct.ENTRIES_ACTION]
    entries = ec2.all(action.name, PrefixListId=wanted, MaxResults=100)
    ec2.same("its entries", [entry["Cidr"] for entry in entries],
             [entry["cidr"] for entry in world[distinct.ENTRIES] if entry["prefixListId"] == wanted])
    first = ec2(action.name, PrefixListId=wanted, MaxResults=5)
    ec2.same("the next entries", ec2.all(action.name, PrefixListId=wanted, MaxResults=5, NextToken=first["NextToken"]),
             entries[5:])


def block_public_access(ec2):
    if not ec2.client.knows(ec2.actions[distinct.OPTIONS_ACTION]):
        return
    for mode in ("block-ingress", "block-bidirectional", "off"):
        answer = ec2("ModifyVpcBlockPublicAccessOptions", InternetGatewayBlockMode=mode)
        ec2.holds("ModifyVpcBlockPublicAccessOptions", answer["VpcBlockPublicAccessOptions"], InternetGatewayBlockMode=mode)
        ec2.eventually(f"Block Public Access {mode}", lambda mode=mode: ec2(distinct.OPTIONS_ACTION)[
            "VpcBlockPublicAccessOptions"]["InternetGatewayBlockMode"] == mode)


def access(ec2, world):
    vpc_id, ipv6_block = make_vpc(ec2, "closed", "10.95.0.0/16")
    ec2("ModifyVpcAttribute", VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    subnet_ids = [ec2("CreateSubnet", VpcId=vpc_id, CidrBlock=f"10.95.{number}.0/24", AvailabilityZone=zone["zoneName"],
                      Ipv6CidrBlock=subnet_block(ipv6_block, number))["Subnet"]["SubnetId"]
                  for number, zone in enumerate(world["availabilityZoneInfo"][:2])]
    table_ids = [ec2("CreateRouteTable", VpcId=vpc_id)["RouteTable"]["RouteTableId"] for _ in range(2)]
    group_ids = security_groups(ec2, world, vpc_id)
    network_acls(ec2, vpc_id, subnet_ids[0])
    if not distinct.NOT_SIMULATED:
        endpoints(ec2, vpc_id, subnet_ids, table_ids, group_ids)
        services(ec2)
    prefix_list_entries(ec2, world)
    block_public_access(ec2)
