#include "show_advice.h"

#include <stdio.h>

#include "record.h"
#include "vpc_reconciled/json.h"

#define OPTION_WIDTH 34 /* of the longest name */

static const char *usd(char text[static 32], double amount, unsigned digits)
{
    if (amount < 0)
        return "not known";
    snprintf(text, 32, "%.*f USD", (int)digits, amount);
    return text;
}

static void print_costs(const struct advice *advice, bool colour)
{
    struct record_table records;
    char text[32];

    if (advice->costs.n == 0)
        return;
    record_table_new(&records, "A MONTH", "WHAT THE DECLARED OPTIONS COST", 16, colour);
    VEC_EACH (cost, &advice->costs) {
        CLEANUP(buf_free)
        struct buf right = {0};

        buf_text(&right, cost->what);
        if (cost->note)
            buf_printf(&right, " (%s)", cost->note);
        record_add(&records, "", NULL, usd(text, cost->usd_month, 2), buf_string(&right));
    }
    record_add(&records, "=", NULL, usd(text, advice->usd_month, 2),
               advice->usd_complete ? "in all" : "in all, as far as it is known");
    record_table_print(&records);
    if (advice->usd_traffic >= 0)
        printf("%.0f GB a month through the NAT gateways: %.2f USD more.\n", advice->gb_month,
               advice->usd_traffic);
    printf("\n");
}

static void print_group(const struct advice_group *group, bool colour)
{
    struct record_table records;

    printf("Group %s (%s), %u Availability Zone%s%s:\n", group->name, group->declared, group->zones,
           group->zones == 1 ? "" : "s", group->zones_assumed ? ", assumed" : "");
    record_table_new(&records, "OPTION", "WHAT IT WOULD COST, AND BREAK", OPTION_WIDTH, colour);
    VEC_EACH (option, &group->options) {
        CLEANUP(buf_free)
        struct buf right = {0};
        CLEANUP(buf_free)
        struct buf cost = {0};
        char month[32], gb[32];

        buf_printf(&cost, "%s a month, %s for each GB", usd(month, option->usd_month, 2),
                   usd(gb, option->usd_gb, 3));
        record_line(&right, "cost", buf_string(&cost), records.width);
        if (!option->chosen)
            record_line(&right, "switching", option->switching, records.width);
        record_add(&records, option->chosen ? "*" : "", option->chosen ? "green" : NULL,
                   option->name, buf_string(&right));
    }
    record_table_print(&records);
    printf("\n");
}

/* What does not depend on the group, once. */
static void print_options(const struct advice_group *group, bool colour)
{
    struct record_table records;

    record_table_new(&records, "OPTION", "HOW IT COMPARES", OPTION_WIDTH, colour);
    VEC_EACH (option, &group->options) {
        CLEANUP(buf_free)
        struct buf right = {0};

        record_line(&right, "fits", option->fits, records.width);
        record_line(&right, "reaches", option->reaches, records.width);
        record_line(&right, "families", option->families, records.width);
        record_line(&right, "exposure", option->exposure, records.width);
        record_line(&right, "outages", option->resilience, records.width);
        record_add(&records, "", NULL, option->name, buf_string(&right));
    }
    record_table_print(&records);
    printf("\n");
}

static void print_break_evens(const struct advice *advice, bool colour)
{
    struct record_table records;

    if (advice->break_evens.n == 0)
        return;
    record_table_new(&records, "ENDPOINT", "CHEAPER THAN THE NAT GATEWAY FROM", 24, colour);
    VEC_EACH (row, &advice->break_evens) {
        CLEANUP(buf_free)
        struct buf left = {0};
        CLEANUP(buf_free)
        struct buf right = {0};

        buf_printf(&left, "%s (%s)", row->service, row->type);
        if (row->gb_month > 0)
            buf_printf(&right, "%.0f GB a month", row->gb_month);
        else
            buf_text(&right, row->gb_month < 0 ? "-" : "the first byte");
        if (row->note)
            buf_printf(&right, " (%s)", row->note);
        record_add(&records, row->declared ? "*" : "", NULL, buf_string(&left), buf_string(&right));
    }
    record_table_print(&records);
    printf("\n");
}

