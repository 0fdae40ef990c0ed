/* base.h - what every module stands on: memory of a pass, text, vectors, digests.
 *
 * Running out of memory aborts (it is a crash like any other, design.md 2), so nothing here returns
 * -ENOMEM. Text is NUL-terminated `const char *`; NULL means absent. */
#pragma once

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define CLEANUP(f) __attribute__((cleanup(f)))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

static inline bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}
static inline bool text_empty(const char *a)
{
    return !a || !*a;
}
/* "" < absent is never asked: both sides present, or NULL sorts first. */
int text_compare(const char *a, const char *b);
bool text_starts_with(const char *text, const char *prefix);
/* Edit distance for "did you mean"; the nearest of n words within 1/3 of the length, or NULL. */
const char *text_nearest(const char *text, const char *const *words, size_t n);

/* ---- time: every input carries both clocks (design.md 2) ---- */
struct instant {
    uint64_t monotonic_ms; /* durations */
    int64_t wall_ms;       /* since 1970-01-01 UTC: signing, windows, history */
};

/* ---- arena: freed as one; never singly ---- */
struct arena;

struct arena *arena_new(void);
struct arena *arena_new_secret(void); /* what lay in it is wiped before its memory goes back */
struct arena *arena_free(struct arena *arena); /* takes NULL, returns NULL */
void arena_freep(struct arena **arena);
void arena_reset(struct arena *arena);         /* keeps the first block; what was in it is gone */
size_t arena_bytes(const struct arena *arena); /* reserved from the heap */
void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any type */
void *arena_alloc_array(struct arena *arena, size_t size,
                        size_t n);                         /* aborts when size * n overflows */
char *arena_strdup(struct arena *arena, const char *text); /* NULL gives NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t n);
void *arena_memdup(struct arena *arena, const void *bytes, size_t n);
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n) ((type *)arena_alloc_array((arena), sizeof(type), (size_t)(n)))

/* ---- buf: a growing byte string with a limit; always NUL-terminated when data is set ---- */
struct buf {
    char *data;
    size_t n, reserved;
    size_t limit;  /* 0: BUF_LIMIT_DEFAULT */
    bool overflow; /* something did not fit: neither it nor what came after it is there */
    bool secret;   /* wiped whenever its memory goes back to the heap, when it grows too */
};
#define BUF_LIMIT_DEFAULT ((size_t)64 << 20)

void buf_add(struct buf *buf, const void *bytes, size_t n);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_clear(struct buf *buf);               /* keeps the memory */
void buf_free(struct buf *buf);                /* also for CLEANUP */
void buf_wipe_free(struct buf *buf);           /* secrets: the bytes are overwritten first */
const char *buf_string(const struct buf *buf); /* "" when nothing was added */

/* ---- vec: a growing array in an arena. VEC(struct x) is a type; items stay valid until the next
 * add ---- */
#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t n, reserved;                                                                        \
    }
void vec_grow_(struct arena *arena, void *vec, size_t item_size);
/* Address of a new zeroed last item. */
#define VEC_ADD(arena, vec)                                                                        \
    (vec_grow_((arena), (vec), sizeof(*(vec)->items)), &(vec)->items[(vec)->n++])
#define VEC_EACH(item, vec)                                                                        \
    for (__typeof__((vec)->items + 0) item = (vec)->items,                                         \
                                      item##_end_ = item ? item + (vec)->n : item;                 \
         item < item##_end_; item++)

/* A word list as the wire and the config have it. */
struct texts {
    const char **items;
    size_t n;
};
bool texts_contain(const struct texts *texts, const char *text);
/* Unless it is NULL or there already. Borrows the text; items move. */
void texts_add_once(struct arena *arena, struct texts *texts, const char *text);

/* ---- digests (libcrypto; the only file that includes it) ---- */
#define SHA256_SIZE 32
void sha256(const void *bytes, size_t n, uint8_t ret_digest[static SHA256_SIZE]);
void hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
                 uint8_t ret_digest[static SHA256_SIZE]);
/* ret_hex holds 2 * n + 1 bytes, lower case. */
void hex_encode(const uint8_t *bytes, size_t n, char *ret_hex);
void secret_wipe(void *bytes, size_t n);        /* not optimised away */
uint32_t crc32_of(const void *bytes, size_t n); /* IEEE 802.3, for records on disk */

/* ---- allocators whose free wipes, for libraries that our secrets pass through (safety.md S11)
 * ---- As the C library's of the same name; what one gives only wiping_free() and wiping_realloc()
 * take.
 */
void *wiping_malloc(size_t n);
void *wiping_calloc(size_t n, size_t size);
void *wiping_realloc(void *memory, size_t n);
char *wiping_strdup(const char *text);
void wiping_free(void *memory);

/* ---- random numbers from one seed: same seed, same run (splitmix64) ---- */
struct rng {
    uint64_t state;
};
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t bound); /* [0, bound); bound > 0 */

/* ---- time as text ---- */
/* "2026-11-24T08:30:00.000Z"; ret_text holds 25 bytes. Years 1970 to 9999. */
void time_iso8601(int64_t wall_ms, char ret_text[static 25]);
/* "20261124T083000Z"; ret_text holds 17 bytes. */
void time_compact(int64_t wall_ms, char ret_text[static 17]);
/* Reads both forms above, with or without fraction, "Z" or an offset as "+09:00" (RFC 3339).
 * -EINVAL otherwise. */
int time_parse(const char *text, int64_t *ret_wall_ms);
