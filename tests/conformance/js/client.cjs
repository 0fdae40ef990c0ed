// client.cjs FOLDER URL REGION - AWS's SDK for JavaScript, installed below FOLDER, as a filter: a line
// {"action", "parameters"} in; a line {"reply"}, {"code", "message", "status"} or {"failure"} out. Keys come from the
// environment.
"use strict";
const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const [folder, url, region] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(folder), "package.json"));
const sdk = load("@aws-sdk/client-ec2");
const { version } = load("@aws-sdk/client-ec2/package.json");
const client = new sdk.EC2Client({ region, endpoint: url, maxAttempts: 1 });

async function call({ action, parameters }) {
  const Command = sdk[`${action}Command`];
  if (!Command) {
    return { failure: "the SDK has no such action" };
  }
  try {
    // $metadata has the request id of a header; that of the body, which EC2 has too, botocore reads.
    const { $metadata, ...reply } = await client.send(new Command(parameters));
    return { reply };
  } catch (error) {
    // An error that AWS answered has its code as name, and says whose fault it is.
    if (error.$fault && error.$metadata?.httpStatusCode) {
      return { code: error.name, message: error.message, status: error.$metadata.httpStatusCode };
    }
    return { failure: String(error.stack) };
  }
}

async function main() {
  const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
  say({ label: `@aws-sdk/client-ec2 ${version}` });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    say(await call(JSON.parse(line)));
  }
}

main();
