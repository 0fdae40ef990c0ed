/* aws.h - what any client of AWS needs: Signature Version 4, endpoints, credentials from the
 * environment, and the wire tables that carry structs over the Query protocol and back.
 *
 * Everything is pure: bytes, values and a time in; bytes and values out. Nothing here reads the
 * process environment itself; it is handed in as "NAME=value" text. */
#pragma once

#include "vpc_reconciled/base.h"
#include "vpc_reconciled/net.h"

/* ---- credentials ---- */
struct aws_credentials {
    char *access_key_id, *secret_access_key;
    char *session_token; /* NULL for long-lived keys */
};
/* Heap copies, wiped when they are cleared. The target of a copy holds nothing. */
void aws_credentials_copy(const struct aws_credentials *from, struct aws_credentials *ret_to);
void aws_credentials_clear(struct aws_credentials *credentials);
bool aws_credentials_equal(const struct aws_credentials *a, const struct aws_credentials *b);

/* Endpoint overrides: one for all services, and one for each (aws-facts 5.7). NULL: not set. */
struct aws_endpoint_urls {
    char *all, *ec2, *sts, *lambda, *sqs, *sns, *eventbridge;
};

/* What the AWS_* variables say, and for region and endpoints what the profile of the config file
 * adds. Who the keys are, when they are not among the variables: credentials.h. */
struct aws_environment {
    struct aws_credentials credentials; /* access_key_id NULL: none found */
    char *region;                       /* AWS_REGION, else AWS_DEFAULT_REGION; may be NULL */
    char *endpoint_url, *endpoint_url_ec2, *endpoint_url_sts; /* overrides, NULL when not set */
    char *endpoint_url_lambda, *endpoint_url_sqs, *endpoint_url_sns, *endpoint_url_eventbridge;
    bool ignore_configured_endpoint_urls;
    uint8_t use_dualstack_endpoint, use_fips_endpoint; /* enum wire_bool: absent, false, true */
    /* Where the rest of the chain looks (aws-facts 5); each NULL when not set. */
    char *profile;                               /* AWS_PROFILE */
    char *config_file, *shared_credentials_file; /* AWS_CONFIG_FILE, ... */
    char *home, *credentials_directory;          /* HOME; CREDENTIALS_DIRECTORY of systemd */
    char *role_arn, *role_session_name, *web_identity_token_file;
    char *container_relative_uri, *container_full_uri, *container_token, *container_token_file;
    char *metadata_endpoint; /* AWS_EC2_METADATA_SERVICE_ENDPOINT */
    bool metadata_ipv6, metadata_disabled;
    struct aws_endpoint_urls profile_urls; /* of the config file, the services section applied */
    char *profile_urls_file;               /* for messages: "/root/.aws/config" */
};

struct aws_environment_error {
    const char *variable; /* "AWS_SECRET_ACCESS_KEY" */
    char message[256];    /* what was found, what would be right; never a secret byte */
};

/* Reads the AWS_* variables out of environ-like text. Copies what it keeps to the heap.
 * -EINVAL: half a key pair, an empty or malformed value; *reterr says which and what to do.
 * No keys at all is not an error here: credentials stay empty. */
int aws_environment_parse(const char *const *environment, struct aws_environment *ret_environment,
                          struct aws_environment_error *reterr);
/* Wipes the secrets before it frees them. Takes a zeroed one. */
void aws_environment_clear(struct aws_environment *environment);

/* ---- the shared files: config, credentials (aws-facts 5.2) ---- */
#define INI_SIZE_MAX ((size_t)1 << 20)
struct ini_setting {
    const char *key;    /* lower case: keys are read so */
    const char *parent; /* of an indented line below "key =": that key; else NULL */
    const char *value;
    unsigned line;
};
struct ini_section {
    const char *name; /* what stands in the brackets, without spaces around it */
    unsigned line;
    VEC(struct ini_setting) settings;
};
struct ini {
    VEC(struct ini_section) sections;
};
struct ini_error {
    unsigned line;
    char message[200]; /* without file and line; never what a value holds */
};
/* "[section]", "key = value", indented settings and continued values, "#" and ";" comments (also
 * after a value, with a space before). -EINVAL: another line, a key outside a section, a section or
 * key that stands twice (AWS's tools disagree on which of them counts), a control character;
 * -EFBIG. All lies in the arena. */
int ini_parse(struct arena *arena, const char *text, size_t n, struct ini *ret_ini,
              struct ini_error *reterr);
/* NULL: absent. parent NULL: a setting of the section itself. */
const struct ini_setting *ini_find(const struct ini_section *section, const char *parent,
                                   const char *key);

/* One profile, out of all files that have it. */
enum shared_file_kind {
    SHARED_FILE_SYSTEMD,     /* $CREDENTIALS_DIRECTORY/aws-credentials: systemd's LoadCredential= */
    SHARED_FILE_CREDENTIALS, /* $AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials */
    SHARED_FILE_CONFIG,      /* $AWS_CONFIG_FILE or ~/.aws/config */
    SHARED_FILE_COUNT,
};
struct shared_file {
    const char *path; /* NULL: there is none to look for */
    bool found;
    struct ini ini;
};
struct shared_files { /* the first that has a key counts */
    struct shared_file files[SHARED_FILE_COUNT];
};
/* Fills in the paths; nothing is read. */
void shared_files_paths(struct arena *arena, const struct aws_environment *environment,
                        struct shared_files *ret_files);
