/* prices_default.h - packaging/prices.json, as CMake puts it into the program. */
#pragma once

#include <stddef.h>

extern const char prices_default[];
extern const size_t prices_default_size;
