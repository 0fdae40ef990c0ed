#!/usr/bin/python3
"""Conformance by value: what vpc-simulator holds is what boto3 reads, and what boto3 sends is what it is told.

by_value.py SIMULATOR DUMP      DUMP: the program dump_tables

A world in which every row of every list holds a value of its own is read back and compared under botocore's names; each
action is called with a value of its own for each parameter, which must stand in the simulator's log under the wire's
name. javascript.py does the same with an SDK that knows what Debian's botocore is too old for.
"""
import copy
import math
import sys

import distinct
import tables
from clients import ACCOUNT, Boto3, Refused, Simulator

PAGE = 5  # the least that EC2 takes for most lists


class Reading:
    """Compares items of a world with what a client says of them."""

    def __init__(self, client):
        self.client, self.problems = client, []
        self.compared, self.unknown = set(), set()  # paths

    def compare(self, place, nodes, want, got):
        beside = set(got) - {node.sdk for node in nodes}
        if beside:
            self.problems.append(f"{place}: the client also reads {', '.join(sorted(beside))}")
        for node in nodes:
            at = f"{place}/{node.name} ({node.sdk})"
            if not self.client.knows(node):
                self.unknown.update(leaf.path for leaf in node.leaves())
            elif node.kind == "list":
                self.compare_lists(at, node, want.get(node.name), got.get(node.sdk))
            elif node.kind == "group":
                self.compare(at, node.nodes, want.get(node.name, {}), got.get(node.sdk) or {})
            else:
                self.compare_leaves(at, node, want.get(node.name), got.get(node.sdk))

    def compare_lists(self, at, node, want, got):
        want, got = want or [], got or []
        if len(want) != len(got):
            self.problems.append(f"{at}: {len(got)} items, not {len(want)}")
        for number, (one, other) in enumerate(zip(want, got)):
            self.compare(f"{at}[{number}]", node.nodes, one, other)

    def compare_leaves(self, at, node, want, got):
        if type(want) is not type(got) or want != got:
            self.problems.append(f"{at}: {got!r}, not {want!r}")
        elif want is not None:
            self.compared.add(node.path)


def pages(client, action, parameters):
    """All items of a Describe, page by page, and how many pages there were."""
    node, items, n = action.list_node(), [], 0
    parameters = dict(parameters, **({"MaxResults": PAGE} if action.page_max else {}))
    while True:
        reply = client.call(action.name, parameters)
        items += reply.get(node.sdk, [])
        n += 1
        assert n < 100, f"{action.name}: no end"
        if not reply.get("NextToken"):
            return items, n
        parameters["NextToken"] = reply["NextToken"]


def is_hidden(interface):
    operator = interface["operator"]
    return operator["managed"] and operator["hiddenByDefault"]


def read_lists(client, actions, world):
    """What each Describe answers, by the list's name: what it should have said, and what it said."""
    read = {}
    for action in actions.values():
        if not distinct.is_world_list(action):
            continue
        want, parameters = world[action.list], {}
        if action.name == "DescribeAvailabilityZones":
            parameters["AllAvailabilityZones"] = True
        if action.name == "DescribeNetworkInterfaces":
            if any(client.knows(node) for node in action.request if node.name == "IncludeManagedResources"):
                parameters["IncludeManagedResources"] = True
            else:
                want = [interface for interface in want if not is_hidden(interface)]
            assert len(want) < len(world[action.list]) or "IncludeManagedResources" in parameters, "none is hidden"
        got, n = pages(client, action, parameters)
        if action.page_max and n != math.ceil(len(want) / PAGE):
            raise AssertionError(f"{action.name}: {len(got)} items came on {n} pages of {PAGE}")
        read[action] = want, got
    return read


def compare_read(reading, read):
    for action, (want, got) in read.items():
        node = action.list_node()
        key = next(child for child in node.nodes if f"{node.name}/{child.name}" in distinct.KEYS)
        reading.compare_lists(f"{action.name} {node.name} ({node.sdk})", node,
                              sorted(want, key=lambda item: item[key.name]),
                              sorted(got, key=lambda item: item.get(key.sdk, "")))


def read_attributes(reading, client, actions, world):
    """DescribeVpcAttribute answers the attribute that was asked for, and only that one."""
    action = actions["DescribeVpcAttribute"]
    for attributes in world["vpcAttributes"]:
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            got = client.call(action.name, {"VpcId": attributes["vpcId"], "Attribute": attribute})
            want = {"vpcId": attributes["vpcId"], attribute: {"value": attributes[attribute]}}
            reading.compare(f"{action.name} {attribute}", action.reply, want, got)


def read_entries(reading, client, actions, world):
    """Of each prefix list its own, page by page."""
    action = actions[distinct.ENTRIES_ACTION]
    for prefix_list in world["prefixListSet"]:
        id = prefix_list["prefixListId"]
        got, n = pages(client, action, {"PrefixListId": id})
        want = [{name: value for name, value in entry.items() if name != "prefixListId"}
                for entry in world[distinct.ENTRIES] if entry["prefixListId"] == id]
        assert n == math.ceil(len(want) / PAGE), f"{action.name}: {len(got)} items came on {n} pages of {PAGE}"
        reading.compare_lists(f"{action.name} {id}", action.list_node(), want, got)


def read_options(reading, client, actions, world):
    action = actions[distinct.OPTIONS_ACTION]
    if client.knows(action):
        reading.compare(action.name, action.reply, {distinct.OPTIONS: world[distinct.OPTIONS]}, client.call(action.name, {}))
    else:
        reading.unknown.update(leaf.path for leaf in action.leaves("reply"))


