import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainLine } from '../../cli/normalise/explain-line.ts';

const now = Date.UTC(2026, 10, 20, 12);
const heartbeat = { n: 1, ocpp: '1.6', frame: [2, 'a', 'Heartbeat', {}] };

const run = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/normalise.ts', ...args], {
    input,
    encoding: 'utf8',
    timeout: 120_000,
  });
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
  return { status, lines, stderr };
};

describe('explaining a line', () => {
  it('gives the answer, the facts with ISO instants and the warnings', () => {
    const frame = [
      2,
      'a',
      'StatusNotification',
      { connectorId: 1, errorCode: 'NoError', status: 'Faulted', timestamp: '1970-01-01T00:00:01Z' },
    ];
    expect(explainLine(JSON.stringify({ n: 7, ocpp: '1.6', frame }), 1, now)).toEqual({
      n: 7,
      answer: [3, 'a', {}],
      facts: [
        {
          type: 'StatusReported',
          at: '2026-11-20T12:00:00.000Z',
          receivedAt: '2026-11-20T12:00:00.000Z',
          stampedAt: '1970-01-01T00:00:01.000Z',
          clock: 'receiver',
          messageId: 'a',
          evseId: 1,
          connectorId: 1,
          status: 'faulted',
          vendorStatus: 'Faulted',
        },
      ],
      warnings: [expect.objectContaining({ code: 'timestamp-before-2010' })],
    });
  });

  it('takes the receive time of the line before that of the run', () => {
    const line = { ...heartbeat, receivedAt: '2024-01-01T00:00:00Z' };
    expect(explainLine(JSON.stringify(line), 1, now)).toMatchObject({
      answer: [3, 'a', { currentTime: '2024-01-01T00:00:00.000Z' }],
    });
  });

  it('says why a frame was rejected, and that 1.6 has no answer to what is no frame', () => {
    expect(explainLine('{"n":1,"ocpp":"1.6","frame":"[2,"}', 1, now)).toMatchObject({
      n: 1,
      answer: null,
      facts: [],
      rejected: expect.stringContaining('JSON'),
    });
    expect(explainLine('{"n":1,"ocpp":"2.0.1","frame":"[2,"}', 1, now)).toMatchObject({
      answer: [4, '-1', 'RpcFrameworkError', expect.any(String), {}],
    });
    expect(explainLine('{"n":1,"ocpp":"1.6","frame":[2,"a","Authorize",{}]}', 1, now)).toMatchObject({
      answer: [4, 'a', 'OccurenceConstraintViolation', expect.any(String), {}],
      rejected: expect.stringContaining('Authorize'),
    });
  });

  it('reads a list of sampled values as meter values', () => {
    const frame = [{ measurand: 'Power.Active.Import', value: 500.37957763671875 }];
    expect(explainLine(JSON.stringify({ n: 1, ocpp: '2.0.1', frame }), 1, now)).toMatchObject({
      answer: null,
      facts: [{ type: 'MeterSampled', reading: { powerW: 500.4 } }],
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'fragment' })]),
    });
  });

  it.each([
    ['junk', { line: 3 }],
    ['[1]', { line: 3 }],
    ['{"ocpp":"1.6"}', { line: 3 }],
    ['{"n":9,"ocpp":"1.6"}', { n: 9 }],
    ['{"n":9,"ocpp":"1.2","frame":[]}', { n: 9 }],
    ['{"n":9,"ocpp":"1.6","frame":[],"receivedAt":"soon"}', { n: 9 }],
  ])('that is none says so: %s', (text, about) => {
    expect(explainLine(text, 3, now)).toEqual({ ...about, error: expect.any(String) });
  });
});

describe('npm run normalise', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'normalise-')), 'frames.jsonl');
  writeFileSync(file, `${JSON.stringify(heartbeat)}\r\n\njunk\n${JSON.stringify({ ...heartbeat, n: 2 })}`);
  const answered = (n: number) => ({
    n,
    answer: [3, 'a', { currentTime: '2026-11-20T12:00:00.000Z' }],
    facts: [],
    warnings: [],
  });

  it('prints a line per line and goes on after a bad one', () => {
    expect(run([file, '--now', '2026-11-20T12:00:00Z'])).toEqual({
      status: 0,
      lines: [answered(1), { line: 3, error: expect.any(String) }, answered(2)],
      stderr: '',
    });
  });

  it('reads standard input', () => {
    expect(run(['-', '--now', '2026-11-20T12:00:00Z'], JSON.stringify(heartbeat)).lines).toEqual([answered(1)]);
  });

  it.each([[[]], [['/no/such/file']], [['a', 'b']], [['--nonsense']], [['-', '--now', 'later']], [['.']]])(
    'explains itself when called with %j',
    (args) => {
      expect(run(args)).toEqual({
        status: 2,
        lines: [],
        stderr: expect.stringContaining('Usage: npm run -s normalise'),
      });
    },
  );
});
