/* Digests against published values, and random numbers. */
#include "vpc_reconciled/base.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

static char *repeated(char c, size_t n)
{
    char *text = malloc(n + 1);

    assert_non_null(text);
    memset(text, c, n);
    text[n] = 0;
    return text;
}

static void sha256_has_the_known_values(void **state)
{
    static const struct {
        const char *text, *hex;
    } rows[] = {
        /* FIPS 180-2, appendix B */
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    };
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1], *million = repeated('a', 1000000);
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        sha256(rows[i].text, strlen(rows[i].text), digest);
        hex_encode(digest, sizeof(digest), hex);
        assert_string_equal(hex, rows[i].hex);
    }
    sha256(NULL, 0, digest);
    hex_encode(digest, sizeof(digest), hex);
    assert_string_equal(hex, rows[2].hex);
    sha256(million, 1000000, digest);
    hex_encode(digest, sizeof(digest), hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* RFC 4231, test cases 1, 2, 6 and 7. */
static void hmac_has_the_known_values(void **state)
{
    char *long_key = repeated((char)0xaa, 131), *short_key = repeated(0x0b, 20);
    const struct {
        const char *key;
        size_t key_n;
        const char *text, *hex;
    } rows[] = {
        {short_key, 20, "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {long_key, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {long_key, 131,
         "This is a test using a larger than block-size key and a larger than block-size data. The "
         "key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        {"", 0, "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        hmac_sha256(rows[i].key, rows[i].key_n, rows[i].text, strlen(rows[i].text), digest);
        hex_encode(digest, sizeof(digest), hex);
        assert_string_equal(hex, rows[i].hex);
    }
    free(long_key);
    free(short_key);
}

/* The digest may be written over the key, as the chain of a signing key does (AWS's values). */
static void hmac_chains_in_place(void **state)
{
    static const struct {
        const char *region, *service, *hex;
    } rows[] = {
        {"us-east-1", "ec2", "f683de3415e2edd5bd3ecba80fa9f855f4018470ccc66c03bb658895fef3aed2"},
        {"ap-northeast-1", "lambda",
         "640cd8633ba2170095cc669b54d25a569e1c4e7c5a5092dca76a4d2cdf8d2273"},
    };
    static const char secret[] = "AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        const char *steps[] = {rows[i].region, rows[i].service, "aws4_request"};
        uint8_t key[SHA256_SIZE];
        char hex[2 * SHA256_SIZE + 1];

        hmac_sha256(secret, strlen(secret), "20150830", 8, key);
        for (size_t k = 0; k < ARRAY_SIZE(steps); k++)
            hmac_sha256(key, sizeof(key), steps[k], strlen(steps[k]), key);
        hex_encode(key, sizeof(key), hex);
        assert_string_equal(hex, rows[i].hex);
    }
}

static void crc32_has_the_known_values(void **state)
{
    uint8_t bytes[256];
    (void)state;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(crc32_of("", 0), 0);
    assert_int_equal(crc32_of("123456789", 9), 0xcbf43926); /* the catalogue's check value */
    assert_int_equal(crc32_of("The quick brown fox jumps over the lazy dog", 43), 0x414fa339);
    assert_int_equal(crc32_of(bytes, sizeof(bytes)),
                     0x29058c73); /* zlib.crc32(bytes(range(256))) */
}

static void a_wiped_secret_is_gone(void **state)
{
    char secret[] = "secret";
    static const char zero[sizeof(secret)];
    (void)state;

    secret_wipe(secret, sizeof(secret));
    assert_memory_equal(secret, zero, sizeof(secret));
}

static void random_numbers_repeat(void **state)
{
    /* splitmix64's first outputs for the seed 1234567 (its author's test values). */
    static const uint64_t expected[] = {6457827717110365317U, 3203168211198807973U,
                                        9817491932198370423U, 4593380528125082431U,
                                        16408922859458223821U};
    struct rng rng = {1234567}, again = {1234567};
    size_t seen[10] = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_true(rng_next(&rng) == expected[i]);
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_true(rng_below(&again, UINT64_MAX) == expected[i]);
    for (int i = 0; i < 10000; i++) {
        uint64_t value = rng_below(&rng, 10);

        assert_true(value < 10);
        seen[value]++;
    }
    for (size_t i = 0; i < 10; i++)
        assert_in_range(seen[i], 800, 1200);
    assert_int_equal(rng_below(&rng, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_has_the_known_values), cmocka_unit_test(hmac_has_the_known_values),
        cmocka_unit_test(hmac_chains_in_place),        cmocka_unit_test(crc32_has_the_known_values),
        cmocka_unit_test(a_wiped_secret_is_gone),      cmocka_unit_test(random_numbers_repeat),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
