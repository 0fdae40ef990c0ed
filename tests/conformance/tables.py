"""The wire tables as dump_tables prints them, beside AWS's names for the same things."""
import json
import re
import subprocess

from wire_model import BESIDE_THE_MODEL, NEWER_THAN_DEBIAN, raised


# New members whose name is not the wire's with a capital, by path: what botocore is too old to say.
SDK_NAMES = {
    "AvailabilityZoneAddress": "AvailabilityZoneAddresses",
    "AvailabilityZoneAddress/AllocationId": "AllocationIds",
    "serviceDetailSet/availabilityZoneIdSet": "AvailabilityZoneIds",
    "revokedSecurityGroupRuleSet": "RevokedSecurityGroupRules",
}


class Node:
    """A row of a wire table.

    path   of wire names, from the action's shape on: "vpcSet/tagSet/key", "TagSpecification/Tag/Key"
    sdk    the member's name in every SDK: botocore's, else the wire's with a capital, as AWS names new ones
    known  to botocore
    """

    def __init__(self, field, sdk, known, path):
        self.name, self.kind, self.words = field["name"], field["kind"], field.get("words")
        self.sdk, self.known, self.path = sdk, known, path
        self.nodes = []

    def leaves(self):
        if self.kind not in ("group", "list"):
            yield self
        for node in self.nodes:
            yield from node.leaves()


class Action:
    """known: to botocore."""

    def __init__(self, row, known):
        self.known = known
        self.name, self.service, self.makes = row["name"], row["service"], row.get("makes")
        self.list, self.page_max, self.dry_run = row.get("list"), row["page_max"], row["dry_run"]
        self.request, self.reply = [], []

    def leaves(self, direction):
        for node in getattr(self, direction):
            yield from node.leaves()

    def list_node(self):
        return next(node for node in self.reply if node.name == self.list)


def load(dump):
    """dump: the program dump_tables."""
    return json.loads(subprocess.run([dump], check=True, stdout=subprocess.PIPE).stdout)


def join(rows, boto3):
    """The actions by name, and what is wrong: rows that botocore does not know and wire_model.py does not excuse."""
    actions, problems = {}, []

    def is_excused(place):
        newer = NEWER_THAN_DEBIAN if boto3.is_debian else []
        return any(re.fullmatch(pattern, f"{place}: no such {what}")
                   for _, pattern in newer for what in ("action", "parameter", "element"))

    def nodes(fields, shape, direction, action, path):
        for field in fields:
            if not path and field["name"] in BESIDE_THE_MODEL:
                continue
            sdk, member = find_member(shape, field["name"], direction)
            sdk = sdk or SDK_NAMES.get(path + field["name"], raised(field["name"]))
            node = Node(field, sdk, member is not None, path + field["name"])
            place = f"{action.name} {direction} {node.path if direction == 'reply' else node.path.replace('/', '.')}"
            if shape is not None and member is None and not is_excused(place):
                problems.append(f"{place}: botocore knows no such member")
            if field["kind"] in ("group", "list"):
                below = member.member if member is not None and field["kind"] == "list" else member
                node.nodes = list(nodes(field["fields"], below, direction, action, node.path + "/"))
            yield node

    for row in rows:
        shapes = boto3.shapes(row["name"], row["service"])
        action = actions[row["name"]] = Action(row, shapes is not None)
        if not action.known and not is_excused(action.name):
            problems.append(f"{action.name}: botocore knows no such action")
        shapes = shapes or {"request": None, "reply": None}
        reply = row["reply"]
        if action.service == "sts":  # botocore takes the wrapper off
            reply = next(field["fields"] for field in reply if field["name"] == f"{action.name}Result")
        action.request = list(nodes(row["request"], shapes["request"], "request", action, ""))
        # Where the model has no output, there is <return> alone.
        if shapes["reply"] or not action.known:
            action.reply = list(nodes(reply, shapes["reply"], "reply", action, ""))
    return actions, problems


def find_member(shape, wire, direction):
    """Smithy, "AWS EC2 query protocol": queryName, else locationName with a capital; in replies locationName."""
    for name, member in (shape.members if shape is not None else {}).items():
        written = member.serialization.get("name", name)
        if direction == "request":
            written = member.serialization.get("queryName") or raised(written)
        if written == wire:
            return name, member
    return None, None
