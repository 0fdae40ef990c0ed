/* The only file that includes libcrypto: digests and HMAC through EVP. */
#include "vpc_reconciled/base.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

void sha256(const void *bytes, size_t n, uint8_t ret_digest[static SHA256_SIZE])
{
    unsigned size = 0;

    if (EVP_Digest(bytes, n, ret_digest, &size, EVP_sha256(), NULL) != 1 || size != SHA256_SIZE)
        abort();
}

void hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n,
                 uint8_t ret_digest[static SHA256_SIZE])
{
    unsigned size = 0;

    assert(key_n <= INT32_MAX);
    if (!HMAC(EVP_sha256(), key, (int)key_n, bytes, n, ret_digest, &size) || size != SHA256_SIZE)
        abort();
}

void hex_encode(const uint8_t *bytes, size_t n, char *ret_hex)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        ret_hex[2 * i] = digits[bytes[i] >> 4];
        ret_hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret_hex[2 * n] = 0;
}

void secret_wipe(void *bytes, size_t n)
{
    OPENSSL_cleanse(bytes, n);
}

uint32_t crc32_of(const void *bytes, size_t n)
{
    /* Four bits at a time: a history of 8 MB in a few dozen milliseconds, from 64 bytes of table.
     */
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    const uint8_t *at = bytes;
    uint32_t crc = 0xffffffffU;

    for (size_t i = 0; i < n; i++) {
        crc ^= at[i];
        crc = (crc >> 4) ^ table[crc & 15];
        crc = (crc >> 4) ^ table[crc & 15];
    }
    return ~crc;
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t z = rng->state += 0x9e3779b97f4a7c15ULL;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *rng, uint64_t bound)
{
    assert(bound > 0);
    return rng_next(rng) % bound;
}
