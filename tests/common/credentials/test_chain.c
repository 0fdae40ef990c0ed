/* Each source of the chain, its order, and what a person reads when it gives nothing. */
#include "tests/common/credentials/host.h"

#define IMDS "http://169.254.169.254/latest"
#define ROLES IMDS "/meta-data/iam/security-credentials/"
#define NO_FILES                                                                                   \
    {"FILE /h/.aws/credentials", .r = -ENOENT},                                                    \
    {                                                                                              \
        "FILE /h/.aws/config", .r = -ENOENT                                                        \
    }
#define KEYS_JSON                                                                                  \
    "{\"Code\":\"Success\",\"LastUpdated\":\"2026-11-24T06:00:00Z\",\"Type\":\"AWS-HMAC\","        \
    "\"AccessKeyId\":\"ASIA1\",\"SecretAccessKey\":\"s3cr3t\",\"Token\":\"tok\","                  \
    "\"Expiration\":\"2026-11-24T12:00:00Z\"}"
#define SESSION(action, key)                                                                       \
    "<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action             \
    "Result><Credentials><AccessKeyId>" key "</AccessKeyId><SecretAccessKey>s3cr3t"                \
    "</SecretAccessKey><SessionToken>tok</SessionToken><Expiration>2026-11-24T07:00:00Z"           \
    "</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/x/y</Arn>"       \
    "</AssumedRoleUser></" action "Result><ResponseMetadata><RequestId>r</RequestId>"              \
    "</ResponseMetadata></" action "Response>"
#define STS_ERROR(code)                                                                            \
    "<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>said so</Message>"     \
    "</Error><RequestId>r</RequestId></ErrorResponse>"
#define STS "POST https://sts.eu-west-1.amazonaws.com/ "
#define ASSUME(arn, more)                                                                          \
    STS "Action=AssumeRole&Version=2011-06-15&RoleArn=" arn                                        \
        "&RoleSessionName=vpc-reconciled-ops.example" more
#define ROLE_A "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa"
#define ROLE_B "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fb"
#define ARN_A "arn:aws:iam::111122223333:role/a"
#define ARN_B "arn:aws:iam::111122223333:role/b"

