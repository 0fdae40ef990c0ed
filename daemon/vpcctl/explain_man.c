/* The manual page of the drift catalogue. packaging/man has what this prints. */
#include "explain.h"

static const char head[] =
    ".\\\" What `vpcctl explain --man` prints: common/drift is where to change it.\n"
    ".TH VPC-RECONCILED-DRIFT 7 \"\" \"vpc-reconciled\" \"vpc-reconciled\"\n"
    ".SH NAME\n"
    "vpc-reconciled-drift \\- what can differ between a VPC and its connectivity config\n"
    ".SH DESCRIPTION\n"
    "Each difference that\n"
    ".BR vpc-reconciled (8)\n"
    "finds has one of the codes below. The code is the journal field\n"
    ".BR VPC_DRIFT ,\n"
    "the name that alerts and metrics use, and the key of\n"
    ".B repair\n"
    "in the config. It is never renamed.\n"
    ".PP\n"
    "For each code there is what it means, its impact, what the daemon does unless the config "
    "says\n"
    "otherwise, and what a person does where the daemon does not. A finding itself may weigh more\n"
    "or less than its code: where a declared path is dead now, some repairs that else wait for a\n"
    "person are made at once; where a repair would take away what still works, it waits. The\n"
    "finding says so.\n"
    ".PP\n"
    "The config's\n"
    ".B \\(dq*\\(dq\n"
    "of\n"
    ".B repair\n"
    "stands for every code but those that only tell.\n"
    "When a list that a code reads could not be read whole, what it says is unknown, and nothing "
    "is\n"
    "changed for it.\n"
    ".PP\n"
    "A step names the option that the code belongs to and its step: IGW, an internet gateway;\n"
    "EIGW, an egress-only internet gateway; NAT, NAT gateways; EP, VPC endpoints; SG, security\n"
    "groups; IPv6, what both IPv6 options share. The others belong to no option: layers that\n"
    "defeat correct routes, the account, the subnet groups, the daemon itself, and the goal, that\n"
    "what is declared can be reached.\n"
    ".PP\n"
    ".B vpcctl explain\n"
    "shows the same on the terminal.\n"
    ".SH CODES\n";
static const char tail[] = ".SH SEE ALSO\n"
                           ".BR vpc-reconciled (8),\n"
                           ".BR vpcctl (1)\n";

/* Dashes are those that people type, and no line of text begins a request: groff_man(7). */
static void add_text(struct buf *buf, const char *text)
{
    if (*text == '.' || *text == '\'')
        buf_text(buf, "\\&");
    for (; *text; text++)
        switch (*text) {
        case '\\':
            buf_text(buf, "\\e");
            break;
        case '-':
            buf_text(buf, "\\-");
            break;
        default:
            buf_char(buf, *text);
        }
}

void explain_man_page(struct buf *buf)
{
    buf_text(buf, head);
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++) {
        buf_text(buf, ".SS ");
        add_text(buf, drift_table[i].code);
        buf_char(buf, '\n');
        for (int part = 0; part < EXPLAIN_PART_COUNT; part++) {
            CLEANUP(buf_free)
            struct buf text = {0};

            explain_part(&text, &drift_table[i], (enum explain_part)part);
            if (text.n == 0)
                continue;
            buf_printf(buf, ".TP\n.B %s\n", explain_label((enum explain_part)part));
            add_text(buf, buf_string(&text));
            buf_char(buf, '\n');
        }
    }
    buf_text(buf, tail);
}
