"""What every_action.py has a client do: a VPC with one of everything, looked at after each step, and taken down again."""
import re

import distinct
from by_value import pages
from clients import ACCOUNT, REGION, Boto3

IPAM_POOL = "ipam-pool-00000000000000001"


def tags(resource_type, name):
    return [{"ResourceType": resource_type, "Tags": [{"Key": "Name", "Value": name}, {"Key": "of", "Value": distinct.AWKWARD}]}]


def tag_list(name):
    return tags("", name)[0]["Tags"]


# ---- what every Describe takes ----


def describes(ec2, world):
    for action in ec2.actions.values():
        if not distinct.is_world_list(action):
            continue
        ids, sdk = ec2.ids_parameter(action.name), action.list_node().sdk
        key = next(node for node in action.list_node().nodes if f"{action.list}/{node.name}" in distinct.KEYS)
        if ids == "ServiceNames":  # services are asked for by what is not their key
            key = next(node for node in action.list_node().nodes if node.name == "serviceName")
        items = [item for item in world[action.list] if not item.get("operator", {}).get("hiddenByDefault")]
        wanted = [items[2][key.name], items[0][key.name]]
        found = ec2(action.name, **{ids: wanted})[sdk]
        ec2.same(f"{action.name} by ids", sorted(item[key.sdk] for item in found), sorted(wanted))
        filters = next(node.sdk for node in action.request if node.name == "Filter")  # "Filter" or "Filters"
        found = ec2(action.name, **{filters: describe_filters(items[0])})[sdk]
        ec2.same(f"{action.name} by filters", [item[key.sdk] for item in found], [wanted[1]])
        if action.page_max:
            found, n = pages(ec2.client, action, {})
            ec2.same(f"{action.name}: more than one page", n > 1, True)


def describe_filters(item):
    if "zoneName" in item:
        return [{"Name": "zone-name", "Values": ["none", item["zoneName"]]}]
    if "serviceType" in item:
        return [{"Name": "service-name", "Values": ["none", item["serviceName"]]}]
    tag = item["tagSet"][1]
    return [{"Name": f"tag:{tag['key']}", "Values": ["none", tag["value"]]}, {"Name": "tag-key", "Values": [tag["key"]]}]


def zones(ec2, world):
    wanted = world["availabilityZoneInfo"][1]
    found = ec2.all("DescribeAvailabilityZones", ZoneIds=[wanted["zoneId"]], AllAvailabilityZones=True)
    ec2.same("a zone by its id", [zone["ZoneName"] for zone in found], [wanted["zoneName"]])
    closed = [zone["zoneName"] for zone in world["availabilityZoneInfo"] if zone["optInStatus"] == "not-opted-in"]
    assert closed
    for all_zones in (True, False):
        seen = {zone["ZoneName"] for zone in ec2.all("DescribeAvailabilityZones", AllAvailabilityZones=all_zones)}
        ec2.same(f"zones not opted into with AllAvailabilityZones {all_zones}", set(closed) <= seen, all_zones)


def identity(ec2):
    ec2.holds("GetCallerIdentity", ec2("GetCallerIdentity"), Account=ACCOUNT)


def sessions(ec2, url):
    """A session is who its keys say."""
    role = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/path/watcher", "RoleSessionName": "a.session@x", "DurationSeconds": 900}
    who = f"arn:aws:sts::{ACCOUNT}:assumed-role/watcher/a.session@x"
    for made in (ec2("AssumeRole", **role, ExternalId="e x"), ec2("AssumeRoleWithWebIdentity", **role, WebIdentityToken="a.b.c")):
        keys = made["Credentials"]
        ec2.same("a session's user", made["AssumedRoleUser"]["Arn"], who)
        ec2.same("a session's end", bool(keys["Expiration"]), True)
        with Boto3(url, (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])) as session:
            ec2.holds("a session", session.call("GetCallerIdentity", {}, "sts"), Arn=who, Account=ACCOUNT,
                      UserId=made["AssumedRoleUser"]["AssumedRoleId"])
    ec2.refused("AccessDenied", "AssumeRole", **role | {"RoleArn": "arn:aws:iam::111122223333:role/another"})


# ---- VPCs and subnets ----


def block(ec2, vpc_id, association_id, blocks="Ipv6CidrBlockAssociationSet", state="Ipv6CidrBlockState"):
    for association in ec2.one("DescribeVpcs", vpc_id)[blocks]:
        if association["AssociationId"] == association_id:
            return association, association[state]["State"]
    return None, None