/* The profile's section in one file, or NULL. */
const struct ini_section *shared_file_profile(const struct shared_files *files,
                                              enum shared_file_kind kind, const char *profile);
bool shared_files_have(const struct shared_files *files, const char *profile);
/* NULL: no file has it. ret_file (or NULL) is for messages. */
const struct ini_setting *shared_files_find(const struct shared_files *files, const char *profile,
                                            const char *key, const char **ret_file);
/* "AWS_PROFILE", else "default". */
const char *aws_profile_name(const struct aws_environment *environment);
/* Region and endpoints of the profile, where no variable says them. text: the config file's.
 * -EINVAL: *reterr says file, line and what. */
int aws_environment_add_profile(struct aws_environment *environment, const char *path,
                                const char *text, size_t n, struct aws_environment_error *reterr);

/* ---- endpoints (aws-facts.md 1.1, 5.7) ---- */
struct aws_endpoint {
    char url[512];  /* scheme, host, port, path without a trailing slash:
                       "https://ec2.eu-west-1.amazonaws.com" */
    char host[280]; /* as signed and sent: with ":port" when it is not the scheme's own */
    char path[256]; /* "/" at least */
};
/* service: "ec2", "sts", ... Override precedence: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the
 * profile's services section and endpoint_url, the partition's host: dual-stack or FIPS where that
 * is asked for. That host need not exist: FIPS and dual-stack are not everywhere (aws-facts 1.1).
 * Plain http is -EPERM unless the host is loopback. -EINVAL: not a URL or an
 * unknown region pattern. *reterr says which. */
int aws_endpoint_resolve(const struct aws_environment *environment, const char *service,
                         const char *region, struct aws_endpoint *ret_endpoint,
                         struct aws_environment_error *reterr);
/* The public name under which a service (its short name: "s3", "logs", "ecr.api") has AAAA records,
 * if it has any (aws-facts 11): "logs.ap-northeast-1.api.aws". False: no such name is known. */
bool aws_service_dualstack_name(const char *service, const char *region, char *ret_name,
                                size_t size);

/* ---- Signature Version 4 (aws-facts.md 4) ---- */
struct http_header {
    const char *name, *value;
};

struct sigv4_request {
    const char *method;
    const char *path;                  /* as sent, encoded once; "" is "/" */
    const char *query;                 /* as sent, without '?'; NULL or "" for none */
    const struct http_header *headers; /* those to be signed, any order and case */
    size_t n_headers;
    const void *body;
    size_t body_n;
    bool keep_path; /* do not normalise "." and ".." (S3 and AWS's suite with normalize=false) */
};

struct sigv4_scope {
    const char *region, *service;
    int64_t wall_ms; /* the corrected clock */
};

struct sigv4_result {
    /* For tests and error texts. A session token stands as asterisks in canonical_request: this
     * lies in an arena, which nobody wipes, and is shown. */
    const char *canonical_request, *string_to_sign;
    const char *signature;     /* 64 hex digits */
    const char *authorization; /* the header's value */
};

/* Adds nothing to the request: x-amz-date, x-amz-security-token and host are among its headers.
 * All results lie in the arena. -EINVAL: a header without a name, with one that no header can have,
 * or with a line break. */
int sigv4_sign(struct arena *arena, const struct sigv4_request *request,
               const struct sigv4_scope *scope, const struct aws_credentials *credentials,
               struct sigv4_result *ret_result);

/* What a server does: recomputes the signature from the request as received; its headers member is
 * not read. -EBADMSG: no or malformed Authorization, or one that does not sign "host"; -ENOENT: the
 * access key or session token is not the given one; -EKEYREJECTED: the signature differs; -ETIME:
 * x-amz-date more than 15 minutes from wall_ms; -EDOM: the scope names another service than
 * expected_service (NULL: any; the region is the client's choice, as with a custom endpoint). */
int sigv4_verify(struct arena *arena, const struct sigv4_request *request,
                 const struct http_header *all_headers, size_t n_all_headers, int64_t wall_ms,
                 const char *expected_service, const struct aws_credentials *credentials);

/* ---- RFC 3986 encoding ---- */
void uri_encode(struct buf *buf, const char *text, bool keep_slash);
/* As above with '+' for a space, as forms and AWS's SDKs write it. */
void form_encode(struct buf *buf, const char *text);
/* '+' is a space. -EINVAL: a broken escape, or a NUL byte. */
int form_decode(struct arena *arena, const char *text, size_t n, const char **ret_text);

/* ---- wire tables ----
 * One row for each member of a struct; the same rows decode and encode, requests (Query names) and
 * replies (XML elements). A struct that AWS did not fill is all zero: text NULL, bool absent. */
