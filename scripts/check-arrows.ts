// A step of `npm run check`: the imports of the checkout, held to the plan of the house (scripts/arrows/house.ts).
import path from 'node:path';
import { cruiseHouse } from './arrows/cruise-house.ts';
import { makeRules } from './arrows/make-rules.ts';

const { fileCount, violations } = await cruiseHouse(path.dirname(import.meta.dirname));
const comments = new Map(makeRules().map(({ name, comment }) => [name, comment]));

for (const [rule, group] of Map.groupBy(violations, (violation) => violation.rule)) {
  console.error(`${rule}\n  ${comments.get(rule) ?? 'The parts of this folder form no circle.'}`);
  for (const { from, to } of group) console.error(`    ${from} → ${to}`);
}
console.log(`${fileCount} files, ${violations.length} imports refused`);
if (violations.length > 0) process.exitCode = 1;
