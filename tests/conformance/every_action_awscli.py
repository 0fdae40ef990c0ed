#!/usr/bin/python3
"""Every action once by awscli against vpc-simulator.

every_action_awscli.py SIMULATOR DUMP      DUMP: the program dump_tables

What an action does, every_action.py looks at; here it has to be carried out, and the Describes have to show what was made.
"""
import collections
import concurrent.futures
import json
import os
import subprocess
import sys

import tables
from botocore import xform_name
from clients import ACCOUNT, REGION, Boto3, Simulator, environment
from distinct import NOT_SIMULATED

# What no action of ours deletes is made in a VPC that stays.
STAYS, STAYS_SUBNET = "vpc-00000000000000abc", "subnet-00000000000000abc"
WORLD = {
    "vpcSet": [{"vpcId": STAYS, "cidrBlock": "10.9.0.0/16"}],
    "routeTableSet": [{"routeTableId": "rtb-00000000000000abc", "vpcId": STAYS, "associationSet": [{"main": True}]}],
    "vpcAttributes": [{"vpcId": STAYS, "enableDnsSupport": True, "enableDnsHostnames": True}],
    "subnetSet": [{"subnetId": STAYS_SUBNET, "vpcId": STAYS, "cidrBlock": "10.9.1.0/24", "availabilityZone": f"{REGION}a"}],
}
RULE = "--group-id {group} --ip-permissions IpProtocol=tcp,FromPort={port},ToPort={port},IpRanges=[{{CidrIp=192.0.2.0/24}}]"

