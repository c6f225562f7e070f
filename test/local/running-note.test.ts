import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runningNote } from '../../local/running-note.ts';

describe('the note of a folder that is in use', () => {
  let file: string;
  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), 'running-note-')), 'local.json');
  });
  afterEach(() => rmSync(join(file, '..'), { recursive: true }));

  it('of a process that runs refuses a second one', () => {
    writeFileSync(file, JSON.stringify({ pid: process.ppid }));
    expect(() => runningNote(file).refuseSecond()).toThrow(
      `A local stack already runs in this folder (process ${process.ppid})`,
    );
  });

  it.each([
    ['of one that was killed', '{"pid":2147483646}'],
    ['that was cut off', '{"pi'],
    ['with our own number, which containers give again', JSON.stringify({ pid: process.pid })],
  ])('%s refuses nobody', (_, note) => {
    writeFileSync(file, note);
    expect(() => runningNote(file).refuseSecond()).not.toThrow();
  });

  it('says more once more is known, and is taken away', () => {
    const { leave } = runningNote(file);
    const takeAway = leave();
    leave({ outputs: { Table: 'stations' } });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, outputs: { Table: 'stations' } });
    takeAway();
    expect(() => readFileSync(file, 'utf8')).toThrow('ENOENT');
  });
});
