"""The world of "First light": a dual-stack VPC over three zones, made by the calls that a person would make, and its
bystanders; the config that describes it; and what differs between two worlds."""
import json
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import programs

ZONES = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]
NAME = "first-light"


@dataclass
class World:
    """As the simulator dumps it, and the ids in it by their part in the play."""
    data: dict
    nat: bool
    vpc: str = ""
    igw: str = ""
    eigw: str = ""
    public_table: str = ""
    public_subnets: list = field(default_factory=list)
    private_tables: list = field(default_factory=list)
    private_subnets: list = field(default_factory=list)
    private_associations: list = field(default_factory=list)
    nats: list = field(default_factory=list)


def tagged(kind, name, **tags):
    tags = [{"Key": "Name", "Value": name}] + [{"Key": key, "Value": value} for key, value in tags.items()]
    return [{"ResourceType": kind, "Tags": tags}]


class Builder:
    def __init__(self, simulator, nat):
        self.simulator, self.ec2 = simulator, simulator.ec2
        self.world = World(data={}, nat=nat)

    def subnet(self, name, number, zone, **tags):
        subnet = self.ec2.create_subnet(VpcId=self.world.vpc, AvailabilityZone=zone, CidrBlock=f"10.0.{number}.0/24",
                                        Ipv6CidrBlock=f"{self.stem}{number:02x}::/64",
                                        TagSpecifications=tagged("subnet", name, **tags))["Subnet"]["SubnetId"]
        self.ec2.modify_subnet_attribute(SubnetId=subnet, AssignIpv6AddressOnCreation={"Value": True})
        return subnet

    def table(self, name):
        return self.ec2.create_route_table(VpcId=self.world.vpc, TagSpecifications=tagged("route-table", name)
                                           )["RouteTable"]["RouteTableId"]

    def associate(self, table, subnet):
        return self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]

    def vpc(self):
        ec2, world = self.ec2, self.world
        world.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True,
                                   TagSpecifications=tagged("vpc", NAME))["Vpc"]["VpcId"]

        def block():
            entries = ec2.describe_vpcs(VpcIds=[world.vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"]
            return [entry["Ipv6CidrBlock"] for entry in entries if entry["Ipv6CidrBlockState"]["State"] == "associated"]
        self.stem = programs.wait_until(block, "the VPC's IPv6 block")[0].removesuffix("00::/56")

    def public_side(self):
        ec2, world = self.ec2, self.world
        world.igw = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway", NAME)
                                                )["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=world.igw, VpcId=world.vpc)
        world.public_table = self.table("public")
        ec2.create_route(RouteTableId=world.public_table, DestinationCidrBlock="0.0.0.0/0", GatewayId=world.igw)
        ec2.create_route(RouteTableId=world.public_table, DestinationIpv6CidrBlock="::/0", GatewayId=world.igw)
        for number, zone in enumerate(ZONES):
            subnet = self.subnet(f"public-{zone}", number, zone, tier="public")
            self.associate(world.public_table, subnet)
            world.public_subnets.append(subnet)

    def private_side(self):
        ec2, world = self.ec2, self.world
        world.eigw = ec2.create_egress_only_internet_gateway(VpcId=world.vpc)["EgressOnlyInternetGateway"][
            "EgressOnlyInternetGatewayId"]
        for subnet in world.public_subnets if world.nat else []:
            address = ec2.allocate_address(Domain="vpc")["AllocationId"]
            world.nats.append(ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"])
        if world.nat:
            wait_nat_state(ec2, world.nats, "available")
        for number, zone in enumerate(ZONES):
            table, subnet = self.table(f"private-{zone}"), self.subnet(f"private-{zone}", 16 + number, zone)
            if world.nat:
                ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=world.nats[number])
            ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId=world.eigw)
            world.private_associations.append(self.associate(table, subnet))
            world.private_tables.append(table)
            world.private_subnets.append(subnet)

    def bystanders(self):
        ec2 = self.ec2
        self.associate(self.table("undeclared"), self.subnet("undeclared", 32, ZONES[0]))
        foreign = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tagged("vpc", "foreign"))["Vpc"]["VpcId"]
        igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=foreign)
        ec2.create_egress_only_internet_gateway(VpcId=foreign)

    def foreign_routes(self, data):
        """What no action of the simulator makes is put into its dump. In the tables that are declared: the routes
        beside these are ours to write, these never are."""
        for table in data["routeTableSet"]:
            if table["routeTableId"] in (self.world.public_table, *self.world.private_tables):
                table["routeSet"] += [
                    {"destinationCidrBlock": "10.50.0.0/16", "vpcPeeringConnectionId": "pcx-0123456789abcdef0",
                     "origin": "CreateRoute", "state": "active"},
                    {"destinationCidrBlock": "10.60.0.0/16", "gatewayId": "vgw-0123456789abcdef0",
                     "origin": "EnableVgwRoutePropagation", "state": "active"},
                    {"destinationPrefixListId": "pl-61a54008", "gatewayId": "vpce-0123456789abcdef0",
                     "origin": "CreateRoute", "state": "active"},
                ]


