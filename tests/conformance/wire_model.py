#!/usr/bin/python3
"""Holds every path of the wire tables against AWS's own service models.

wire_model.py DUMP SOURCES      DUMP: the program dump_tables; SOURCES: the folder common/ec2
wire_model.py --self-test DUMP  spoils the tables in each way that matters and sees that it is noticed

A wrong element name round-trips happily through our own encoder and decoder, so only a model that somebody else
wrote can find it. Where VPC_REFERENCE_DATA names a folder with ec2-model.json and sts-model.json (of 2026) all
paths are checked against those. Debian's botocore (of December 2022) is always asked too, if it is
installed; what it is too old to know is listed below, and printed.
"""
import copy
import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

# Words that AWS sends and its model lacks.
BESIDE_THE_ENUM = {
    "available": "an attached internet gateway reads so (EC2 API Reference, DescribeInternetGateways)",
}
# Words of the model that we read as "a word that we do not know", each for its reason.
NOT_TOLD_APART = {
    "failed-insufficient-capacity": "a subnet that is neither available nor pending, as any unknown state",
}
# Elements that AWS sends and its model lacks.
BESIDE_THE_MODEL = {
    "requestId": "of every reply",
    "return": "of every action without output",
    "ResponseMetadata": "of every reply of STS",
}
# Parameters that our requests leave out: what no repair and no world of the simulator needs.
NOT_TAKEN = {
    "Ipv4IpamPoolId", "Ipv4NetmaskLength", "IpamPoolId",  # IPAM
    "CreateVpc Ipv6IpamPoolId", "CreateVpc Ipv6NetmaskLength", "CreateSubnet Ipv6IpamPoolId", "CreateSubnet Ipv6NetmaskLength",
    "OutpostArn", "CustomerOwnedIpv4Pool", "MapCustomerOwnedIpOnLaunch", "EnableLniAtDeviceIndex",  # Outposts
    "DisableLniAtDeviceIndex",
    "VpcEncryptionControl", "EnableNetworkAddressUsageMetrics",
    "PrivateDnsHostnameTypeOnLaunch", "EnableResourceNameDnsARecordOnLaunch", "EnableResourceNameDnsAAAARecordOnLaunch",
    "SecondaryAllocationId", "SecondaryPrivateIpAddress",  # of a NAT gateway
    "SecondaryPrivateIpAddressCount",
    "AssociateRouteTable PublicIpv4Pool",
    # of an interface
    "Ipv4Prefix", "Ipv4PrefixCount", "Ipv6Prefix", "Ipv6PrefixCount", "EnablePrimaryIpv6", "Ipv6Addresses",
    "ConnectionTrackingSpecification", "Operator", "PrivateIpAddresses",
    # of STS: what narrows a session or names its user
    "Policy", "PolicyArns", "ProvidedContexts", "ProviderId", "SerialNumber", "SourceIdentity", "AssumeRole Tags", "TokenCode",
    "TransitiveTagKeys",
    # of the default VPC alone
    "DescribeSecurityGroups GroupName", "AuthorizeSecurityGroupIngress GroupName", "RevokeSecurityGroupIngress GroupName",
    "TargetVersion",  # of a prefix list: the newest is what counts
    # the flat form of one rule, and a rule by its id
    "CidrIp", "FromPort", "IpProtocol", "ToPort", "SourceSecurityGroupName", "SourceSecurityGroupOwnerId",
    "RevokeSecurityGroupEgress SecurityGroupRuleId", "RevokeSecurityGroupIngress SecurityGroupRuleId",
    # of an endpoint: chosen addresses, another region's services, and what leads to no service
    "SubnetConfiguration", "ServiceRegion", "ServiceNetworkArn", "ResourceConfigurationArn",
}
# MaxResults has no bounds in the model; larger values are cut (EC2 API Reference, DescribeVpcEndpoints, "MaxResults").
CUT_TO = {"DescribeVpcEndpoints": 1000, "DescribeVpcEndpointServices": 1000}
# What the reference data may leave out: they are cut from AWS's whole model.
NOT_IN_REFERENCE = ("ModifyVpcBlockPublicAccessOptions",)
# What botocore 1.29 of December 2022, which Debian 12 has, is too old to know: what came later, and a regular expression
# for what is said where the model lacks it. Each must be needed.
NEWER_THAN_DEBIAN = [
    ("VPC Block Public Access", r"\w+ reply .*/blockPublicAccessStates: no such element"),
    ("its actions", r"(Describe|Modify)VpcBlockPublicAccessOptions: no such action"),
    ("VPC encryption controls", r"\w+ reply .*/encryptionControl: no such element"),
    ("where an IPv6 block comes from", r"\w+ reply .*/ipSource: no such element"),
    ("a subnet's IPv6 block may come from IPAM", r"AssociateSubnetCidrBlock request Ipv6CidrBlock: required False, .*"),
    ("a subnet's IPv6 block from IPAM", r"AssociateSubnetCidrBlock request Ipv6(IpamPoolId|NetmaskLength): no such parameter"),
    ("states of a subnet", r"word unavailable: .*"),
    ("Oracle Database@AWS networks", r"\w+ (reply|request) .*odbNetworkArn: no such .*|\w+ request OdbNetworkArn: no such .*"),
    ("VPC Route Server", r"\w+ reply .*/routeSet/ipAddress: no such element|word (Advertisement|filtered): .*"),
    ("CreateRouteTable's ClientToken", r"CreateRouteTable request ClientToken: .*"),
    ("CreateRouteTable's ClientToken, in the row", r"CreateRouteTable: client_token is True, .*"),
    ("CreateRouteTable's ClientToken, in the reply", r"CreateRouteTable reply clientToken: .*"),
    ("regional NAT gateways", r"CreateNatGateway request (VpcId|AvailabilityMode|AvailabilityZoneAddress): no such parameter"),
    ("regional NAT gateways have no subnet", r"CreateNatGateway request SubnetId: required False, .*"),
    ("regional NAT gateways, described", r"\w+ reply natGateway(Set)?/(availabilityMode|autoScalingIps|autoProvisionZones|routeTableId): .*"),
    ("several addresses of a NAT gateway",
     r"\w+ reply .*/natGatewayAddressSet/(associationId|isPrimary|status|failureMessage|availabilityZone|availabilityZoneId): .*"),
    ("who manages an address", r"DescribeAddresses reply addressesSet/(serviceManaged|subnetId): .*"),
    ("managed resources", r"DescribeNetworkInterfaces request IncludeManagedResources: .*|\w+ reply .*/operator: no such element"),
    ("an interface's zone id", r"\w+ reply networkInterface(Set)?/availabilityZoneId: .*"),
    ("constrained zones", r"word constrained: .*"),
    ("why an endpoint failed", r"\w+ reply vpcEndpoint(Set)?/failureReason: no such element"),
    ("endpoints to resources name no service", r"CreateVpcEndpoint request ServiceName: required False, .*"),
    ("a service's zone ids", r"DescribeVpcEndpointServices reply serviceDetailSet/availabilityZoneIdSet: no such element"),
    ("the rules that were revoked", r"RevokeSecurityGroup\w+ reply revokedSecurityGroupRuleSet: no such element"),
    ("CreateNetworkAcl's ClientToken", r"CreateNetworkAcl request ClientToken: no such parameter"),
    ("CreateNetworkAcl's ClientToken, in the row", r"CreateNetworkAcl: client_token is True, .*"),
    ("CreateNetworkAcl's ClientToken, in the reply", r"CreateNetworkAcl reply clientToken: .*"),
]

