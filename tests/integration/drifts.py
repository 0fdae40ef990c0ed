"""The drifts, each by the calls that a person would make: with boto3, one for each action with awscli."""
import first_light


# ---- the drifts, each by the calls that a person would make ----

def delete_egress_only(simulator, world):
    simulator.ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=world.eigw)


def replace_egress_only_by_hand(simulator, world):
    delete_egress_only(simulator, world)
    simulator.ec2.create_egress_only_internet_gateway(VpcId=world.vpc)


def delete_public_ipv4_route(simulator, world):
    simulator.aws("delete-route", "--route-table-id", world.public_table, "--destination-cidr-block", "0.0.0.0/0")


def delete_public_ipv6_route(simulator, world):
    simulator.ec2.delete_route(RouteTableId=world.public_table, DestinationIpv6CidrBlock="::/0")


def delete_private_ipv4_route(simulator, world):
    simulator.ec2.delete_route(RouteTableId=world.private_tables[1], DestinationCidrBlock="0.0.0.0/0")


def delete_private_ipv6_routes(simulator, world):
    for table in world.private_tables:
        simulator.ec2.delete_route(RouteTableId=table, DestinationIpv6CidrBlock="::/0")


def detach_internet_gateway(simulator, world):
    simulator.aws("detach-internet-gateway", "--internet-gateway-id", world.igw, "--vpc-id", world.vpc)


def delete_internet_gateway(simulator, world):
    simulator.ec2.detach_internet_gateway(InternetGatewayId=world.igw, VpcId=world.vpc)
    simulator.ec2.delete_internet_gateway(InternetGatewayId=world.igw)


def replace_internet_gateway_by_hand(simulator, world):
    delete_internet_gateway(simulator, world)
    igw = simulator.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    simulator.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=world.vpc)


def delete_nat_gateways(simulator, world):
    for nat in world.nats:
        simulator.ec2.delete_nat_gateway(NatGatewayId=nat)
    first_light.wait_nat_state(simulator.ec2, world.nats, "deleted")


def delete_nat_gateways_and_addresses(simulator, world):
    delete_nat_gateways(simulator, world)
    for address in simulator.ec2.describe_addresses()["Addresses"]:
        simulator.ec2.release_address(AllocationId=address["AllocationId"])


def point_private_ipv4_at_a_dead_nat(simulator, world):
    ec2 = simulator.ec2
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=world.public_subnets[2], AllocationId=address)["NatGateway"]["NatGatewayId"]
    first_light.wait_nat_state(ec2, [nat], "available")
    ec2.replace_route(RouteTableId=world.private_tables[2], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    first_light.wait_nat_state(ec2, [nat], "deleted")
    ec2.release_address(AllocationId=address)


def point_public_ipv6_at_egress_only(simulator, world):
    simulator.ec2.replace_route(RouteTableId=world.public_table, DestinationIpv6CidrBlock="::/0",
                                EgressOnlyInternetGatewayId=world.eigw)


def expose_private_ipv4(simulator, world):
    simulator.ec2.replace_route(RouteTableId=world.private_tables[0], DestinationCidrBlock="0.0.0.0/0",
                                GatewayId=world.igw)


def expose_private_ipv6(simulator, world):
    simulator.aws("replace-route", "--route-table-id", world.private_tables[0], "--destination-ipv6-cidr-block", "::/0",
                  "--gateway-id", world.igw)


def expose_a_public_ipv4_address(simulator, world):
    """An interface behind the route has an Elastic IP: it works both ways now, and would not after the repair."""
    ec2 = simulator.ec2
    interface = ec2.create_network_interface(SubnetId=world.private_subnets[0])["NetworkInterface"]["NetworkInterfaceId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=address, NetworkInterfaceId=interface)
    expose_private_ipv4(simulator, world)


def expose_an_ipv6_address(simulator, world):
    """Every IPv6 address of a subnet is a public one."""
    simulator.ec2.create_network_interface(SubnetId=world.private_subnets[0], Ipv6AddressCount=1)
    expose_private_ipv6(simulator, world)


def disassociate_private(simulator, world):
    simulator.aws("disassociate-route-table", "--association-id", world.private_associations[1])


def delete_route_and_gateway(simulator, world):
    delete_public_ipv4_route(simulator, world)
    simulator.ec2.delete_route(RouteTableId=world.private_tables[2], DestinationIpv6CidrBlock="::/0")
    delete_egress_only(simulator, world)