static const struct {
    const char *name;
    const char *variables[8];
    struct exchange script[EXCHANGES_MAX];
    const char *key;    /* of the set, or */
    const char *error;  /* part of what is said */
    const char *source; /* part of it; NULL: not looked at */
} rows[] = {
    {"the environment, and nothing is read",
     {"AWS_ACCESS_KEY_ID=AKIA0", "AWS_SECRET_ACCESS_KEY=s", "HOME=/h", "AWS_PROFILE=other"},
     {{0}},
     .key = "AKIA0",
     .source = "AWS_ACCESS_KEY_ID"},
    {"the credentials file",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials",
       .body = "# mine\n[default]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"},
      {"FILE /h/.aws/config", .r = -ENOENT}},
     .key = "AKIA1",
     .source = "\"default\" (/h/.aws/credentials:3)"},
    {"keys of the config file, by AWS_PROFILE",
     {"HOME=/h", "AWS_PROFILE=prod"},
     {{"FILE /h/.aws/credentials", .body = "[default]\naws_access_key_id=AKIA1\n"},
      {"FILE /h/.aws/config",
       .body = "[profile prod]\naws_access_key_id = AKIA2\naws_secret_access_key = s\n"
               "aws_session_token = t\n"}},
     .key = "AKIA2"},
    {"systemd's credential goes before the home's",
     {"HOME=/h", "CREDENTIALS_DIRECTORY=/run/credentials/x.service"},
     {{"FILE /run/credentials/x.service/aws-credentials",
       .body = "[default]\naws_access_key_id = AKIA3\naws_secret_access_key = s\n"},
      {"FILE /h/.aws/credentials",
       .body = "[default]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"},
      {"FILE /h/.aws/config", .r = -ENOENT}},
     .key = "AKIA3"},
    {"files named by variables",
     {"HOME=/h", "AWS_SHARED_CREDENTIALS_FILE=/x/creds", "AWS_CONFIG_FILE=/x/conf"},
     {{"FILE /x/creds", .body = "[default]\naws_access_key_id=A\naws_secret_access_key=s\n"},
      {"FILE /x/conf", .body = ""}},
     .key = "A"},
    {"a named file that may not be read",
     {"AWS_SHARED_CREDENTIALS_FILE=/x/creds"},
     {{"FILE /x/creds", .r = -EACCES}},
     .error = "/x/creds cannot be read: Permission denied"},
    {"a home that may not be read",
     {"HOME=/h", "AWS_EC2_METADATA_DISABLED=true"},
     {{"FILE /h/.aws/credentials", .r = -EACCES}, {"FILE /h/.aws/config", .r = -ENOENT}},
     .error = "There are no AWS credentials. Passed over: AWS_ACCESS_KEY_ID is not set; "
              "/h/.aws/credentials may not be read; /h/.aws/config is not there; the profile "
              "\"default\" has no role_arn; AWS_WEB_IDENTITY_TOKEN_FILE is not set; the profile "
              "\"default\" has no keys: no file has it; AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and "
              "_FULL_URI are not set; AWS_EC2_METADATA_DISABLED is true"},
    {"no home",
     {"HOME=/", "AWS_EC2_METADATA_DISABLED=true"},
     {{0}},
     .error = "There are no AWS credentials. Passed over: AWS_ACCESS_KEY_ID is not set; the "
              "profile"},
    {"a profile that is not there",
     {"HOME=/h", "AWS_PROFILE=prod"},
     {NO_FILES},
     .error = "AWS_PROFILE is \"prod\", and no file has this profile"},
    {"a file that cannot be read whole",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .body = "[default]\naws_access_key_id\n"}},
     .error = "/h/.aws/credentials:2: neither \"[section]\" nor \"key = value\""},
    {"half a key pair",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .body = "[default]\naws_access_key_id = A\n"},
      {"FILE /h/.aws/config", .body = "[default]\naws_secret_access_key = s\n"}},
     .error = "/h/.aws/credentials:2: the profile has aws_access_key_id and no "
              "aws_secret_access_key"},
    {"a key with a space",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .body = "[default]\naws_access_key_id = A B\n"},
      {"FILE /h/.aws/config", .r = -ENOENT}},
     .error = "/h/.aws/credentials:2: aws_access_key_id holds a space"},

    {"a role of the profile",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials",
       .body = "[base]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = base\n"
                                      "external_id = x 1\nduration_seconds = 900\n"},
      {ASSUME(ROLE_A, "&DurationSeconds=900&ExternalId=x+1"), .status = 200,
       .body = SESSION("AssumeRole", "ASIA2")}},
     .key = "ASIA2",
     .source = "the role " ARN_A},
    {"a role by a role",
     {"HOME=/h", "AWS_PROFILE=b"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config",
       .body = "[default]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"
               "[profile a]\nrole_arn = " ARN_A "\nsource_profile = default\n"
               "[profile b]\nrole_arn = " ARN_B "\nsource_profile = a\n"},
      {ASSUME(ROLE_A, ""), .status = 200, .body = SESSION("AssumeRole", "ASIA2")},
      {ASSUME(ROLE_B, ""), "X-Amz-Security-Token: tok", .status = 200,
       .body = SESSION("AssumeRole", "ASIA3")}},
     .key = "ASIA3"},
    {"a profile that takes its own keys",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials",
       .body = "[a]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = a\n"
                                      "role_session_name = me\n"},
      {STS "Action=AssumeRole&Version=2011-06-15&RoleArn=" ROLE_A "&RoleSessionName=me",
       .status = 200, .body = SESSION("AssumeRole", "ASIA2")}},
     .key = "ASIA2"},
    {"profiles in a circle",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = b\n"
                                      "[profile b]\nrole_arn = " ARN_B "\nsource_profile = a\n"}},
     .error = "the profile \"a\" leads back to itself by source_profile (/h/.aws/config:6)"},
    {"a role without a source",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\n"}},
     .error = "/h/.aws/config:2: role_arn needs exactly one of source_profile, credential_source"},
    {"a role with two sources",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = b\n"
                                      "credential_source = Environment\n"}},
     .error = "/h/.aws/config:2: role_arn needs exactly one of"},
    {"a source that is in no file",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = b\n"}},
     .error = "/h/.aws/config:3: source_profile \"b\" is in no file"},
    {"a role that wants a person",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = a\n"
                                      "mfa_serial = arn:aws:iam::1:mfa/x\n"}},
     .error = "/h/.aws/config:4: the role wants a code of an MFA device"},
    {"a duration that STS does not know",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = a\n"
                                      "duration_seconds = 60\n"}},
     .error = "/h/.aws/config:4: duration_seconds must be 900 to 43200"},
    {"a role that may not be assumed",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials",
       .body = "[base]\naws_access_key_id = AKIA1\naws_secret_access_key = s3cr3t\n"},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = base\n"},
      {ASSUME(ROLE_A, ""), .status = 403, .body = STS_ERROR("AccessDenied")}},
     .error =
         "the role " ARN_A " (/h/.aws/config:2) cannot be assumed with the keys of the profile "
         "\"base\" (/h/.aws/credentials:2): AssumeRole: AccessDenied: said so; who asks needs "
         "sts:AssumeRole"},
    {"a role whose keys STS does not take",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials",
       .body = "[base]\naws_access_key_id = AKIA1\naws_secret_access_key = s3cr3t\n"},
      {"FILE /h/.aws/config", .body = "[profile a]\nrole_arn = " ARN_A "\nsource_profile = base\n"},
      {ASSUME(ROLE_A, ""), .status = 403, .body = STS_ERROR("ExpiredToken")}},
     .error = "cannot be assumed with the keys of the profile \"base\" (/h/.aws/credentials:2): "
              "AssumeRole: ExpiredToken"},
    {"a role with the keys of the environment would be the environment's",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config",
       .body = "[profile a]\nrole_arn = " ARN_A "\ncredential_source = Environment\n"}},
     .error = "/h/.aws/config:3: credential_source Environment gives nothing here"},
    {"a role with the instance's",
     {"HOME=/h", "AWS_PROFILE=a"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config",
       .body = "[profile a]\nrole_arn = " ARN_A "\ncredential_source = Ec2InstanceMetadata\n"},
      {"PUT " IMDS "/api/token", "X-aws-ec2-metadata-token-ttl-seconds: 21600", .status = 200,
       .body = "TOKEN"},
      {"GET " ROLES, "X-aws-ec2-metadata-token: TOKEN", .status = 200, .body = "web"},
      {"GET " ROLES "web", "X-aws-ec2-metadata-token: TOKEN", .status = 200, .body = KEYS_JSON},
      {ASSUME(ROLE_A, ""), .status = 200, .body = SESSION("AssumeRole", "ASIA2")}},
     .key = "ASIA2"},

    {"a web identity of the environment",
     {"HOME=/h", "AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/token", "AWS_ROLE_ARN=" ARN_A},
     {NO_FILES,
      {"FILE /var/run/token", .body = "a.b.c\n"},
      {STS "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" ROLE_A
           "&RoleSessionName=vpc-reconciled-ops.example&WebIdentityToken=a.b.c",
       .status = 200, .body = SESSION("AssumeRoleWithWebIdentity", "ASIA4")}},
     .key = "ASIA4",
     .source = "the role " ARN_A " of a web identity"},
    {"a web identity goes before keys of the profile",
     {"HOME=/h", "AWS_WEB_IDENTITY_TOKEN_FILE=/t", "AWS_ROLE_ARN=" ARN_A,
      "AWS_ROLE_SESSION_NAME=pod"},
     {{"FILE /h/.aws/credentials",
       .body = "[default]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n"},
      {"FILE /h/.aws/config", .r = -ENOENT},
      {"FILE /t", .body = "a.b.c"},
      {STS "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" ROLE_A
           "&RoleSessionName=pod&WebIdentityToken=a.b.c",
       .status = 400, .body = STS_ERROR("InvalidIdentityToken")}},
     .error = "the role " ARN_A " (AWS_WEB_IDENTITY_TOKEN_FILE) cannot be assumed with the web "
              "identity of /t: AssumeRoleWithWebIdentity: InvalidIdentityToken"},
    {"a web identity of the profile",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config",
       .body = "[default]\nrole_arn = " ARN_A "\nweb_identity_token_file = /t\n"},
      {"FILE /t", .body = "one\ntwo\n"}},
     .error = "/t (/h/.aws/config:3) holds no token"},
    {"half a web identity",
     {"HOME=/h", "AWS_WEB_IDENTITY_TOKEN_FILE=/t"},
     {NO_FILES},
     .error = "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not"},

    {"a process",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config",
       .body = "[default]\ncredential_process = /opt/get \"a b\" 'c \"d' e\\ f --x=\"\"\n"},
      {"RUN /opt/get|a b|c \"d|e f|--x=",
       .body = "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}\n"}},
     .key = "A",
     .source = "credential_process (/h/.aws/config:2)"},
    {"a process that fails",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\ncredential_process = get\n"},
      {"RUN get", .status = 3, .body = "s3cr3t"}},
     .error = "credential_process (/h/.aws/config:2) ended with exit status 3"},
    {"a process that is not there",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\ncredential_process = get\n"},
      {"RUN get", .r = -ENOENT}},
     .error = "credential_process (/h/.aws/config:2) failed: No such file or directory"},
    {"a process that writes something else",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\ncredential_process = get\n"},
      {"RUN get", .body = "s3cr3t"}},
     .error = "what credential_process (/h/.aws/config:2) wrote cannot be used: it is not JSON"},
    {"a process whose keys have expired",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\ncredential_process = get\n"},
      {"RUN get", .body = "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\","
                          "\"Expiration\":\"2026-11-24T06:00:00Z\"}"}},
     .error = "the keys that it gives have expired already"},
    {"an open quote",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\ncredential_process = get \"x\n"}},
     .error = "/h/.aws/config:2: credential_process is no command"},
    {"a person's sign-in",
     {"HOME=/h"},
     {{"FILE /h/.aws/credentials", .r = -ENOENT},
      {"FILE /h/.aws/config", .body = "[default]\nsso_session = corp\n"}},
     .error = "signs in by IAM Identity Center"},

    {"a container, relative",
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/x",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com/"},
     {{"GET http://169.254.170.2/v2/x", .status = 200, .body = KEYS_JSON}},
     .key = "ASIA1"},
    {"a container, with a token that is read",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/v1/credentials",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/t", "AWS_CONTAINER_AUTHORIZATION_TOKEN=old"},
     {{"FILE /t", .body = "Bearer abc\n"},
      {"GET http://169.254.170.23/v1/credentials", "Authorization: Bearer abc", .status = 200,
       .body = KEYS_JSON}},
     .key = "ASIA1"},
    {"a container, with a token of the environment",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://[fd00:ec2::23]/v1",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN=Bearer x"},
     {{"GET http://[fd00:ec2::23]/v1", "Authorization: Bearer x", .status = 200,
       .body = KEYS_JSON}},
     .key = "ASIA1"},
    {"a container, elsewhere over https",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=https://keys.example.com/v1"},
     {{"GET https://keys.example.com/v1", .status = 200, .body = KEYS_JSON}},
     .key = "ASIA1"},
    {"a container, elsewhere in the open",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1.example.com/v1"},
     {{0}},
     .error = "AWS_CONTAINER_CREDENTIALS_FULL_URI is not allowed"},
    {"a container, with a user before its host",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost@example.com/v1"},
     {{0}},
     .error = "AWS_CONTAINER_CREDENTIALS_FULL_URI is not allowed"},
    {"a container that answers at the third try",
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x"},
     {{"GET http://169.254.170.2/x", .r = -ETIMEDOUT},
      {"GET http://169.254.170.2/x", .status = 500},
      {"GET http://169.254.170.2/x", .status = 200, .body = KEYS_JSON}},
     .key = "ASIA1"},
    {"a container that never answers",
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x"},
     {{"GET http://169.254.170.2/x", .r = -ETIMEDOUT},
      {"GET http://169.254.170.2/x", .r = -ETIMEDOUT},
      {"GET http://169.254.170.2/x", .r = -ETIMEDOUT}},
     .error = "the container's endpoint http://169.254.170.2/x does not answer: Connection timed "
              "out"},
    {"a container that refuses the token",
     {"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:80/x",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN=x"},
     {{"GET http://localhost:80/x", .status = 401}},
     .error = "the container's endpoint http://localhost:80/x refuses the token (HTTP status 401)"},
    {"a container without an end",
     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x"},
     {{"GET http://169.254.170.2/x", .r = -EFBIG}},
     .error = "does not answer: File too large"},

    {"the instance's role",
     {"AWS_REGION=eu-west-1"},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "TOKEN"},
      {"GET " ROLES, .status = 200, .body = "web\n"},
      {"GET " ROLES "web", .status = 200, .body = KEYS_JSON}},
     .key = "ASIA1",
     .source = "the instance's role web"},
    {"a token that ended meanwhile",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "T1"},
      {"GET " ROLES, "X-aws-ec2-metadata-token: T1", .status = 401},
      {"PUT " IMDS "/api/token", .status = 200, .body = "T2"},
      {"GET " ROLES, "X-aws-ec2-metadata-token: T2", .status = 200, .body = "web"},
      {"GET " ROLES "web", "X-aws-ec2-metadata-token: T2", .status = 200, .body = KEYS_JSON}},
     .key = "ASIA1"},
    {"tokens that are never good",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "T1"},
      {"GET " ROLES, .status = 401},
      {"PUT " IMDS "/api/token", .status = 200, .body = "T2"},
      {"GET " ROLES, .status = 401}},
     .error = "answers with HTTP status 401"},
    {"no IMDS, or behind a hop limit",
     {NULL},
     {{"PUT " IMDS "/api/token", .r = -ETIMEDOUT}},
     .error =
         "IMDS does not answer at http://169.254.169.254 (Connection timed out): this is no EC2 "
         "instance, or a container on one whose hop limit of 1 keeps the answer out: aws ec2 "
         "modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2"},
    {"IMDS turned off",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 403}},
     .error = "IMDS is turned off for this instance"},
    {"version 1 is never asked",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 405}},
     .error = "gives no token (HTTP status 405); only version 2 is used"},
    {"a token with a line break",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "T\r\nX: y"}},
     .error = "the token that IMDS gives at http://169.254.169.254 cannot be used"},
    {"an instance without a role",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "T"}, {"GET " ROLES, .status = 404}},
     .error = "this instance has no role"},
    {"a role that leads elsewhere",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "T"},
      {"GET " ROLES, .status = 200, .body = "../../x"}},
     .error = "IMDS names no role"},
    {"an error with status 200",
     {NULL},
     {{"PUT " IMDS "/api/token", .status = 200, .body = "T"},
      {"GET " ROLES, .status = 200, .body = "web"},
      {"GET " ROLES "web", .status = 200,
       .body = "{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"...\"}"}},
     .error =
         "what IMDS says of the role web cannot be used: it says AssumeRoleUnauthorizedAccess"},
    {"IMDS over IPv6",
     {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6"},
     {{"PUT http://[fd00:ec2::254]/latest/api/token", .r = -EHOSTUNREACH}},
     .error = "IMDS does not answer at http://[fd00:ec2::254]"},
    {"IMDS elsewhere",
     {"AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1338/"},
     {{"PUT http://127.0.0.1:1338/latest/api/token", .r = -ECONNREFUSED}},
     .error = "IMDS does not answer at http://127.0.0.1:1338"},
};

static void test_sources(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct host host;
        enum credentials_state got;
        const char *error;

        host_start(&host, rows[i].variables, rows[i].script);
        got = host_want(&host, host.credentials);
        error = credentials_error(host.credentials);
        if (got != (rows[i].key ? CREDENTIALS_READY : CREDENTIALS_NONE))
            fail_msg("%s: state %d: %s", rows[i].name, (int)got, error ? error : "no error");
        if (rows[i].key) {
            assert_null(error);
            assert_string_equal(credentials_current(host.credentials)->access_key_id, rows[i].key);
            if (rows[i].source && !strstr(credentials_source(host.credentials), rows[i].source))
                fail_msg("%s: \"%s\"", rows[i].name, credentials_source(host.credentials));
        } else if (!strstr(error, rows[i].error) || strstr(error, "s3cr3t")) {
            fail_msg("%s: \"%s\"", rows[i].name, error);
        }
        host_none_left(&host);
        host_stop(&host);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
