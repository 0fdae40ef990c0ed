/* InternetGateway and EgressOnlyInternetGateway. */
#include "shapes.h"

static const struct wire_field attachment_fields[] = {
    WIRE_FIELD(ec2_gateway_attachment, vpc_id, TEXT, "vpcId"),
    WIRE_FIELD(ec2_gateway_attachment, state, ENUM, "state", .type = &ec2_attachment_state_words),
};
static const struct wire_shape attachment_shape =
    SHAPE(ec2_gateway_attachment, "InternetGatewayAttachment", attachment_fields);

static const struct wire_field internet_gateway_fields[] = {
    WIRE_FIELD(ec2_internet_gateway, internet_gateway_id, TEXT, "internetGatewayId",
               .required = true),
    WIRE_FIELD(ec2_internet_gateway, owner_id, TEXT, "ownerId"),
    WIRE_FIELD(ec2_internet_gateway, attachments, LIST, "attachmentSet", .type = &attachment_shape),
    WIRE_FIELD(ec2_internet_gateway, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_internet_gateway_shape =
    SHAPE(ec2_internet_gateway, "InternetGateway", internet_gateway_fields);

static const struct wire_field egress_only_internet_gateway_fields[] = {
    WIRE_FIELD(ec2_egress_only_internet_gateway, egress_only_internet_gateway_id, TEXT,
               "egressOnlyInternetGatewayId", .required = true),
    WIRE_FIELD(ec2_egress_only_internet_gateway, attachments, LIST, "attachmentSet",
               .type = &attachment_shape),
    WIRE_FIELD(ec2_egress_only_internet_gateway, tags, LIST, "tagSet", .type = &ec2_tag_shape),
};
const struct wire_shape ec2_egress_only_internet_gateway_shape =
    SHAPE(ec2_egress_only_internet_gateway, "EgressOnlyInternetGateway",
          egress_only_internet_gateway_fields);