LEAVES = {
    "text": {"string", "timestamp"},
    "bool": {"boolean"},
    "int": {"integer", "long"},
    "enum": {"string"},
    "prefix": {"string"},
    "group": {"structure"},
    "list": {"list"},
    "texts": {"list"},
}


class Model:
    def __init__(self, label, documents, newer):
        self.label, self.documents, self.newer = label, documents, newer

    def of(self, service):
        return self.documents[service]


def raised(name):
    return name[:1].upper() + name[1:]


class Check:
    """One model against the dumped tables."""

    def __init__(self, model, actions):
        self.model, self.actions = model, actions
        self.problems, self.n_paths, self.n_actions = [], 0, 0
        self.unchecked = {}  # reason -> places that a model of before does not know
        self.words = {}  # our list of words -> the model's enums at the places where it serves

    def run(self):
        for action in self.actions:
            self.check_action(action)
        for ours, theirs in self.words.items():
            self.check_words(ours, theirs)
        for reason, _ in self.model.newer:
            if reason not in self.unchecked:
                self.problems.append(f"{reason}: listed as too new for this model, and it is not")
        return self

    def refuse(self, place, what):
        problem = f"{place}: {what}"
        for reason, pattern in self.model.newer:
            if re.fullmatch(pattern, problem):
                self.unchecked.setdefault(reason, []).append(place)
                return
        self.problems.append(problem)

    # ---- rows ----

    def check_action(self, action):
        document = self.model.of(action["service"])
        self.shapes, self.ec2 = document["shapes"], document["metadata"]["protocol"] == "ec2"
        operation = document["operations"].get(action["name"])
        if not operation:
            self.refuse(action["name"], "no such action")
            return
        self.n_actions += 1
        if action["version"] != document["metadata"]["apiVersion"]:
            self.refuse(action["name"], f"version {action['version']}")
        if action["iam"] != f"{action['service']}:{action['name']}":
            self.refuse(action["name"], f"permission {action['iam']}")
        request = self.shapes[operation["input"]["shape"]]
        self.check_request(f"{action['name']} request", action["request"], request, "")
        self.check_left_out(action, request)
        self.check_flags(action, request)
        self.check_reply_root(action, operation)

    def check_flags(self, action, request):
        members = self.request_members(request)
        for flag, member in (("dry_run", "DryRun"), ("client_token", "ClientToken")):
            if action.get(flag, False) != (member in members):
                self.refuse(action["name"], f"{flag} is {action.get(flag)}, and the model says otherwise")
        page_max = 0
        if "MaxResults" in members:
            shape = self.shapes[members["MaxResults"]["shape"]]
            page_max = shape.get("max", CUT_TO.get(action["name"], 0))
            if "NextToken" not in members:
                self.refuse(action["name"], "MaxResults without NextToken in the model")
        if action["page_max"] != page_max:
            self.refuse(action["name"], f"page_max {action['page_max']}, the model has {page_max}")
        tagged = "TagSpecification" in members
        if tagged != bool(action.get("makes")):
            self.refuse(action["name"], f"makes {action.get('makes')}, tags on create in the model: {tagged}")
        if tagged and action.get("makes") not in self.shapes["ResourceType"]["enum"]:
            self.refuse(action["name"], f"makes {action.get('makes')}, which is no ResourceType")

    # ---- requests ----

    def wire_name(self, name, member):
        """A parameter's name; the ec2 protocol's rule (Smithy, "AWS EC2 query protocol")."""
        if not self.ec2:
            return member.get("locationName", name)
        return member.get("queryName") or raised(member.get("locationName", name))

    def request_members(self, shape):
        return {self.wire_name(name, member): member for name, member in shape.get("members", {}).items()}

    def check_request(self, place, fields, shape, path):
        members = self.request_members(shape)
        required = {self.wire_name(name, shape["members"][name]) for name in shape.get("required", [])}
        for field in fields:
            at = f"{place} {path}{field['name']}"
            self.n_paths += 1
            member = members.get(field["name"])
            if not member:
                self.refuse(at, "no such parameter")
                continue
            if field["required"] != (field["name"] in required):
                self.refuse(at, f"required {field['required']}, and the model says otherwise")
            target = self.check_kind(at, field, member)
            if target:
                self.check_request(place, field["fields"], target, f"{path}{field['name']}.")
        for name in sorted(required - {field["name"] for field in fields}):
            self.refuse(f"{place} {path}{name}", "required in the model, and no row has it")

    def check_left_out(self, action, request):
        taken = {field["name"] for field in action["request"]}
        for name in sorted(set(self.request_members(request)) - taken):
            if not {name, f"{action['name']} {name}"} & NOT_TAKEN:
                self.refuse(f"{action['name']} request {name}", "no row has it, and NOT_TAKEN does not name it")

    # ---- replies ----

    def check_reply_root(self, action, operation):
        place = f"{action['name']} reply"
        output = operation.get("output", {})
        shape = self.shapes[output["shape"]] if output else {}
        fields = action["reply"]
        wrapper = output.get("resultWrapper")
        if wrapper:
            inner = [field for field in fields if field["name"] == wrapper]
            self.check_beside(place, [field for field in fields if field["name"] != wrapper])
            if len(inner) != 1:
                self.refuse(place, f"no {wrapper} around it")
                return
            fields = inner[0]["fields"]
        self.check_reply(place, fields, shape, "")
        if action.get("list") and action["list"] not in [field["name"] for field in fields]:
            self.refuse(place, f"list {action['list']} is none of its elements")

    def check_beside(self, place, fields):
        for field in fields:
            if field["name"] not in BESIDE_THE_MODEL:
                self.refuse(f"{place} {field['name']}", "no such element")

    def check_reply(self, place, fields, shape, path):
        members = {member.get("locationName", name): member for name, member in shape.get("members", {}).items()}
        for field in fields:
            at = f"{place} {path}{field['name']}"
            self.n_paths += 1
            member = members.get(field["name"])
            if not member:
                if path or field["name"] not in BESIDE_THE_MODEL:
                    self.refuse(at, "no such element")
                continue
            target = self.check_kind(at, field, member)
            if target:
                self.check_reply(place, field["fields"], target, f"{path}{field['name']}/")

    # ---- kinds and words ----

    def check_kind(self, at, field, member):
        """The structure below, when there is one."""
        shape = self.shapes[member["shape"]]
        if shape["type"] not in LEAVES[field["kind"]]:
            self.refuse(at, f"{field['kind']}, and the model has a {shape['type']}")
            return None
        if field["kind"] == "enum":
            self.words.setdefault(tuple(field["words"]), set()).update(shape.get("enum", ()))
        if field["kind"] == "group":
            return shape
        if shape["type"] != "list":
            return None
        item = self.shapes[shape["member"]["shape"]]
        if (item["type"] == "structure") != (field["kind"] == "list"):
            self.refuse(at, f"{field['kind']}, and the model has a list of {item['type']}")
            return None
        if " reply " in at and shape["member"].get("locationName") != "item":
            self.refuse(at, "its items are not named \"item\"")
        return item if field["kind"] == "list" else None

    def check_words(self, ours, theirs):
        for word in sorted(set(ours) - theirs - set(BESIDE_THE_ENUM)):
            self.refuse(f"word {word}", f"AWS knows {', '.join(sorted(theirs))}")
        for word in sorted(theirs - set(ours) - set(NOT_TOLD_APART)):
            self.refuse(f"word {word}", f"not among ours: {', '.join(ours)}")