def check_coverage(reading, actions):
    for action in actions.values():
        if action.name in distinct.NOT_SIMULATED:
            continue
        if action.list or action.name in ("DescribeVpcAttribute", distinct.OPTIONS_ACTION):
            for leaf in action.leaves("reply"):
                if leaf.path not in reading.compared | reading.unknown | {"nextToken"}:
                    reading.problems.append(f"{action.name} {leaf.path}: never compared")


def replies(client, actions, world):
    reading = Reading(client)
    read = read_lists(client, actions, world)
    compare_read(reading, read)
    read_attributes(reading, client, actions, world)
    read_entries(reading, client, actions, world)
    read_options(reading, client, actions, world)
    check_coverage(reading, actions)
    reading.problems += unnoticed(reading, read)
    print(f"{client.label}: {len(reading.compared)} members of replies read by value")
    if reading.unknown:
        print(f"  not read, too new for it: {', '.join(sorted(reading.unknown))}")
    return reading.problems


# ---- is each slip noticed? ----


def spoilt(item, nodes):
    """The item with one leaf missing, or with another value."""
    def leaves(part, nodes):
        for node in nodes:
            below = part.get(node.sdk)
            if node.kind in ("list", "group"):
                for inner in below if isinstance(below, list) else [below] if below else []:
                    yield from leaves(inner, node.nodes)
            elif below is not None:
                yield part, node

    places = [(number, node) for number, (_, node) in enumerate(leaves(item, nodes))]
    for number, node in places:
        for how in ("missing", "another value"):
            copied = copy.deepcopy(item)
            part, _ = list(leaves(copied, nodes))[number]
            if how == "missing":
                del part[node.sdk]
            else:
                value = part[node.sdk]
                more = ["x"] if isinstance(value, list) else 1 if isinstance(value, int) else "x"
                part[node.sdk] = not value if isinstance(value, bool) else value + more
            yield f"{node.path} {how}", copied


def unnoticed(reading, read):
    """Spoils what the client said of one item of each list, and sees that the comparison minds."""
    problems, n = [], 0
    for action, (want, got) in read.items():
        node = action.list_node()
        for what, item in spoilt(got[0], node.nodes):
            again = Reading(reading.client)
            compare_read(again, {action: (want, [item] + got[1:])})
            n += 1
            if not again.problems:
                problems.append(f"{action.name}: {what}, and the comparison did not notice")
    print(f"{n} spoilt answers, each noticed" if not problems else f"{len(problems)} of {n} spoilt answers not noticed")
    return problems


# ---- parameters ----


def parameters(client, actions, simulator):
    """Each action with each parameter: most calls are refused for what they ask, and that is no matter here."""
    problems, sent, unknown = [], 0, set()
    for action in actions.values():
        if action.service != "ec2":
            continue
        if not client.knows(action):
            unknown.add(action.name)
            continue
        unknown.update(f"{action.name} {leaf.path}" for leaf in action.leaves("request") if not client.knows(leaf))
        for nth in range(distinct.N_ROUNDS):
            given, logged = distinct.parameters(action, nth, client.knows)
            code = ""
            try:
                client.call(action.name, given)
            except Refused as error:
                code = error.code
            problems += compare_call(action, simulator.log()[-1], logged, code)
            sent += len(logged)
    print(f"{client.label}: {sent} parameters sent and found in the log")
    if unknown:
        print(f"  not sent, too new for it: {', '.join(sorted(unknown))}")
    return problems


def compare_call(action, line, logged, code):
    if line["action"] != action.name:
        return [f"{action.name}: the log says {line['action']}"]
    got = line["parameters"]
    problems = [f"{action.name} {name}: {got.get(name)!r} in the log, not {logged.get(name)!r}"
                for name in sorted(got.keys() | logged.keys()) if got.get(name) != logged.get(name)]
    if action.name in distinct.NOT_SIMULATED:
        return problems + ([] if code == "InvalidAction" else [f"{action.name}: {code}, and it is not simulated"])
    # With DryRun the simulator stops where all parameters have been understood.
    if logged.get("DryRun") == "true" and code != "DryRunOperation":
        problems.append(f"{action.name}: DryRun is answered \"{code}\"")
    if code in ("UnknownParameter", "MissingParameter", "InternalError") and "DryRun" not in logged:
        problems.append(f"{action.name}: {code}")
    return problems


def identity(client, actions):
    reading = Reading(client)
    got = client.call("GetCallerIdentity", {}, "sts")
    nodes = actions["GetCallerIdentity"].reply
    reading.compare("GetCallerIdentity", nodes,
                    {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/simulator", "UserId": "AIDASIMULATOR00000000"},
                    got)
    return reading.problems


def run(simulator_program, dump, make_client):
    """make_client: of the simulator's URL, and of boto3 for the names."""
    rows = tables.load(dump)
    with Boto3("http://127.0.0.1:1") as boto3:
        actions, problems = tables.join(rows, boto3)
    world = distinct.world(actions)
    problems += distinct.check(actions, world)
    if not problems:
        with Simulator(simulator_program, world) as simulator, make_client(simulator.url) as client:
            problems += replies(client, actions, world)
            problems += parameters(client, actions, simulator)
            if "sts" in client.services:
                problems += identity(client, actions)
    return problems


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = run(*arguments, Boto3)
    print("\n".join(problems) or "every value is what it was")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
