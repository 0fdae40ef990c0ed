"""Worlds and parameters in which no two rows of a wire table hold the same, so that none can stand for another."""
import itertools

from clients import REGION

N_ITEMS = 7  # of each list of a world: more than one page of 5, and one for each word of the longest list of words
N_PARTS = 2  # of each list inside an item
N_ROUNDS = 3  # of parameters: a bool is told from another one by its values in all rounds
# XML and forms have to escape these; é is in Latin-1, the next is not, the last lies beyond 16 bits.
AWKWARD = "<a&b>\"c\" 'd' 100% e+f=g; é 経路 🛰"
AWKWARD_ASCII = "a&b=c+d e%f~"
# Actions that vpc-simulator lacks; it has to say so.
NOT_SIMULATED = set()


def is_true(number, nth):
    """Row `number` of the bools of a table, in its nth item: bits of number + 1, so no row is always the same."""
    return bool((number + 1) >> nth % 4 & 1)


class Counter:
    def __init__(self):
        self.count = itertools.count(1)

    def __call__(self):
        return next(self.count)

    def text(self, name):
        return f"{name} {self()}"

    def id(self, prefix):
        return f"{prefix}{self():017x}"

    def ipv4_block(self):
        number = self()
        return f"10.{number >> 8}.{number & 255}.0/24"

    def ipv6_block(self):
        return f"2001:db8:{self():x}::/56"


# ---- a world ----

# What the simulator insists on; a function of the Making at hand. None leaves the row out.
KEYS = {"vpcSet/vpcId": "vpc-", "subnetSet/subnetId": "subnet-", "routeTableSet/routeTableId": "rtb-",
        "internetGatewaySet/internetGatewayId": "igw-",
        "egressOnlyInternetGatewaySet/egressOnlyInternetGatewayId": "eigw-", "natGatewaySet/natGatewayId": "nat-",
        "addressesSet/allocationId": "eipalloc-", "networkInterfaceSet/networkInterfaceId": "eni-",
        "prefixListSet/prefixListId": "pl-", "availabilityZoneInfo/zoneName": "zone-",
        "securityGroupInfo/groupId": "sg-", "networkAclSet/networkAclId": "acl-", "vpcEndpointSet/vpcEndpointId": "vpce-",
        "serviceDetailSet/serviceId": "vpce-svc-"}
# A list that is asked for by the id of another one's item, and what it is called in a world.
ENTRIES_ACTION, ENTRIES = "GetManagedPrefixListEntries", "prefixListEntries"
OPTIONS_ACTION, OPTIONS = "DescribeVpcBlockPublicAccessOptions", "vpcBlockPublicAccessOptions"
# A block on its way is somewhere else when a client comes to look; these words are read of route table associations.
AT_REST = ["associated", "disassociated", "failing", "failed"]


def own_list(name):
    """AWS's two lists are part of every world: here they have values too."""
    return lambda making: f"com.amazonaws.{REGION}.{['s3', 'dynamodb'][making.item]}" if making.item < 2 else name(making)


SPECIAL = {
    # An item goes with the items of the same number in other lists.
    "subnetSet/vpcId": lambda m: m.key("vpcSet", m.item),
    "subnetSet/availabilityZone": lambda m: m.key("availabilityZoneInfo", m.item),
    "routeTableSet/vpcId": lambda m: m.key("vpcSet", m.item),
    "natGatewaySet/vpcId": lambda m: m.key("vpcSet", m.item),
    "natGatewaySet/subnetId": lambda m: m.key("subnetSet", m.item),
    "networkInterfaceSet/vpcId": lambda m: m.key("vpcSet", m.item),
    "networkInterfaceSet/subnetId": lambda m: m.key("subnetSet", m.item),
    # The first internet gateway that names a VPC is that VPC's.
    "internetGatewaySet/attachmentSet/vpcId": lambda m: m.key("vpcSet", max(m.item - m.part, 0)),
    "egressOnlyInternetGatewaySet/attachmentSet/vpcId": lambda m: m.key("vpcSet", m.item + m.part),
    # A VPC's first block is its primary one.
    "vpcSet/cidrBlockAssociationSet/cidrBlock":
        lambda m: m.made["vpcSet/cidrBlock"] if m.part == 0 else m.counter.ipv4_block(),
    "vpcSet/cidrBlockAssociationSet/cidrBlockState/state": lambda m: m.one_of(AT_REST),
    "vpcSet/ipv6CidrBlockAssociationSet/ipv6CidrBlockState/state": lambda m: m.one_of(AT_REST, 1),
    "subnetSet/ipv6CidrBlockAssociationSet/ipv6CidrBlockState/state": lambda m: m.one_of(AT_REST),
    # One main association for each VPC, one explicit one for each subnet.
    "routeTableSet/associationSet/main": lambda m: m.part == 0,
    "routeTableSet/associationSet/subnetId": lambda m: m.key("subnetSet", m.item) if m.part == 0 else None,
    # The simulator sees whether a gateway of its own is there: such routes are active or dead, never filtered.
    "routeTableSet/routeSet/state": lambda m: ["active", "blackhole", "filtered"][(m.item + m.part) % 3],
    "routeTableSet/routeSet/egressOnlyInternetGatewayId":
        lambda m: [m.key("egressOnlyInternetGatewaySet", m.item), m.counter.id("eigw-"), None][(m.item + m.part) % 3],
    "routeTableSet/routeSet/natGatewayId":
        lambda m: m.counter.id("nat-") if (m.item + m.part) % 3 < 2 else None,
    # One of them is managed too, and so hidden from who does not ask for managed resources.
    "networkInterfaceSet/operator/hiddenByDefault": lambda m: m.item in (1, 2),
    "natGatewaySet/createTime": lambda m: f"2026-11-24T20:{m.item:02}:01.000Z",
    "natGatewaySet/deleteTime": lambda m: f"2026-11-24T21:{m.item:02}:02.000Z",
    "availabilityZoneInfo/optInStatus":
        lambda m: "not-opted-in" if m.item == N_ITEMS - 1 else m.counter.text("optInStatus"),
    "prefixListSet/prefixListName": own_list(lambda m: m.counter.text("prefixListName")),
    # Each VPC has a default group and a default network ACL: these are all that there are.
    "securityGroupInfo/vpcId": lambda m: m.key("vpcSet", m.item),
    "securityGroupInfo/groupName": lambda m: "default",
    "networkAclSet/vpcId": lambda m: m.key("vpcSet", m.item),
    "networkAclSet/default": lambda m: True,
    # A subnet is associated with one.
    "networkAclSet/associationSet/subnetId": lambda m: m.key("subnetSet", m.item) if m.part == 0 else None,
    "vpcEndpointSet/vpcId": lambda m: m.key("vpcSet", m.item),
    "vpcEndpointSet/creationTimestamp": lambda m: f"2026-11-24T22:{m.item:02}:03.000Z",
}