# In each list what does not wait for one another. An action, its options with {what was taken before}, what its answer
# must hold, and what is taken of it: paths into the JSON that aws prints.
WAVES = [
    [
        ("GetCallerIdentity", "", {"Account": ACCOUNT}, {}),
        ("AssumeRole", f"--role-arn arn:aws:iam::{ACCOUNT}:role/cli --role-session-name cli",
         {"AssumedRoleUser/Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/cli/cli"}, {}),
        ("AssumeRoleWithWebIdentity", f"--role-arn arn:aws:iam::{ACCOUNT}:role/cli --role-session-name cli "
         "--web-identity-token a.b.c", {"AssumedRoleUser/Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/cli/cli"}, {}),
        ("DescribeAvailabilityZones", "", {"AvailabilityZones/0/RegionName": REGION}, {"zone": "AvailabilityZones/0/ZoneName"}),
        ("DescribeManagedPrefixLists", "--max-results 1", {}, {"list": "PrefixLists/0/PrefixListId"}),
        ("DescribeVpcEndpointServices", f"--filters Name=service-name,Values=com.amazonaws.{REGION}.logs", {"ServiceDetails/0/Owner": "amazon"},
         {"service": "ServiceDetails/0/ServiceName"}),
        ("CreateSecurityGroup", f"--vpc-id {STAYS} --group-name cli --description d", {}, {"group": "GroupId"}),
        ("CreateNetworkAcl", f"--vpc-id {STAYS}", {"NetworkAcl/IsDefault": False}, {"acl": "NetworkAcl/NetworkAclId"}),
        ("DescribeNetworkAcls", f"--filters Name=association.subnet-id,Values={STAYS_SUBNET}", {"NetworkAcls/0/IsDefault": True},
         {"acl_association": "NetworkAcls/0/Associations/0/NetworkAclAssociationId"}),
        ("CreateVpc", "--cidr-block 10.1.0.0/16 --amazon-provided-ipv6-cidr-block "
         "--tag-specifications ResourceType=vpc,Tags=[{{Key=Name,Value=cli}}]", {"Vpc/Tags/0/Value": "cli"}, {"vpc": "Vpc/VpcId"}),
        ("CreateInternetGateway", "", {}, {"igw": "InternetGateway/InternetGatewayId"}),
        ("AllocateAddress", "--domain vpc", {"Domain": "vpc"}, {"allocation": "AllocationId"}),
    ], [
        ("GetManagedPrefixListEntries", "--prefix-list-id {list}", {}, {"cidr": "Entries/0/Cidr"}),
        ("AuthorizeSecurityGroupEgress", RULE.replace("{port}", "443"), {"SecurityGroupRules/0/GroupId": "{group}"}, {}),
        ("AuthorizeSecurityGroupIngress", RULE.replace("{port}", "8443"), {"SecurityGroupRules/0/GroupId": "{group}"}, {}),
        ("CreateNetworkAclEntry", "--network-acl-id {acl} --rule-number 100 --protocol tcp --rule-action allow --egress "
         "--cidr-block 192.0.2.0/24 --port-range From=1,To=2", {}, {}),
        ("ReplaceNetworkAclAssociation", "--association-id {acl_association} --network-acl-id {acl}", {},
         {"acl_association": "NewAssociationId"}),
        ("CreateVpcEndpoint", f"--vpc-id {STAYS} --service-name {{service}} --vpc-endpoint-type Interface --subnet-ids "
         f"{STAYS_SUBNET} --security-group-ids {{group}} --client-token endpoint", {"ClientToken": "endpoint"},
         {"endpoint": "VpcEndpoint/VpcEndpointId"}),
        ("DescribeVpcs", "--vpc-ids {vpc}", {"Vpcs/0/CidrBlock": "10.1.0.0/16"},
         {"ipv6": "Vpcs/0/Ipv6CidrBlockAssociationSet/0/Ipv6CidrBlock"}),
        ("CreateSubnet", "--vpc-id {vpc} --cidr-block 10.1.1.0/24 --availability-zone {zone}", {},
         {"subnet": "Subnet/SubnetId"}),
        ("AttachInternetGateway", "--vpc-id {vpc} --internet-gateway-id {igw}", {}, {}),
        ("CreateEgressOnlyInternetGateway", "--vpc-id {vpc} --client-token egress", {"ClientToken": "egress"},
         {"eigw": "EgressOnlyInternetGateway/EgressOnlyInternetGatewayId"}),
        ("CreateRouteTable", "--vpc-id {vpc}", {}, {"table": "RouteTable/RouteTableId"}),
        ("ModifyVpcAttribute", "--vpc-id {vpc} --enable-dns-hostnames Value=true", {}, {}),
        ("AssociateVpcCidrBlock", "--vpc-id {vpc} --cidr-block 10.2.0.0/16", {"VpcId": "{vpc}"},
         {"block": "CidrBlockAssociation/AssociationId"}),
    ], [
        ("DescribeSecurityGroups", "--group-ids {group}", {
            "SecurityGroups/0/IpPermissions/0/FromPort": 8443,
            "SecurityGroups/0/IpPermissions/0/IpRanges/0/CidrIp": "192.0.2.0/24"}, {}),
        ("DescribeVpcEndpoints", "--vpc-endpoint-ids {endpoint}", {
            "VpcEndpoints/0/ServiceName": "{service}", "VpcEndpoints/0/Groups/0/GroupId": "{group}"}, {}),
        ("DeleteNetworkAclEntry", "--network-acl-id {acl} --rule-number 100 --egress", {}, {}),
        ("DescribeRouteTables", "--filters Name=vpc-id,Values={vpc} Name=association.main,Values=true", {},
         {"main": "RouteTables/0/RouteTableId"}),
        ("DescribeVpcAttribute", "--vpc-id {vpc} --attribute enableDnsHostnames", {"EnableDnsHostnames/Value": True}, {}),
        ("AssociateSubnetCidrBlock", "--subnet-id {subnet} --ipv6-cidr-block {ipv6_subnet}", {},
         {"subnet_block": "Ipv6CidrBlockAssociation/AssociationId"}),
        ("ModifySubnetAttribute", "--subnet-id {subnet} --map-public-ip-on-launch", {}, {}),
        ("AssociateRouteTable", "--subnet-id {subnet} --route-table-id {table}", {"AssociationState/State": "associated"},
         {"association": "AssociationId"}),
        ("CreateRoute", "--route-table-id {table} --destination-cidr-block 0.0.0.0/0 --gateway-id {igw}", {"Return": True}, {}),
        ("CreateNetworkInterface", "--subnet-id {subnet} --description an_interface", {},
         {"interface": "NetworkInterface/NetworkInterfaceId"}),
        ("EnableVgwRoutePropagation", "--route-table-id {table} --gateway-id vgw-00000000000000001", {}, {}),
        ("CreateTags", "--resources {vpc} {subnet} --tags Key=of,Value=awscli", {}, {}),
    ], [
        ("RevokeSecurityGroupEgress", RULE.replace("{port}", "443"), {"Return": True}, {}),
        ("RevokeSecurityGroupIngress", RULE.replace("{port}", "8443"), {"Return": True}, {}),
        ("ModifyVpcEndpoint", "--vpc-endpoint-id {endpoint} --no-private-dns-enabled", {"Return": True}, {}),
        ("AssociateAddress", "--allocation-id {allocation} --network-interface-id {interface}", {},
         {"address_association": "AssociationId"}),
        ("ReplaceRoute", "--route-table-id {table} --destination-cidr-block 0.0.0.0/0 --network-interface-id {interface}",
         {}, {}),
        ("ReplaceRouteTableAssociation", "--association-id {association} --route-table-id {main}", {},
         {"association": "NewAssociationId"}),
        ("DescribeAddresses", "--allocation-ids {allocation}", {"Addresses/0/AllocationId": "{allocation}"}, {}),
        ("DescribeNetworkInterfaces", "--network-interface-ids {interface}",
         {"NetworkInterfaces/0/Description": "an_interface"}, {}),
        ("DescribeSubnets", "--subnet-ids {subnet}", {"Subnets/0/MapPublicIpOnLaunch": True, "Subnets/0/Tags/0/Value": "awscli"},
         {}),
        ("DescribeInternetGateways", "--filters Name=attachment.vpc-id,Values={vpc}",
         {"InternetGateways/0/InternetGatewayId": "{igw}"}, {}),
        ("DescribeEgressOnlyInternetGateways", "", {
            "EgressOnlyInternetGateways/0/EgressOnlyInternetGatewayId": "{eigw}"}, {}),
        ("DisassociateVpcCidrBlock", "--association-id {block}", {"VpcId": "{vpc}"}, {}),
    ], [
        ("DeleteVpcEndpoints", "--vpc-endpoint-ids {endpoint}", {"Unsuccessful": []}, {}),
        ("DisassociateAddress", "--association-id {address_association}", {}, {}),
        ("DeleteRoute", "--route-table-id {table} --destination-cidr-block 0.0.0.0/0", {}, {}),
        ("DisassociateRouteTable", "--association-id {association}", {}, {}),
        ("DisassociateSubnetCidrBlock", "--association-id {subnet_block}", {"SubnetId": "{subnet}"}, {}),
        ("DeleteTags", "--resources {vpc} --tags Key=of", {}, {}),
        ("DeleteEgressOnlyInternetGateway", "--egress-only-internet-gateway-id {eigw}", {"ReturnCode": True}, {}),
    ], [
        ("CreateNatGateway", "--subnet-id {subnet} --allocation-id {allocation} --client-token nat", {"ClientToken": "nat"},
         {"nat": "NatGateway/NatGatewayId"}),
        ("DeleteNetworkInterface", "--network-interface-id {interface}", {}, {}),
        ("DeleteRouteTable", "--route-table-id {table}", {}, {}),
    ], [
        ("DescribeNatGateways", "--nat-gateway-ids {nat}", {
            "NatGateways/0/State": "available", "NatGateways/0/NatGatewayAddresses/0/AllocationId": "{allocation}"}, {}),
    ], [
        ("DeleteNatGateway", "--nat-gateway-id {nat}", {"NatGatewayId": "{nat}"}, {}),
    ], [
        ("ReleaseAddress", "--allocation-id {allocation}", {}, {}),
        ("DeleteSubnet", "--subnet-id {subnet}", {}, {}),
    ], [
        ("DetachInternetGateway", "--vpc-id {vpc} --internet-gateway-id {igw}", {}, {}),
    ], [
        ("DeleteInternetGateway", "--internet-gateway-id {igw}", {}, {}),
        ("DeleteVpc", "--vpc-id {vpc}", {}, {}),
    ],
]
SPEED = 1000  # what takes a minute is done before the next aws has started