# ---- where models come from ----


def load(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def debian_model():
    try:
        import botocore
    except ImportError:
        return None
    documents = {}
    for service, version in (("ec2", "2016-11-15"), ("sts", "2011-06-15")):
        folder = Path(botocore.__file__).parent / "data" / service / version
        found = [path for path in (folder / "service-2.json", folder / "service-2.json.gz") if path.exists()]
        if not found:
            return None
        documents[service] = load(found[0])
    # A newer botocore knows everything; only Debian's own is excused.
    newer = NEWER_THAN_DEBIAN if botocore.__version__.startswith("1.29.") else []
    return Model(f"botocore {botocore.__version__}", documents, newer)


def models():
    data = os.environ.get("VPC_REFERENCE_DATA")
    if data:
        folder = Path(data)
        documents = {service: load(folder / f"{service}-model.json") for service in ("ec2", "sts")}
        left_out = [("left out of the reference data", f"{name}: no such action") for name in NOT_IN_REFERENCE
                    if name not in documents["ec2"]["operations"]]
        yield Model("reference model", documents, left_out)
    debian = debian_model()
    if debian:
        yield debian


# ---- our own side: does the row's name fit the member that it fills, and has every member a row? ----

# A row with the right name that fills the wrong member agrees with the model and with itself.
ROW = re.compile(r"(?:(?:WIRE_FIELD|GROUP_OF)\((\w+), |(REQUEST|REPLY|MEMBER|REQUIRED|MADE)\()([\w.]+),\s*"
                 r"(?:TEXT|BOOL|INT|ENUM|PREFIX|LIST|TEXTS)?,?\s*\"(\w+)\"")
STRUCT_OF_MACRO = {  # by file: macros that name no struct
    "describe.c": {"REQUEST": "ec2_describe_request", "REPLY": "ec2_describe_reply"},
    "change_reply.c": {"REPLY": "ec2_change_reply", "MADE": "ec2_change_reply"},
    "change_request.c": {"MEMBER": "ec2_change_request", "REQUIRED": "ec2_change_request"},
    "change_private.h": {"MEMBER": "ec2_change_request", "REQUIRED": "ec2_change_request"},
    "change_route.c": {"MEMBER": "ec2_change_request", "REQUIRED": "ec2_change_request"},
    "sts.c": {"MEMBER": "ec2_change_request", "REQUIRED": "ec2_change_request", "REPLY": "ec2_change_reply"},
    "change_endpoint.c": {"MEMBER": "ec2_change_request", "REQUIRED": "ec2_change_request"},
    "change_access.c": {"MEMBER": "ec2_change_request", "REQUIRED": "ec2_change_request"},
}
NAMED_OTHERWISE = {
    ("return_value", "return"), ("return_value", "returnCode"), ("availability_zones", "availabilityZoneInfo"),
    ("managed_prefix_lists", "prefixListSet"), ("addresses", "natGatewayAddressSet"),
    ("security_groups", "securityGroupInfo"), ("security_group_rules", "revokedSecurityGroupRuleSet"),
    ("prefix_list_entries", "entrySet"), ("entries", "entrySet"), ("dns_entries", "dnsEntrySet"), ("is_default", "default"),
    # one member in an element of its own
    ("enable_dns_support", "value"), ("enable_dns_hostnames", "value"), ("association_state", "state"),
    # elements of a part, in the struct of the whole
    ("association_public_ip", "publicIp"), ("association_allocation_id", "allocationId"),
    ("association_association_id", "associationId"), ("attachment_instance_id", "instanceId"),
    ("operator_managed", "managed"), ("operator_principal", "principal"), ("operator_hidden_by_default", "hiddenByDefault"),
    ("encryption_control_mode", "mode"), ("encryption_control_state", "state"),
    ("user_id", "AssumedRoleId"),
    ("port_from", "from"), ("port_to", "to"), ("icmp_type", "type"), ("icmp_code", "code"),
    ("port_from", "From"), ("port_to", "To"), ("icmp_type", "Type"), ("icmp_code", "Code"),
    ("error_code", "code"), ("error_message", "message"), ("last_error_code", "code"), ("last_error_message", "message"),
}
# Rows that stand in a macro whose argument is the name, or the member.
BY_MACRO = {"ids": r"IDS\(\"\w+\"\)"}
FLAG = re.compile(r"^FLAG\((\w+)\);", re.M)


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def read_rows(folder):
    """(file, struct, member, name) of every row."""
    for path in sorted(Path(folder).glob("*.[ch]")):
        text = path.read_text()
        for struct, macro, member, name in ROW.findall(text):
            struct = struct or STRUCT_OF_MACRO.get(path.name, {}).get(macro)
            if not struct or member in ("m", "member"):
                continue
            *around, member = member.split(".")
            for outer in around:  # a struct of its own inside
                yield path.name, struct, outer, None
            yield path.name, struct, member, name
        for member in FLAG.findall(text):
            yield path.name, "ec2_change_request", member, None
        for member, pattern in BY_MACRO.items():
            if re.search(pattern, text):
                yield path.name, "ec2_describe_request", member, None


def read_structs(header):
    """(struct, member) of every data type of ec2.h."""
    text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
    for struct, body in re.findall(r"^struct (ec2_\w+) \{\n(.*?)^\};", text, re.M | re.S):
        if struct in ("ec2_action_row", "ec2_bucket_row"):
            continue
        for declaration in body.split(";"):
            declaration = re.sub(r"WIRE_LIST_OF\(.*?\)", "list", declaration)
            for member in declaration.split(","):
                if member.strip():
                    yield struct, re.findall(r"\w+", member)[-1]


def check_members(folder):
    problems, rows = [], list(read_rows(folder))
    for file, _, member, name in rows:
        base = snake(name or member).removesuffix("_set")
        if member not in (base, base + "s", base + "es") and (member, name) not in NAMED_OTHERWISE:
            problems.append(f"{file}: \"{name}\" fills the member {member}")
    filled = {(struct, member) for _, struct, member, _ in rows}
    header = Path(folder).parent.parent / "include/vpc_reconciled/ec2.h"
    for struct, member in read_structs(header):
        if (struct, member) not in filled:
            problems.append(f"ec2.h: no row fills {member} of struct {struct}")
    return problems, len(rows)


# ---- self-test ----


def find(fields, path):
    for field in fields:
        if field["name"] == path[0]:
            return field if len(path) == 1 else find(field["fields"], path[1:])
    raise KeyError(path)


def spoil(action, direction, path, **changes):
    def change(actions):
        row = next(row for row in actions if row["name"] == action)
        (find(row[direction], path.split("/")) if path else row).update(changes)
    return change


SPOILED = [
    ("an element's name", spoil("DescribeVpcs", "reply", "vpcSet/ipv6CidrBlockAssociationSet/ipv6CidrBlock", name="ipv6Cidr"), "no such element"),
    ("an element's case", spoil("DescribeNatGateways", "reply", "natGatewaySet/natGatewayAddressSet/publicIp", name="publicIP"), "no such element"),
    ("a parameter's name", spoil("CreateRoute", "request", "DestinationCidrBlock", name="DestinationCidr"), "no such parameter"),
    ("a nested parameter", spoil("CreateVpc", "request", "TagSpecification/Tag/Key", name="key"), "no such parameter"),
    ("a kind", spoil("DescribeSubnets", "reply", "subnetSet/availableIpAddressCount", kind="bool"), "the model has a integer"),
    ("a list of texts", spoil("CreateTags", "request", "ResourceId", kind="list", fields=[]), "a list of string"),
    ("a list for a leaf", spoil("DeleteVpc", "request", "VpcId", kind="texts"), "the model has a string"),
    ("required in a request", spoil("DeleteVpc", "request", "VpcId", required=False), "required False"),
    ("not required in a request", spoil("DisassociateAddress", "request", "AssociationId", required=True), "required True"),
    ("a required parameter left out", spoil("DeleteSubnet", None, "", request=[]), "no row has it"),
    ("a parameter left out", spoil("CreateInternetGateway", None, "", request=[]), "NOT_TAKEN does not name it"),
    ("DryRun that is not there", spoil("ModifyVpcAttribute", None, "", dry_run=True), "dry_run is True"),
    ("ClientToken that is there", spoil("CreateNatGateway", None, "", client_token=False), "client_token is False"),
    ("the page's limit", spoil("DescribeRouteTables", None, "", page_max=1000), "page_max 1000"),
    ("a tag's resource type", spoil("CreateNatGateway", None, "", makes="nat-gateway"), "no ResourceType"),
    ("makes nothing", spoil("CreateSubnet", None, "", makes=None), "makes None"),
    ("a word", spoil("DescribeRouteTables", "reply", "routeTableSet/routeSet/state", words=["active", "blackhole", "filterd"]), "AWS knows"),
    ("a word left out", spoil("DescribeNatGateways", "reply", "natGatewaySet/connectivityType", words=["public"]), "not among ours"),
    ("an action", spoil("ReplaceRoute", None, "", name="ReplaceRoutes"), "no such action"),
    ("a version", spoil("GetCallerIdentity", None, "", version="2016-11-15"), "version"),
    ("a permission", spoil("CreateRoute", None, "", iam="ec2:CreateRoutes"), "permission"),
    ("STS's wrapper", spoil("GetCallerIdentity", "reply", "GetCallerIdentityResult", name="Result"), "no GetCallerIdentityResult"),
    ("the list's element", spoil("DescribeAddresses", None, "", list="addressSet"), "none of its elements"),
]


def self_test(actions):
    model = next(models(), None)
    if not model:
        return no_model()
    failures = Check(model, actions).run().problems
    for name, change, expected in SPOILED:
        spoiled = copy.deepcopy(actions)
        change(spoiled)
        problems = Check(model, spoiled).run().problems
        if not any(expected in problem for problem in problems):
            failures.append(f"{name}: no problem with \"{expected}\", but {problems}")
    print("\n".join(failures) or f"{len(SPOILED)} spoiled tables, each noticed by {model.label}")
    return 1 if failures else 0


def no_model():
    print("neither VPC_REFERENCE_DATA nor botocore (Debian: python3-botocore) is here: nothing is checked", file=sys.stderr)
    return 1


def check(actions, sources):
    problems, n = check_members(sources)
    print(f"{n} rows of common/ec2 fill the member of their name")
    ran = False
    for model in models():
        result = Check(model, actions).run()
        ran = True
        problems += [f"{model.label}: {problem}" for problem in result.problems]
        print(f"{model.label}: {result.n_actions} actions, {result.n_paths} paths")
        for reason, places in result.unchecked.items():
            print(f"  not checked, too new for it: {reason}: {', '.join(places)}")
    if "VPC_REFERENCE_DATA" not in os.environ:
        print("VPC_REFERENCE_DATA is not set: no newer model than botocore's was asked")
    print("\n".join(problems) or "every path agrees")
    return 1 if problems else 0 if ran else no_model()


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    testing = arguments[0] == "--self-test"
    dump = arguments[1] if testing else arguments[0]
    actions = json.loads(subprocess.run([dump], check=True, stdout=subprocess.PIPE).stdout)
    return self_test(actions) if testing else check(actions, arguments[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