void show_advice_text(const struct advice *advice, bool colour)
{
    printf("%s, %s; from %s", advice->target, advice->region,
           advice->live ? "the live VPC and the config" : "the config alone");
    if (advice->prices_as_of)
        printf("; prices as of %s%s%s", advice->prices_as_of, advice->prices_source ? ", " : "",
               advice->prices_source ? advice->prices_source : "");
    printf(".\n* marks what the config declares.\n\n");
    print_costs(advice, colour);
    VEC_EACH (group, &advice->groups)
        print_group(group, colour);
    if (advice->groups.items)
        print_options(&advice->groups.items[0], colour);
    print_break_evens(advice, colour);
    VEC_EACH (note, &advice->notes)
        printf("Note: %s.\n", *note);
}

/* null where it is not known */
static void real(struct json_writer *writer, const char *key, double number)
{
    json_key(writer, key);
    if (number < 0)
        json_null(writer);
    else
        json_real(writer, number);
}

static void flag(struct json_writer *writer, const char *key, bool value)
{
    json_key(writer, key);
    json_bool(writer, value);
}

static void json_group(struct json_writer *writer, const struct advice_group *group)
{
    json_begin(writer, '{');
    json_text_member(writer, "group", group->name);
    json_text_member(writer, "declared", group->declared);
    json_key(writer, "zones");
    json_number(writer, group->zones);
    flag(writer, "zones_assumed", group->zones_assumed);
    json_key(writer, "options");
    json_begin(writer, '[');
    VEC_EACH (option, &group->options) {
        json_begin(writer, '{');
        json_text_member(writer, "option", option->name);
        flag(writer, "declared", option->chosen);
        real(writer, "usd_month", option->usd_month);
        real(writer, "usd_gb", option->usd_gb);
        json_text_member(writer, "families", option->families);
        json_text_member(writer, "reaches", option->reaches);
        json_text_member(writer, "exposure", option->exposure);
        json_text_member(writer, "outages", option->resilience);
        json_text_member(writer, "fits", option->fits);
        json_text_member(writer, "switching", option->switching);
        json_end(writer, '}');
    }
    json_end(writer, ']');
    json_end(writer, '}');
}

static void json_costs(struct json_writer *writer, const struct advice *advice)
{
    json_key(writer, "costs");
    json_begin(writer, '[');
    VEC_EACH (cost, &advice->costs) {
        json_begin(writer, '{');
        json_text_member(writer, "what", cost->what);
        real(writer, "usd_month", cost->usd_month);
        json_text_member(writer, "note", cost->note);
        json_end(writer, '}');
    }
    json_end(writer, ']');
    real(writer, "usd_month", advice->usd_month);
    flag(writer, "usd_month_complete", advice->usd_complete);
    real(writer, "gb_month", advice->gb_month);
    real(writer, "usd_traffic", advice->usd_traffic);
}

static void json_break_evens(struct json_writer *writer, const struct advice *advice)
{
    json_key(writer, "break_evens");
    json_begin(writer, '[');
    VEC_EACH (row, &advice->break_evens) {
        json_begin(writer, '{');
        json_text_member(writer, "service", row->service);
        json_text_member(writer, "type", row->type);
        flag(writer, "declared", row->declared);
        real(writer, "gb_month", row->gb_month);
        json_text_member(writer, "note", row->note);
        json_end(writer, '}');
    }
    json_end(writer, ']');
}

void show_advice_json(struct json_writer *writer, const struct advice *advice)
{
    json_begin(writer, '{');
    json_text_member(writer, "target", advice->target);
    json_text_member(writer, "region", advice->region);
    flag(writer, "live", advice->live);
    json_text_member(writer, "prices_as_of", advice->prices_as_of);
    json_text_member(writer, "prices_source", advice->prices_source);
    json_costs(writer, advice);
    json_key(writer, "groups");
    json_begin(writer, '[');
    VEC_EACH (group, &advice->groups)
        json_group(writer, group);
    json_end(writer, ']');
    json_break_evens(writer, advice);
    json_key(writer, "notes");
    json_begin(writer, '[');
    VEC_EACH (note, &advice->notes)
        json_string(writer, *note);
    json_end(writer, ']');
    json_end(writer, '}');
}