def make_vpc(ec2, name="made", cidr="10.99.0.0/16"):
    """A VPC with an IPv6 block that is associated."""
    made = ec2("CreateVpc", CidrBlock=cidr, AmazonProvidedIpv6CidrBlock=True, Ipv6CidrBlockNetworkBorderGroup=REGION,
               InstanceTenancy="dedicated", TagSpecifications=tags("vpc", name))["Vpc"]
    id = made["VpcId"]
    ipv6 = ec2.eventually("the IPv6 block", lambda: [
        association for association in ec2.one("DescribeVpcs", id)["Ipv6CidrBlockAssociationSet"]
        if association["Ipv6CidrBlockState"]["State"] == "associated"])[0]
    for vpc in (made, ec2.one("DescribeVpcs", id)):
        ec2.holds("a VPC", vpc, CidrBlock=cidr, InstanceTenancy="dedicated", Tags=tag_list(name), IsDefault=False,
                  OwnerId=ACCOUNT, State="available")
    ec2.holds("its IPv6 block", ipv6, NetworkBorderGroup=REGION, Ipv6Pool="Amazon")
    return id, ipv6["Ipv6CidrBlock"]


def subnet_block(ipv6_block, number):
    """One of the /64 of a /56."""
    return re.sub(r"..::/56$", f"{number:02x}::/64", ipv6_block)


def vpc_blocks(ec2, vpc_id):
    ipv4 = ec2("AssociateVpcCidrBlock", VpcId=vpc_id, CidrBlock="10.98.0.0/16")
    ec2.holds("AssociateVpcCidrBlock", ipv4, VpcId=vpc_id)
    id = ipv4["CidrBlockAssociation"]["AssociationId"]
    where = ("CidrBlockAssociationSet", "CidrBlockState")
    ec2.eventually("the second IPv4 block", lambda: block(ec2, vpc_id, id, *where)[1] == "associated")
    ec2.holds("the second IPv4 block", block(ec2, vpc_id, id, *where)[0], CidrBlock="10.98.0.0/16")
    ec2("DisassociateVpcCidrBlock", AssociationId=id)
    ec2.eventually("its end", lambda: block(ec2, vpc_id, id, *where)[0] is None)

    ipv6 = ec2("AssociateVpcCidrBlock", VpcId=vpc_id, AmazonProvidedIpv6CidrBlock=True,
               Ipv6CidrBlockNetworkBorderGroup=REGION)
    id = ipv6["Ipv6CidrBlockAssociation"]["AssociationId"]
    ec2.eventually("the second IPv6 block", lambda: block(ec2, vpc_id, id)[1] == "associated")
    ec2.holds("the second IPv6 block", block(ec2, vpc_id, id)[0], NetworkBorderGroup=REGION)
    ec2("DisassociateVpcCidrBlock", AssociationId=id)
    ec2.eventually("its end", lambda: block(ec2, vpc_id, id)[0] is None)

    ipam = ec2("AssociateVpcCidrBlock", VpcId=vpc_id, Ipv6IpamPoolId=IPAM_POOL, Ipv6NetmaskLength=52)
    id = ipam["Ipv6CidrBlockAssociation"]["AssociationId"]
    ec2.eventually("the block from IPAM", lambda: block(ec2, vpc_id, id)[1] == "associated")
    ec2.same("its length", block(ec2, vpc_id, id)[0]["Ipv6CidrBlock"].split("/")[1], "52")
    ec2("DisassociateVpcCidrBlock", AssociationId=id)
    ec2.eventually("its end", lambda: block(ec2, vpc_id, id)[0] is None)

    pool = {"Ipv6Pool": "ipv6pool-ec2-00000000000000001", "Ipv6CidrBlock": "2001:db8::/56"}
    ec2.refused("UnsupportedOperation", "AssociateVpcCidrBlock", VpcId=vpc_id, **pool)
    ec2.refused("UnsupportedOperation", "CreateVpc", CidrBlock="10.97.0.0/16", **pool)


def vpc_attributes(ec2, vpc_id):
    for name, value in (("EnableDnsHostnames", True), ("EnableDnsHostnames", False), ("EnableDnsSupport", False),
                        ("EnableDnsSupport", True)):
        ec2("ModifyVpcAttribute", VpcId=vpc_id, **{name: {"Value": value}})
        attribute = name[:1].lower() + name[1:]
        ec2.holds("a VPC's attribute", ec2("DescribeVpcAttribute", VpcId=vpc_id, Attribute=attribute),
                  VpcId=vpc_id, **{name: {"Value": value}})