enum wire_kind {
    WIRE_TEXT,   /* const char * */
    WIRE_BOOL,   /* uint8_t, enum wire_bool */
    WIRE_INT,    /* struct wire_int */
    WIRE_ENUM,   /* uint8_t: 0 absent, 1 a word that we do not know, 2.. wire_enum.words[n - 2] */
    WIRE_PREFIX, /* struct prefix; one that does not parse: -EBADMSG in a reply */
    WIRE_GROUP,  /* an element (or "Name." in a request) around members of the same struct (offset
                  * 0),  or of a struct that lies in it at the row's offset */
    WIRE_LIST,   /* WIRE_LIST_OF(struct x) */
    WIRE_TEXTS,  /* struct wire_texts */
};

enum wire_bool {
    WIRE_ABSENT,
    WIRE_FALSE,
    WIRE_TRUE,
};

struct wire_int {
    int64_t value;
    bool set;
};

struct wire_texts {
    const char **items;
    size_t n;
    bool seen; /* the list element itself was there, if only empty */
};

#define WIRE_LIST_OF(type)                                                                         \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t n;                                                                                  \
        bool seen;                                                                                 \
    }
struct wire_any_list { /* the layout of every WIRE_LIST_OF */
    void *items;
    size_t n;
    bool seen;
};

struct wire_enum {
    const char *const *words;
    size_t n;
    bool ignore_case; /* endpoint states: PascalCase in the model, lower camel on the wire */
};

struct wire_shape;

struct wire_field {
    const char *name;
    uint8_t kind;
    bool required; /* in a request: MissingParameter; in a reply: the whole reply is -EBADMSG */
    uint16_t offset;
    const void *type;  /* ENUM: struct wire_enum; GROUP, LIST: struct wire_shape */
    const char *alias; /* a second spelling that is read but never written, or NULL */
};

struct wire_shape {
    const char *name; /* AWS's data type: "RouteTable" */
    size_t size;      /* of the struct; an offset-0 GROUP's shape has its parent's */
    const struct wire_field *fields;
    unsigned n_fields;
};

#define WIRE_FIELD(T, m, k, n, ...)                                                                \
    {                                                                                              \
        .name = n, .kind = WIRE_##k, .offset = offsetof(struct T, m), __VA_ARGS__                  \
    }

struct wire_error {
    char message[320]; /* "Filter.1.Name: missing", "natGatewaySet/item/subnetId: ..." */
    char name[96];     /* the parameter or element alone */
};

/* Struct -> "Key=value&..." appended to buf (no leading '&' when buf is empty or ends in '?'). */
void wire_query_encode(struct buf *buf, const struct wire_shape *shape, const void *object);
/* "Key=value&..." -> struct. A key that no row names is -ENOKEY; a value of the wrong form -EINVAL;
 * a required one missing -ENODATA. Action, Version and the names in `ignored` are passed over. */
int wire_query_decode(struct arena *arena, const struct wire_shape *shape, const char *body,
                      size_t n, const char *const *ignored, void *object,
                      struct wire_error *reterr);
/* Struct -> elements (no root), text escaped. Absent members are left out; a list that was not
 * `seen` and is empty is left out, else written. */
void wire_xml_encode(struct buf *buf, const struct wire_shape *shape, const void *object);
/* One leaf (TEXT, BOOL, INT, ENUM, PREFIX) of an object, for whoever walks a table himself (the
 * simulator's filters and worlds). NULL: absent; scratch lends the memory of what is no text by
 * itself. */
const char *wire_leaf_text(const struct wire_field *field, const void *object,
                           char scratch[static PREFIX_TEXT_SIZE]);
/* The reverse. -EINVAL: not a value of this kind; an ENUM takes any word. */
int wire_leaf_set(struct arena *arena, const struct wire_field *field, void *object,
                  const char *text);

/* A reply as its bytes arrive. Refuses any DTD, more than `limit` bytes, deep nesting, a wrong
 * root, bytes after the root. Unknown elements are passed over. */
struct xml_decoder;
struct aws_error { /* what AWS said */
    char code[96], message[512], request_id[80];
    int status; /* HTTP */
};
/* root: "DescribeVpcsResponse"; root_alias: the spelling without the suffix, or NULL. With
 * shape NULL an error document is expected (<Response><Errors><Error>, or <ErrorResponse><Error>).
 * object lies in the arena, zeroed, and is filled. */
struct xml_decoder *xml_decoder_new(struct arena *arena, const struct wire_shape *shape,
                                    const char *root, const char *root_alias, void *object,
                                    struct aws_error *ret_error, size_t limit);
/* 0: go on (or, with final, the document is whole). -EBADMSG: not well-formed, wrong root, cut
 * short, a required element missing; -EPERM: a DTD; -EFBIG: over the limit. After an error it stays
 * failed. *reterr may be NULL. */
int xml_decoder_feed(struct xml_decoder *decoder, const char *bytes, size_t n, bool final,
                     struct wire_error *reterr);
struct xml_decoder *xml_decoder_free(struct xml_decoder *decoder);