def wait_nat_state(ec2, ids, state):
    def all_so():
        return all(gateway["State"] == state for gateway in ec2.describe_nat_gateways(NatGatewayIds=ids)["NatGateways"])
    programs.wait_until(all_so, f"NAT gateways {state}")


_worlds = {}


def world(nat=True):
    """Built once in a process."""
    if nat not in _worlds:
        directory = tempfile.mkdtemp(prefix="vpc-reconciled-world-")
        try:
            _worlds[nat] = build(directory, nat)
        finally:
            shutil.rmtree(directory)
    return _worlds[nat]


def build(directory, nat):
    simulator = programs.Simulator(directory)
    builder = Builder(simulator, nat)
    builder.vpc()
    builder.public_side()
    builder.private_side()
    builder.bystanders()
    data = simulator.world()
    simulator.stop()
    del data["calls"]
    builder.foreign_routes(data)
    # Once more through the simulator, so that what it fills in is there as well.
    simulator = programs.Simulator(directory, data)
    builder.world.data = simulator.world()
    simulator.stop()
    del builder.world.data["calls"]
    return builder.world


# ---- the config ----

def target(world, **members):
    """The VPC's file. The public subnets are found by their tag, the others are named."""
    functions = {"match": world.private_subnets, "ipv6": "egress-only-internet-gateway"}
    value = {
        "name": NAME, "region": programs.REGION, "vpc": world.vpc, "mode": "repair",
        "subnet_groups": {
            "public": {"match": {"tag:tier": "public", "azs": 3}, "ipv4": "internet-gateway", "ipv6": "internet-gateway"},
            "functions": functions,
        },
    }
    if world.nat:
        functions["ipv4"] = "nat-gateway"
        value["nat_gateways"] = {"placement": "per-az", "in": "public"}
    value.update(members)
    return {key: member for key, member in value.items() if member is not None}


MAIN = {"confirm_after": {"route": "200ms", "create": "400ms"}}


def write_config(directory, target, main=None):
    """A config directory under `directory`; returns its path."""
    path = Path(tempfile.mkdtemp(dir=directory, prefix="config-"))
    (path / "vpcs.d").mkdir()
    (path / "vpc-reconciled.json").write_text(json.dumps(MAIN if main is None else main, indent=2))
    (path / "vpcs.d" / "first-light.json").write_text(json.dumps(target, indent=2))
    return path


# ---- two worlds beside each other ----

def ids(data, kind):
    """Of one list of the world: "internetGatewaySet"."""
    return {_key(item, 0) for item in data[kind]}


def find(data, kind, id):
    return next(item for item in data[kind] if _key(item, 0) == id)


def route(data, table, destination):
    """The route of a table, or None."""
    for entry in find(data, "routeTableSet", table)["routeSet"]:
        if destination in (entry.get("destinationCidrBlock"), entry.get("destinationIpv6CidrBlock")):
            return entry
    return None


def _key(item, index):
    """What tells an item from its neighbours: a route's destination, a tag's key, a prefix list's entry, else its id."""
    if not isinstance(item, dict):
        return str(index)
    if item.get("cidr"):
        return f"{item.get('prefixListId')} {item['cidr']}"
    for name in ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "key",
                 "routeTableAssociationId", "serviceId"):
        if item.get(name):
            return item[name]
    return next((value for name, value in item.items() if re.search("(Id|Name)$", name) and value), str(index))


def _flatten(value, path, into):
    if isinstance(value, dict):
        for name, member in value.items():
            _flatten(member, f"{path}/{name}", into)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            place = f"{path}/{_key(item, index)}"
            assert place not in into, f"two items are {place}"
            if isinstance(item, (dict, list)):
                into[place] = "there"
            _flatten(item, place, into)
    else:
        into[path] = value


def differences(before, after, replaced=None):
    """{path: (before, after)} of all members of two worlds that differ. `replaced` says which new id stands where an
    old one was: {new: old}."""
    text = json.dumps(after)
    for new, old in (replaced or {}).items():
        text = text.replace(new, old)
    sides = []
    for side in (before, json.loads(text)):
        flat = {}
        _flatten({name: value for name, value in side.items() if name != "calls"}, "", flat)
        sides.append(flat)
    return {path: (sides[0].get(path), sides[1].get(path)) for path in sorted(sides[0].keys() | sides[1].keys())
            if sides[0].get(path) != sides[1].get(path)}


def unexpected(before, after, replaced=None, allowed=(), added=()):
    """The differences that have no name: those whose path begins with a pattern of `allowed`, or of `added` where
    nothing was before, are left out."""
    def named(path, old):
        return any(re.match(pattern, path) for pattern in (*allowed, *(added if old is None else ())))
    return {path: sides for path, sides in differences(before, after, replaced).items() if not named(path, sides[0])}