def subnets(ec2, world, vpc_id, ipv6_block):
    zone, other = world["availabilityZoneInfo"][:2]
    made = ec2("CreateSubnet", VpcId=vpc_id, CidrBlock="10.99.1.0/24", Ipv6CidrBlock=subnet_block(ipv6_block, 1),
               AvailabilityZone=zone["zoneName"], TagSpecifications=tags("subnet", "by name"))["Subnet"]
    by_id = ec2("CreateSubnet", VpcId=vpc_id, CidrBlock="10.99.2.0/24", AvailabilityZoneId=other["zoneId"],
                Ipv6Native=False)["Subnet"]
    native = ec2("CreateSubnet", VpcId=vpc_id, Ipv6CidrBlock=subnet_block(ipv6_block, 3), Ipv6Native=True)["Subnet"]
    id = made["SubnetId"]
    for subnet in (made, ec2.one("DescribeSubnets", id)):
        ec2.holds("a subnet", subnet, VpcId=vpc_id, CidrBlock="10.99.1.0/24", AvailabilityZone=zone["zoneName"],
                  AvailabilityZoneId=zone["zoneId"], Tags=tag_list("by name"), Ipv6Native=False)
        ec2.same("its IPv6 block", subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"], subnet_block(ipv6_block, 1))
    ec2.holds("a subnet by a zone's id", ec2.one("DescribeSubnets", by_id["SubnetId"]), CidrBlock="10.99.2.0/24",
              AvailabilityZone=other["zoneName"], AvailabilityZoneId=other["zoneId"])
    ec2.holds("an IPv6-only subnet", ec2.one("DescribeSubnets", native["SubnetId"]), Ipv6Native=True, CidrBlock=None)
    subnet_attributes(ec2, id)
    subnet_blocks(ec2, by_id["SubnetId"], subnet_block(ipv6_block, 2))
    for subnet_id in (by_id["SubnetId"], native["SubnetId"]):
        ec2("DeleteSubnet", SubnetId=subnet_id)
        ec2.gone("DescribeSubnets", subnet_id, "InvalidSubnetID.NotFound")
    return id


def subnet_attributes(ec2, id):
    for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64"):
        for value in (True, False):
            ec2("ModifySubnetAttribute", SubnetId=id, **{name: {"Value": value}})
            others = {"MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64"} - {name}
            ec2.holds("a subnet's attributes", ec2.one("DescribeSubnets", id), **{name: value}, **dict.fromkeys(others, False))


def subnet_blocks(ec2, id, ipv6_block):
    if ec2.knows("AssociateSubnetCidrBlock", "Ipv6IpamPoolId"):
        ec2.refused("MissingParameter", "AssociateSubnetCidrBlock", SubnetId=id, Ipv6IpamPoolId=IPAM_POOL, Ipv6NetmaskLength=64)
    made = ec2("AssociateSubnetCidrBlock", SubnetId=id, Ipv6CidrBlock=ipv6_block)
    ec2.holds("AssociateSubnetCidrBlock", made, SubnetId=id)
    ec2.holds("its block", made["Ipv6CidrBlockAssociation"], Ipv6CidrBlock=ipv6_block)

    def state():
        blocks = ec2.one("DescribeSubnets", id)["Ipv6CidrBlockAssociationSet"]
        return blocks[0]["Ipv6CidrBlockState"]["State"] if blocks else None

    ec2.eventually("a subnet's block", lambda: state() == "associated")
    ec2.holds("DisassociateSubnetCidrBlock",
              ec2("DisassociateSubnetCidrBlock", AssociationId=made["Ipv6CidrBlockAssociation"]["AssociationId"]),
              SubnetId=id)
    ec2.eventually("its end", lambda: state() is None)


# ---- gateways, interfaces, addresses ----


def internet_gateway(ec2, vpc_id):
    made = ec2("CreateInternetGateway", TagSpecifications=tags("internet-gateway", "door"))["InternetGateway"]
    id = made["InternetGatewayId"]
    ec2("AttachInternetGateway", InternetGatewayId=id, VpcId=vpc_id)
    ec2.holds("an internet gateway", ec2.one("DescribeInternetGateways", id), Tags=tag_list("door"),
              Attachments=[{"State": "available", "VpcId": vpc_id}])
    return id


def egress_only_internet_gateway(ec2, vpc_id):
    parameters = {"VpcId": vpc_id, "ClientToken": "egress", "TagSpecifications": tags("egress-only-internet-gateway", "out")}
    made, again = (ec2("CreateEgressOnlyInternetGateway", **parameters) for _ in range(2))
    ec2.same("the same token, the same gateway", again, made)
    id = made["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    ec2.holds("an egress-only internet gateway", ec2.one("DescribeEgressOnlyInternetGateways", id), Tags=tag_list("out"),
              Attachments=[{"State": "attached", "VpcId": vpc_id}])
    return id


def interface(ec2, vpc_id, subnet_id):
    groups = ec2.all("DescribeSecurityGroups", Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])
    ec2.same("a VPC's first group", [group["GroupName"] for group in groups], ["default"])
    parameters = {"SubnetId": subnet_id, "Description": distinct.AWKWARD, "InterfaceType": "efa", "Ipv6AddressCount": 2,
                  "PrivateIpAddress": "10.99.1.77", "Groups": [groups[0]["GroupId"]],
                  "ClientToken": "interface", "TagSpecifications": tags("network-interface", "card")}
    made, again = (ec2("CreateNetworkInterface", **parameters) for _ in range(2))
    ec2.same("the same token, the same interface", again, made)
    id = made["NetworkInterface"]["NetworkInterfaceId"]
    seen = ec2.one("DescribeNetworkInterfaces", id)
    ec2.holds("an interface", seen, SubnetId=subnet_id, Description=distinct.AWKWARD, InterfaceType="efa",
              PrivateIpAddress="10.99.1.77", TagSet=tag_list("card"))
    ec2.same("its groups", [group["GroupId"] for group in seen["Groups"]], parameters["Groups"])
    ec2.same("its IPv6 addresses", len(seen["Ipv6Addresses"]), 2)
    return id