class Making:
    """One item on its way: which of its list, and of an inner list which part."""

    def __init__(self, world, counter, list_name, item):
        self.world, self.counter, self.list_name, self.item = world, counter, list_name, item
        self.part, self.nth, self.made = 0, item, {}  # nth: of all items of its list, or of the inner list in all items
        self.n_bools = {}

    def key(self, list_name, item):
        element = next(path.split("/")[1] for path in KEYS if path.startswith(f"{list_name}/"))
        return self.world[list_name][item % N_ITEMS][element]

    def one_of(self, words, shift=0):
        return words[(self.nth + shift) % len(words)]

    def fields(self, nodes):
        made = {}
        for node in nodes:
            if node.kind == "list":
                made[node.name] = []
                for part in range(N_PARTS):
                    self.part, self.nth = part, self.item * N_PARTS + part
                    made[node.name].append(self.fields(node.nodes))
                self.part, self.nth = 0, self.item
            elif node.kind == "group":
                made[node.name] = self.fields(node.nodes)
            else:
                value = self.leaf(node)
                if value is not None:
                    made[node.name] = self.made[node.path] = value
        return made

    def leaf(self, node):
        if node.path in SPECIAL:
            return SPECIAL[node.path](self)
        if node.path in KEYS:
            return self.world[self.list_name][self.item][node.name]
        if node.kind == "bool":
            number = self.n_bools.setdefault(node.path, len(self.n_bools))
            return is_true(number, self.nth)
        if node.kind == "enum":
            return self.one_of(node.words)
        if node.kind == "int":
            return self.counter()
        if node.kind == "texts":
            return [f"{self.counter.text(node.name)} {AWKWARD}" for _ in range(N_PARTS)]
        if node.kind == "prefix":
            return self.counter.ipv6_block() if "pv6" in node.name else self.counter.ipv4_block()
        return f"{self.counter.text(node.name)} {AWKWARD}"


def is_world_list(action):
    return bool(action.list) and action.name != ENTRIES_ACTION and action.name not in NOT_SIMULATED


def world(actions):
    """Every row of every list that a Describe returns, by the wire's own names."""
    made, lists = {}, {action.list: action.list_node() for action in actions.values() if is_world_list(action)}
    for path, prefix in KEYS.items():
        list_name, element = path.split("/")
        counter = Counter()
        if list_name in lists:
            made[list_name] = [{element: counter.id(prefix)} for _ in range(N_ITEMS)]
    assert made.keys() == lists.keys(), f"an id for each list: {made.keys() ^ lists.keys()}"
    for list_name, node in lists.items():
        counter = Counter()
        for item in range(N_ITEMS):
            made[list_name][item] = Making(made, counter, list_name, item).fields(node.nodes)
    for vpc, table in zip(made["vpcSet"], made["routeTableSet"]):
        table["routeSet"] += local_routes(vpc)
    for vpc, acl in zip(made["vpcSet"], made["networkAclSet"]):
        acl["entrySet"] += own_entries(vpc)
    made["vpcAttributes"] = [{"vpcId": vpc["vpcId"], "enableDnsSupport": is_true(0, i), "enableDnsHostnames": is_true(1, i)}
                             for i, vpc in enumerate(made["vpcSet"])]
    made[ENTRIES] = list(entries(actions, made))
    made[OPTIONS] = Making(made, Counter(), OPTIONS, 0).fields(actions[OPTIONS_ACTION].reply)[OPTIONS]
    return made


