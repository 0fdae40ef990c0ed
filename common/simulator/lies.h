/* lies.h - what the fault table spoils an answer with (safety.md 2, semantic lies); private to
 * common/simulator/. */
#pragma once

#include "vpc_reconciled/simulator.h"

struct call;

/* lies_page.c: instead of a page of a Describe */
typedef void lie_page(struct call *call);
lie_page lie_empty_list, lie_missing_list, lie_missing_page, lie_repeated_page, lie_next_token_loop,
    lie_missing_item, lie_foreign_item, lie_duplicate_item;

/* lies_answer.c: of the whole answer */
typedef void lie_answer(struct call *call, struct simulator_response *response);
lie_answer lie_html_200, lie_html_500, lie_status_200, lie_lost_answer, lie_other_action,
    lie_empty_body, lie_truncated_xml, lie_dtd, lie_unknown_elements, lie_unknown_enum_value,
    lie_missing_field, lie_missing_id;