def addresses(ec2, interface_id):
    """Leaves one address, which nothing uses."""
    made = ec2("AllocateAddress", Domain="vpc", Address="203.0.113.77", PublicIpv4Pool="amazon", NetworkBorderGroup=REGION,
               TagSpecifications=tags("elastic-ip", "sign"))
    ec2.holds("AllocateAddress", made, Domain="vpc", PublicIp="203.0.113.77", PublicIpv4Pool="amazon",
              NetworkBorderGroup=REGION)
    other = ec2("AllocateAddress")
    id = made["AllocationId"]
    ec2.holds("an address", ec2.one_address(id), PublicIp="203.0.113.77", NetworkBorderGroup=REGION, Tags=tag_list("sign"))
    ec2.same("an address by its IP", ec2.all("DescribeAddresses", PublicIps=[other["PublicIp"]])[0]["AllocationId"],
             other["AllocationId"])

    ec2.refused("InvalidInstanceID.NotFound", "AssociateAddress", AllocationId=id, InstanceId="i-00000000000000001")
    first = ec2("AssociateAddress", AllocationId=id, NetworkInterfaceId=interface_id, PrivateIpAddress="10.99.1.77",
                AllowReassociation=False)
    ec2.holds("an address in use", ec2.one_address(id), AssociationId=first["AssociationId"], PrivateIpAddress="10.99.1.77",
              NetworkInterfaceId=interface_id)
    ec2.holds("its interface", ec2.one("DescribeNetworkInterfaces", interface_id)["Association"], AllocationId=id,
              AssociationId=first["AssociationId"], PublicIp="203.0.113.77")
    ec2.refused("Resource.AlreadyAssociated", "AssociateAddress", PublicIp=other["PublicIp"],
                NetworkInterfaceId=interface_id, AllowReassociation=False)
    ec2("AssociateAddress", PublicIp=other["PublicIp"], NetworkInterfaceId=interface_id, AllowReassociation=True)
    ec2.holds("the address that was moved away", ec2.one_address(id), AssociationId=None)
    ec2("DisassociateAddress", PublicIp=other["PublicIp"])
    ec2.holds("the other address", ec2.one_address(other["AllocationId"]), AssociationId=None, NetworkInterfaceId=None)
    again = ec2("AssociateAddress", AllocationId=id, NetworkInterfaceId=interface_id)
    ec2("DisassociateAddress", AssociationId=again["AssociationId"])
    ec2.holds("an address let go", ec2.one_address(id), AssociationId=None)

    ec2("ReleaseAddress", PublicIp=other["PublicIp"])
    third = ec2("AllocateAddress")["AllocationId"]
    ec2("ReleaseAddress", AllocationId=third, NetworkBorderGroup=REGION)
    for allocation in (other["AllocationId"], third):
        ec2.refused("InvalidAllocationID.NotFound", "DescribeAddresses", AllocationIds=[allocation])
    return id


