import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { LocalProblem } from '../../local/local-problem.ts';
import { journalClosedAtEnd } from '../support/journal-closed-at-end.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = (): string => {
  files += 1;
  return join(folder, `${files}.jsonl`);
};
const nothing = () => [];

it('has an entry on disk when its promise resolves, also when the process is killed then', async () => {
  const file = newFile();
  const journal = await journalClosedAtEnd<number>(file, nothing);
  await Promise.all([1, 2, 3].map((n) => journal.append(n)));
  // Not closed: this is what a killed process leaves.
  expect((await journalClosedAtEnd<number>(file, nothing)).entries).toEqual([1, 2, 3]);
  await journal.close();
});

it('drops a last line that was cut off, and goes on behind the one before', async () => {
  const file = newFile();
  const first = await journalClosedAtEnd<string>(file, nothing);
  await first.append('whole');
  await first.close();
  appendFileSync(file, '"cut o');
  const second = await journalClosedAtEnd<string>(file, nothing);
  await second.append('after');
  await second.close();
  expect((await journalClosedAtEnd<string>(file, nothing)).entries).toEqual(['whole', 'after']);
});

it('finds what was confirmed, wherever the file was cut behind it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string(), { minLength: 1, maxLength: 10 }), fc.nat(50), async (texts, cut) => {
      const file = newFile();
      const journal = await journalClosedAtEnd<string>(file, nothing);
      for (const text of texts) await journal.append(text);
      await journal.close();
      const bytes = readFileSync(file);
      writeFileSync(file, Buffer.concat([bytes, bytes.subarray(0, Math.min(cut, bytes.indexOf('\n')))]));
      expect((await journalClosedAtEnd<string>(file, nothing)).entries).toEqual(texts);
    }),
  );
});

it('names a file that is damaged in the middle instead of starting without what it held', async () => {
  const file = newFile();
  writeFileSync(file, '1\nnonsense\n3\n');
  await expect(journalClosedAtEnd(file, nothing)).rejects.toThrow(LocalProblem);
  await expect(journalClosedAtEnd(file, nothing)).rejects.toThrow(/line 2/);
});

it('replaces the file by what is current once it has grown, and loses nothing that came meanwhile', async () => {
  const file = newFile();
  const current = new Map<string, number>();
  const journal = await journalClosedAtEnd<[string, number]>(file, () => current, 1_000);
  await Promise.all(
    Array.from({ length: 2_000 }, async (_, n) => {
      current.set(`key-${n % 5}`, n);
      await journal.append([`key-${n % 5}`, n]);
    }),
  );
  for (let n = 0; n < 200; n += 1) {
    current.set('last', n);
    await journal.append(['last', n]);
  }
  await journal.close();
  expect(statSync(file).size).toBeLessThan(3_000);
  expect(new Map((await journalClosedAtEnd<[string, number]>(file, nothing)).entries)).toEqual(current);
});

it('refuses what the disk does not take, and goes on with what it takes again', async () => {
  const file = newFile();
  const script = `
    import { openJournal } from '${join(import.meta.dirname, '../../local/journal.ts')}';
    const journal = await openJournal('${file}', () => []);
    const told = [];
    for (const text of ['small', 'x'.repeat(2_000_000), 'small again'])
      told.push(await journal.append(text).then(() => 'kept', (error) => error.code));
    await journal.close();
    console.log(JSON.stringify(told));`;
  // A limit on the size of files, in units of 512 or 1,024 bytes, plays the full disk.
  const { stdout } = spawnSync(
    'sh',
    ['-c', `ulimit -f 1000; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
    {
      encoding: 'utf8',
    },
  );
  expect(JSON.parse(stdout)).toEqual(['kept', 'EFBIG', 'kept']);
  expect((await journalClosedAtEnd<string>(file, nothing)).entries).toEqual(['small', 'small again']);
});

it('keeps what it confirmed where the file cannot be replaced', async () => {
  const file = newFile();
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { openJournal } from '${join(import.meta.dirname, '../../local/journal.ts')}';
    const current = [];
    const journal = await openJournal('${file}', () => current, 100);
    const append = (n) => (current.push(n), journal.append(n));
    for (let n = 0; n < 60; n += 1) await append(n);
    const held = [];
    try { for (;;) held.push(openSync('/dev/null')); } catch {}
    // One more file may be open: a file that takes the other's place, or its folder, but not both.
    closeSync(held.pop());
    for (let n = 60; n < 200; n += 1) await append(n);
    for (const one of held) closeSync(one);
    await journal.close();`;
  const { status } = spawnSync(
    'sh',
    ['-c', `ulimit -n 100; exec "$0" --input-type=module -e "$1"`, process.execPath, script],
    { stdio: 'ignore' },
  );
  expect(status).toBe(0);
  const found = new Set((await journalClosedAtEnd<number>(file, nothing)).entries);
  expect(found).toEqual(new Set(Array.from({ length: 200 }, (_, n) => n)));
});