def entries(actions, made):
    """More than one page for each prefix list."""
    counter, node = Counter(), actions[ENTRIES_ACTION].list_node()
    for prefix_list in made["prefixListSet"]:
        for item in range(N_ITEMS):
            yield {"prefixListId": prefix_list["prefixListId"], **Making(made, counter, ENTRIES, item).fields(node.nodes)}


def local_routes(vpc):
    """What EC2 keeps in every table of the VPC."""
    for blocks, block, destination in (
            ("cidrBlockAssociationSet", "cidrBlock", "destinationCidrBlock"),
            ("ipv6CidrBlockAssociationSet", "ipv6CidrBlock", "destinationIpv6CidrBlock")):
        for association in vpc[blocks]:
            if association[f"{block}State"]["state"] == "associated":
                yield {destination: association[block], "gatewayId": "local", "origin": "CreateRouteTable", "state": "active"}


def own_entries(vpc):
    """The denials behind all others."""
    blocks = [("cidrBlock", "0.0.0.0/0", 32767)]
    if any(block["ipv6CidrBlockState"]["state"] == "associated" for block in vpc["ipv6CidrBlockAssociationSet"]):
        blocks.append(("ipv6CidrBlock", "::/0", 32768))
    for member, block, number in blocks:
        for egress in (False, True):
            yield {"ruleNumber": number, "protocol": "-1", "ruleAction": "deny", "egress": egress, member: block}


def check(actions, made):
    """Is every row there, and does none hold what another one of its table holds? The world's own test."""
    problems = []
    for action in actions.values():
        if not is_world_list(action):
            continue
        seen = {}
        node = action.list_node()
        for leaf in node.leaves():
            values = tuple(values_at(made[action.list], leaf.path.split("/")[1:]))
            if not values:
                problems.append(f"{leaf.path}: no item has it")
            elif leaf.kind == "bool" and len(set(values)) < 2 and leaf.path not in SPECIAL:
                problems.append(f"{leaf.path}: always {values[0]}")
            elif leaf.kind == "enum" and not set(leaf.words) <= set(values) and leaf.path not in SPECIAL:
                problems.append(f"{leaf.path}: never {', '.join(sorted(set(leaf.words) - set(values)))}")
            if values in seen:
                problems.append(f"{leaf.path}: the same values as {seen[values]}")
            seen[values] = leaf.path
    return problems


def values_at(items, path):
    for item in items:
        value = item.get(path[0])
        if len(path) == 1:
            if value is not None:
                yield tuple(value) if isinstance(value, list) else value
        elif value is not None:
            yield from values_at(value if isinstance(value, list) else [value], path[1:])


# ---- parameters ----

SPECIAL_PARAMETERS = {
    # The simulator holds these against what it knows before it looks at DryRun.
    "TagSpecification/ResourceType": lambda action, counter: action.makes,
    "ClientToken": lambda action, counter: f"ClientToken {counter()} {AWKWARD_ASCII}",
}


def parameters(action, nth, knows):
    """One call with every parameter that the client knows: as the SDK takes them, and as the log has to show them."""
    given, logged = {}, {}
    counter, bools = Counter(), itertools.count()

    def fill(nodes, into, prefix):
        for node in nodes:
            name = prefix + node.name
            if not knows(node):
                if node.kind == "bool":
                    next(bools)
            elif node.kind == "group":
                fill(node.nodes, into.setdefault(node.sdk, {}), f"{name}.")
            elif node.kind == "list":
                parts = 1 if node.name == "TagSpecification" else N_PARTS  # one for each type of resource
                into[node.sdk] = [{} for _ in range(parts)]
                for part in range(parts):
                    fill(node.nodes, into[node.sdk][part], f"{name}.{part + 1}.")
            elif node.kind == "texts":
                into[node.sdk] = [f"{counter.text(node.name)} {AWKWARD}" for _ in range(N_PARTS)]
                logged.update({f"{name}.{part + 1}": text for part, text in enumerate(into[node.sdk])})
            else:
                into[node.sdk] = value = leaf(node)
                logged[name] = str(value).lower() if isinstance(value, bool) else str(value)

    def leaf(node):
        if node.path in SPECIAL_PARAMETERS:
            return SPECIAL_PARAMETERS[node.path](action, counter)
        if node.kind == "bool":
            return is_true(next(bools), nth)
        if node.kind == "enum":
            return node.words[nth % len(node.words)]
        if node.kind == "int":
            return 10 + counter()
        if node.kind == "prefix":
            return counter.ipv6_block() if "pv6" in node.name else counter.ipv4_block()
        return f"{counter.text(node.name)} {AWKWARD}"

    fill(action.request, given, "")
    return given, logged