def nat_gateways(ec2, world, vpc_id, subnet_id, allocation_id):
    parameters = {"SubnetId": subnet_id, "AllocationId": allocation_id, "ConnectivityType": "public", "ClientToken": "nat",
                  "PrivateIpAddress": "10.99.1.88", "TagSpecifications": tags("natgateway", "way out")}
    newer = ec2.knows("CreateNatGateway", "AvailabilityMode")
    if newer:
        parameters["AvailabilityMode"] = "zonal"
        service_managed_before = service_managed(ec2)
    made, again = (ec2("CreateNatGateway", **parameters) for _ in range(2))
    id = made["NatGateway"]["NatGatewayId"]
    ec2.same("the same token, the same gateway", (again["NatGateway"]["NatGatewayId"], again["ClientToken"]), (id, "nat"))
    wait_for_nat_gateway(ec2, id, "available")
    seen = ec2.one("DescribeNatGateways", id)
    ec2.holds("a NAT gateway", seen, SubnetId=subnet_id, VpcId=vpc_id, ConnectivityType="public", Tags=tag_list("way out"))
    ec2.same("its addresses", len(seen["NatGatewayAddresses"]), 1)
    ec2.holds("its address", seen["NatGatewayAddresses"][0], AllocationId=allocation_id, PrivateIp="10.99.1.88",
              PublicIp="203.0.113.77",
              NetworkInterfaceId=ec2.one_address(allocation_id)["NetworkInterfaceId"])
    private = ec2("CreateNatGateway", SubnetId=subnet_id, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    wait_for_nat_gateway(ec2, private, "available")
    ec2.holds("a private one", ec2.one("DescribeNatGateways", private), ConnectivityType="private")
    ids = [private]
    if newer:
        ec2.holds("a zonal one", seen, AvailabilityMode="zonal")
        ec2.holds("its address", seen["NatGatewayAddresses"][0], IsPrimary=True, Status="succeeded",
                  AssociationId=ec2.one_address(allocation_id)["AssociationId"])
        ids += [regional_nat_gateway(ec2, vpc_id), regional_nat_gateway_with_addresses(ec2, world, vpc_id)]
    for other in ids:
        delete_nat_gateway(ec2, other)
    if newer:
        ec2.same("addresses of AWS's own are gone", service_managed(ec2), service_managed_before)
        for given in (address for address in ec2.all("DescribeAddresses") if {"Key": "Name", "Value": "given"} in address["Tags"]):
            ec2.holds("a given address", given, AssociationId=None)
            ec2("ReleaseAddress", AllocationId=given["AllocationId"])
    return id


def service_managed(ec2):
    return sorted(address["AllocationId"] for address in ec2.all("DescribeAddresses") if address.get("ServiceManaged") == "rnat")


def regional_nat_gateway(ec2, vpc_id):
    """AWS finds the zones, which are those of the VPC's subnets, and the addresses."""
    made = ec2("CreateNatGateway", VpcId=vpc_id, AvailabilityMode="regional")["NatGateway"]
    id = made["NatGatewayId"]
    wait_for_nat_gateway(ec2, id, "available")
    seen = ec2.one("DescribeNatGateways", id)
    ec2.holds("a regional one", seen, AvailabilityMode="regional", VpcId=vpc_id, SubnetId=None, AutoScalingIps="enabled",
              AutoProvisionZones="enabled", RouteTableId=made["RouteTableId"])
    zones_served = sorted({subnet["AvailabilityZone"] for subnet in ec2.all("DescribeSubnets") if subnet["VpcId"] == vpc_id})
    ec2.same("its zones", sorted(address["AvailabilityZone"] for address in seen["NatGatewayAddresses"]), zones_served)
    for address in seen["NatGatewayAddresses"]:
        ec2.holds("its address", ec2.one_address(address["AllocationId"]), ServiceManaged="rnat",
                  AssociationId=address["AssociationId"], PublicIp=address["PublicIp"], NetworkInterfaceId=None)
        ec2.refused("OperationNotPermitted", "ReleaseAddress", AllocationId=address["AllocationId"])
    internet_gateway_ids = [gateway["InternetGatewayId"] for gateway in ec2.all("DescribeInternetGateways")
                            if {"State": "available", "VpcId": vpc_id} in gateway["Attachments"]]
    route = find_route(ec2, seen["RouteTableId"], {"DestinationCidrBlock": "0.0.0.0/0"})
    ec2.same("its way out", [route["GatewayId"]], internet_gateway_ids)
    return id


def regional_nat_gateway_with_addresses(ec2, world, vpc_id):
    by_name, by_id = world["availabilityZoneInfo"][:2]
    allocations = [ec2("AllocateAddress", TagSpecifications=tags("elastic-ip", "given"))["AllocationId"] for _ in range(3)]
    made = ec2("CreateNatGateway", VpcId=vpc_id, AvailabilityMode="regional", AvailabilityZoneAddresses=[
        {"AvailabilityZone": by_name["zoneName"], "AllocationIds": allocations[:1]},
        {"AvailabilityZoneId": by_id["zoneId"], "AllocationIds": allocations[1:]}])["NatGateway"]
    wait_for_nat_gateway(ec2, made["NatGatewayId"], "available")
    seen = ec2.one("DescribeNatGateways", made["NatGatewayId"])
    ec2.holds("one with addresses", seen, AutoScalingIps="disabled", AutoProvisionZones="disabled")
    ec2.same("its addresses",
             [(address["AllocationId"], address["AvailabilityZone"], address["AvailabilityZoneId"], address["Status"])
              for address in seen["NatGatewayAddresses"]],
             [(allocation, zone["zoneName"], zone["zoneId"], "succeeded")
              for allocation, zone in zip(allocations, (by_name, by_id, by_id))])
    for allocation in allocations:
        ec2.holds("a given address", ec2.one_address(allocation), NetworkInterfaceId=None)
        ec2.refused("InvalidIPAddress.InUse", "ReleaseAddress", AllocationId=allocation)
    return made["NatGatewayId"]


def wait_for_nat_gateway(ec2, id, state):
    ec2.eventually(f"{id} {state}", lambda: ec2.one("DescribeNatGateways", id)["State"] == state)


def delete_nat_gateway(ec2, id):
    ec2.holds("DeleteNatGateway", ec2("DeleteNatGateway", NatGatewayId=id), NatGatewayId=id)
    wait_for_nat_gateway(ec2, id, "deleted")


# ---- route tables ----


def route_tables(ec2, vpc_id, subnet_id):
    """Two tables; the first one is associated with nothing in the end."""
    parameters = {"VpcId": vpc_id, "TagSpecifications": tags("route-table", "map")}
    newer = ec2.knows("CreateRouteTable", "ClientToken")
    if newer:
        parameters["ClientToken"] = "table"
    made = ec2("CreateRouteTable", **parameters)
    id = made["RouteTable"]["RouteTableId"]
    if newer:
        ec2.same("the same token, the same table", ec2("CreateRouteTable", **parameters), made)
    other = ec2("CreateRouteTable", VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    ec2.holds("a route table", ec2.one("DescribeRouteTables", id), VpcId=vpc_id, Tags=tag_list("map"), Associations=[])

    gateway = "vgw-00000000000000001"
    for member, value in (("SubnetId", subnet_id), ("GatewayId", gateway)):
        associated = ec2("AssociateRouteTable", RouteTableId=id, **{member: value})
        ec2.holds("AssociateRouteTable", associated, AssociationState={"State": "associated"})
        ec2.holds("an association", ec2.one("DescribeRouteTables", id)["Associations"][0], **{member: value}, Main=False,
                  RouteTableId=id, RouteTableAssociationId=associated["AssociationId"])
        replaced = ec2("ReplaceRouteTableAssociation", AssociationId=associated["AssociationId"], RouteTableId=other)
        ec2.holds("ReplaceRouteTableAssociation", replaced, AssociationState={"State": "associated"})
        ec2.holds("a replaced association", ec2.one("DescribeRouteTables", other)["Associations"][0], **{member: value},
                  RouteTableId=other, RouteTableAssociationId=replaced["NewAssociationId"])
        ec2("DisassociateRouteTable", AssociationId=replaced["NewAssociationId"])
        ec2.same("associations", [ec2.one("DescribeRouteTables", table)["Associations"] for table in (id, other)], [[], []])

    ec2("EnableVgwRoutePropagation", GatewayId=gateway, RouteTableId=other)
    ec2.holds("a table with propagation", ec2.one("DescribeRouteTables", other), PropagatingVgws=[{"GatewayId": gateway}])
    return id, other


def find_route(ec2, table_id, destination):
    for route in ec2.one("DescribeRouteTables", table_id)["Routes"]:
        if all(route.get(name) == value for name, value in destination.items()):
            return route
    return None


def routes(ec2, table_id, made):
    """made: ids of what is simulated, by the route's member. Every target by CreateRoute, then by ReplaceRoute."""
    arn = f"arn:aws:networkmanager::{ACCOUNT}:core-network/core-network-1"
    odb = f"arn:aws:odb:{REGION}:{ACCOUNT}:odb-network/1"
    targets = [  # parameter, value, the route's member
        *((member, value, member) for member, value in made.items()),
        ("TransitGatewayId", "tgw-00000000000000001", "TransitGatewayId"),
        ("VpcPeeringConnectionId", "pcx-00000000000000001", "VpcPeeringConnectionId"),
        ("InstanceId", "i-00000000000000001", "InstanceId"),
        ("VpcEndpointId", "vpce-00000000000000001", "GatewayId"),
        ("LocalGatewayId", "lgw-00000000000000001", "LocalGatewayId"),
        ("CarrierGatewayId", "cagw-00000000000000001", "CarrierGatewayId"),
        ("CoreNetworkArn", arn, "CoreNetworkArn"),
        ("OdbNetworkArn", odb, "OdbNetworkArn"),
    ]
    targets = [row for row in targets if ec2.knows("CreateRoute", row[0])]
    members = {member for _, _, member in targets}

    def check(destination, parameter, value, member):
        route = find_route(ec2, table_id, destination)
        ec2.holds(f"a route by {parameter}", route or {}, **{member: value}, **dict.fromkeys(members - {member}),
                  Origin="CreateRoute", State="active")
        if member == "InstanceId":
            ec2.holds("its instance", route, InstanceOwnerId=ACCOUNT)

    for number, (parameter, value, member) in enumerate(targets):
        # An egress-only internet gateway takes IPv6 alone.
        destination = {"DestinationIpv6CidrBlock": f"2001:db8:{number + 1:x}::/48"}
        ec2("CreateRoute", RouteTableId=table_id, **destination, **{parameter: value})
        check(destination, parameter, value, member)
        parameter, value, member = targets[(number + 1) % len(targets)]
        ec2("ReplaceRoute", RouteTableId=table_id, **destination, **{parameter: value})
        check(destination, parameter, value, member)
        ec2("DeleteRoute", RouteTableId=table_id, **destination)
        ec2.same("a deleted route", find_route(ec2, table_id, destination), None)


def destinations(ec2, table_id, internet_gateway_id, interface_id):
    prefix_list = ec2.all("DescribeManagedPrefixLists",
                          Filters=[{"Name": "prefix-list-name", "Values": [f"com.amazonaws.{REGION}.s3"]}])[0]
    for destination in ({"DestinationCidrBlock": "0.0.0.0/0"}, {"DestinationIpv6CidrBlock": "::/0"},
                        {"DestinationPrefixListId": prefix_list["PrefixListId"]}):
        ec2("CreateRoute", RouteTableId=table_id, GatewayId=internet_gateway_id, **destination)
        ec2.holds("a route", find_route(ec2, table_id, destination), GatewayId=internet_gateway_id)
        ec2("ReplaceRoute", RouteTableId=table_id, NetworkInterfaceId=interface_id, **destination)
        ec2.holds("a route", find_route(ec2, table_id, destination), NetworkInterfaceId=interface_id, GatewayId=None)
        ec2("DeleteRoute", RouteTableId=table_id, **destination)
        ec2.same("a deleted route", find_route(ec2, table_id, destination), None)
    local = {"DestinationCidrBlock": "10.99.0.0/16"}
    ec2("ReplaceRoute", RouteTableId=table_id, NetworkInterfaceId=interface_id, LocalTarget=False, **local)
    ec2.holds("a local route sent elsewhere", find_route(ec2, table_id, local), NetworkInterfaceId=interface_id)
    ec2("ReplaceRoute", RouteTableId=table_id, LocalTarget=True, **local)
    ec2.holds("a local route", find_route(ec2, table_id, local), GatewayId="local", NetworkInterfaceId=None)


def all_tags(ec2, ids):
    """ids: a VPC's and a subnet's."""
    def seen():
        return [{tag["Key"]: tag["Value"] for tag in ec2.one(action, id)["Tags"] if tag["Key"] not in ("Name", "of")}
                for action, id in zip(("DescribeVpcs", "DescribeSubnets"), ids)]

    wanted = {"vpc-reconciled:owner": distinct.AWKWARD, "empty": "", distinct.AWKWARD: "key"}
    ec2("CreateTags", Resources=ids, Tags=[{"Key": key, "Value": value} for key, value in wanted.items()])
    ec2.same("tags", seen(), [wanted] * 2)
    ec2("DeleteTags", Resources=ids[:1], Tags=[{"Key": "empty"}, {"Key": distinct.AWKWARD, "Value": "another"},
                                               {"Key": "vpc-reconciled:owner", "Value": distinct.AWKWARD}])
    ec2.same("tags", seen(), [{distinct.AWKWARD: "key"}, wanted])


def managed_resources(ec2, world):
    if not ec2.knows("DescribeNetworkInterfaces", "IncludeManagedResources"):
        return
    hidden = [item["networkInterfaceId"] for item in world["networkInterfaceSet"]
              if item["operator"]["hiddenByDefault"] and item["operator"]["managed"]]
    assert hidden
    for include in (True, False):
        seen = {item["NetworkInterfaceId"] for item in ec2.all("DescribeNetworkInterfaces", IncludeManagedResources=include)}
        ec2.same(f"managed interfaces with IncludeManagedResources {include}", set(hidden) <= seen, include)


def scenario(ec2, world):
    ec2.one_address = lambda id: ec2.one("DescribeAddresses", id)
    describes(ec2, world)
    zones(ec2, world)
    managed_resources(ec2, world)
    vpc_id, ipv6_block = make_vpc(ec2)
    vpc_blocks(ec2, vpc_id)
    vpc_attributes(ec2, vpc_id)
    subnet_id = subnets(ec2, world, vpc_id, ipv6_block)
    made = {"GatewayId": internet_gateway(ec2, vpc_id),
            "EgressOnlyInternetGatewayId": egress_only_internet_gateway(ec2, vpc_id),
            "NetworkInterfaceId": interface(ec2, vpc_id, subnet_id)}
    allocation_id = addresses(ec2, made["NetworkInterfaceId"])
    made["NatGatewayId"] = nat_gateways(ec2, world, vpc_id, subnet_id, allocation_id)
    tables_made = route_tables(ec2, vpc_id, subnet_id)
    routes(ec2, tables_made[0], made)
    destinations(ec2, tables_made[0], made["GatewayId"], made["NetworkInterfaceId"])
    all_tags(ec2, [vpc_id, subnet_id])
    take_down(ec2, vpc_id, subnet_id, allocation_id, tables_made, made)


def take_down(ec2, vpc_id, subnet_id, allocation_id, tables_made, made):
    delete_nat_gateway(ec2, made["NatGatewayId"])
    ec2("ReleaseAddress", AllocationId=allocation_id)
    for action, parameters, describe, code in (
            *(("DeleteRouteTable", {"RouteTableId": id}, "DescribeRouteTables", "InvalidRouteTableID.NotFound")
              for id in tables_made),
            ("DeleteNetworkInterface", {"NetworkInterfaceId": made["NetworkInterfaceId"]}, "DescribeNetworkInterfaces",
             "InvalidNetworkInterfaceID.NotFound"),
            ("DeleteEgressOnlyInternetGateway", {"EgressOnlyInternetGatewayId": made["EgressOnlyInternetGatewayId"]},
             "DescribeEgressOnlyInternetGateways", "InvalidEgressOnlyInternetGatewayId.NotFound"),
            ("DetachInternetGateway", {"InternetGatewayId": made["GatewayId"], "VpcId": vpc_id}, None, None),
            ("DeleteInternetGateway", {"InternetGatewayId": made["GatewayId"]}, "DescribeInternetGateways",
             "InvalidInternetGatewayID.NotFound"),
            ("DeleteSubnet", {"SubnetId": subnet_id}, "DescribeSubnets", "InvalidSubnetID.NotFound"),
            ("DeleteVpc", {"VpcId": vpc_id}, "DescribeVpcs", "InvalidVpcID.NotFound")):
        ec2(action, **parameters)
        if describe:
            ec2.gone(describe, next(iter(parameters.values())), code)
        else:
            ec2.holds("a detached gateway", ec2.one("DescribeInternetGateways", made["GatewayId"]), Attachments=[])
