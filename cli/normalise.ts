/** npm run -s normalise -- FILE.jsonl: what the stack makes of a vendor's frames, one JSON line per line. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { parseInstant } from '../ocpp/timing.ts';
import { explainLine } from './normalise/explain-line.ts';

const usage = `usage: npm run -s normalise -- FILE.jsonl [--now INSTANT]

FILE.jsonl   one object per line: {"n":1,"ocpp":"1.6","frame":[2,"id","Heartbeat",{}]}; "-" reads standard input.
             The frame may be text that is no JSON. Optional: "stationId", "receivedAt" (ISO 8601).
--now        receive time of lines that name none (ISO 8601; default: the current time).`;

const fail = (message: string): never => {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
};

const optionsOf = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: { now: { type: 'string' } }, allowPositionals: true });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
};

const inputOf = async (path: string) => {
  if (path === '-') return process.stdin;
  const file = await open(path).catch((error: unknown) => fail(`Cannot read ${path}: ${String(error)}`));
  if ((await file.stat()).isDirectory()) fail(`Cannot read ${path}: it is a directory`);
  await file.close();
  return createReadStream(path, 'utf8');
};

const { values, positionals } = optionsOf(process.argv.slice(2));
const [path = fail('Name a file, or - for standard input.'), ...others] = positionals;
if (others.length > 0) fail('One file at a time.');
const now =
  values.now === undefined ? Date.now() : (parseInstant(values.now)?.at ?? fail(`--now ${values.now} is no instant.`));

// A closed pipe (| head) is the reader's wish, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

let line = 0;
for await (const text of createInterface({ input: await inputOf(path), crlfDelay: Number.POSITIVE_INFINITY })) {
  line += 1;
  if (text.trim() !== '') console.log(JSON.stringify(explainLine(text, line, now)));
}
