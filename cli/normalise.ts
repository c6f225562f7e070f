/** npm run -s normalise -- FILE.jsonl: what the stack makes of a vendor's frames, one JSON line per line. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseInstant } from '../ocpp/timing.ts';
import { Problem } from './command-line/problem.ts';
import { beginProgram, readOptions } from './command-line/program-options.ts';
import { explainLine } from './normalise/explain-line.ts';

const usage = `Usage: npm run -s normalise -- FILE.jsonl [--now INSTANT]

FILE.jsonl   one object per line: {"n":1,"ocpp":"1.6","frame":[2,"id","Heartbeat",{}]}; "-" reads standard input.
             The frame may be text that is no JSON. Optional: "stationId", "receivedAt" (ISO 8601).
--now        receive time of lines that name none (ISO 8601; default: the current time).`;

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
};

const inputOf = async (path: string) => {
  if (path === '-') return process.stdin;
  const file = await open(path).catch((error: unknown) => fail(`Cannot read ${path}: ${String(error)}`));
  if ((await file.stat()).isDirectory()) fail(`Cannot read ${path}: it is a directory`);
  await file.close();
  return createReadStream(path, 'utf8');
};

const { path, now } = beginProgram(usage, (argv) => {
  const { values, words } = readOptions({ now: { type: 'text' } }, argv, 1);
  const [path] = words;
  if (path === undefined) throw new Problem('Name a file, or - for standard input.');
  const now = values.now === undefined ? Date.now() : parseInstant(values.now)?.at;
  if (now === undefined) throw new Problem(`--now ${values.now} is no instant.`);
  return { path, now };
});

// A closed pipe (| head) is the reader's wish, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

let line = 0;
for await (const text of createInterface({ input: await inputOf(path), crlfDelay: Number.POSITIVE_INFINITY })) {
  line += 1;
  if (text.trim() !== '') console.log(JSON.stringify(explainLine(text, line, now)));
}