def at(answer, path):
    for part in path.split("/"):
        answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def run_aws(url, service, action, options):
    """What aws prints, as JSON; a problem as text."""
    command = ["/usr/bin/aws", "--endpoint-url", url, "--output", "json", service, xform_name(action, "-"), *options.split()]
    ended = subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if ended.returncode != 0 or ended.stderr:
        return None, f"{' '.join(command[4:])}: exit status {ended.returncode}: {ended.stderr.strip()}"
    return json.loads(ended.stdout or "{}"), None


def run(simulator_program, dump):
    with Boto3("http://127.0.0.1:1") as boto3:
        actions, problems = tables.join(tables.load(dump), boto3)
    taken = {}
    with Simulator(simulator_program, WORLD, SPEED) as simulator, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for wave in WAVES:
            jobs = [(row, pool.submit(run_aws, simulator.url, actions[row[0]].service, row[0], row[1].format(**taken)))
                    for row in wave if row[0] not in NOT_SIMULATED]
            taken = dict(taken)
            for (action, _, wanted, takes), job in jobs:
                answer, problem = job.result()
                if problem:
                    return problems + [problem]
                for path, value in wanted.items():
                    value = value.format(**taken) if isinstance(value, str) else value
                    if at(answer, path) != value:
                        problems.append(f"{action} {path}: {at(answer, path)!r}, not {value!r}")
                taken.update({name: at(answer, path) for name, path in takes.items()})
            if "ipv6" in taken:
                taken["ipv6_subnet"] = taken["ipv6"].replace("/56", "/64")
        calls = collections.Counter(line["action"] for line in simulator.log() if line["status"] == 200)
    # aws is as old as botocore.
    problems += [f"{name}: carried out {calls[name]} times" for name, action in actions.items()
                 if calls[name] != (action.known and name not in NOT_SIMULATED)]
    print("not called, too new for it:", ", ".join(name for name, action in actions.items() if not action.known))
    print(f"awscli: {len(calls)} actions, {sum(calls.values())} calls")
    return problems


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    problems = run(*arguments)
    print("\n".join(problems) or "every action, once each")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
