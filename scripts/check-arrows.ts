// A step of `npm run check`: the imports of the checkout, held to the plan of the house (scripts/arrows/house.ts).
import path from 'node:path';
import { cruiseHouse } from './arrows/cruise-house.ts';
import { judgeViolations } from './arrows/judge-violations.ts';
import { knownViolations } from './arrows/known-violations.ts';
import { makeRules } from './arrows/make-rules.ts';

const root = path.dirname(import.meta.dirname);
const { fileCount, violations } = await cruiseHouse(root);
const { refused, outlived } = judgeViolations(violations, knownViolations);

const comments = new Map(makeRules().map(({ name, comment }) => [name, comment]));
for (const [rule, group] of Map.groupBy(refused, (violation) => violation.rule)) {
  console.error(`${rule}\n  ${comments.get(rule) ?? 'The parts of this folder form no circle.'}`);
  for (const { from, to } of group) console.error(`    ${from} → ${to}`);
}
for (const line of outlived) {
  console.error(`No longer there, take it off scripts/arrows/known-violations.ts: ${JSON.stringify(line)}`);
}
console.log(
  `${fileCount} files: ${refused.length} imports refused, ${violations.length - refused.length} known and still to be mended`,
);
if (refused.length + outlived.length > 0) process.exitCode = 1;
