/** npm run -s what-if -- FILE.json: what the allocator and demand response answer, one JSON line per case. */
import { readFileSync } from 'node:fs';
import { Problem } from './command-line/problem.ts';
import { beginProgram, readOptions } from './command-line/program-options.ts';
import { answerCase } from './what-if/answer-case.ts';

const usage = `Usage: npm run -s what-if -- FILE.json [--explain]

FILE.json    {"cases":[...]}: setpoint cases of a site, and demand-response cases ("kind"); "-" reads standard input.
             Keys, rounding and ties: data/golden/README.md; the model: docs/smart-charging.md and docs/demand-response.md.
--explain    for people: who got how much, and which limit stopped them.`;

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
};

const casesOf = (path: string): readonly unknown[] => {
  try {
    const content: unknown = JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
    const isFile = typeof content === 'object' && content !== null && 'cases' in content;
    if (isFile && Array.isArray(content.cases)) return content.cases;
  } catch (error) {
    return fail(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return fail(`${path} holds no list called "cases".`);
};

const { path, isExplained } = beginProgram(usage, (argv) => {
  const { values, words } = readOptions({ explain: { type: 'flag' } }, argv, 1);
  const [path] = words;
  if (path === undefined) throw new Problem('Name a file, or - for standard input.');
  return { path, isExplained: values.explain };
});

// A closed pipe (| head) is the reader's wish, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

for (const [index, content] of casesOf(path).entries()) {
  const answer = answerCase(content, index + 1);
  if (answer.kind === 'refused') {
    console.error(answer.line.error);
    process.exitCode = 2;
  }
  if (answer.kind === 'answered' && isExplained) console.log(answer.explanation.join('\n'));
  else console.log(JSON.stringify(answer.line));
}
