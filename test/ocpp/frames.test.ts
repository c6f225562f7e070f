import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answer } from '../../ocpp/answer.ts';
import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import { normalise } from '../../ocpp/normalise.ts';
import { expectedByFrame, receivedIso } from './frames-expected.ts';
import { accepted, frameEnvelope } from './gateway.ts';

type Row = { n: number; vendor: string; ocpp: OcppVersion; frame: unknown };

const rows: Row[] = readFileSync(new URL('./frames.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const receivedAt = Date.parse(receivedIso);

const toldIn = (text: string | undefined) => {
  const frame: unknown[] | undefined = text === undefined ? undefined : JSON.parse(text);
  return frame?.[2] ?? null;
};

describe('frames of real chargers', () => {
  it.each(rows)('frame $n ($vendor, $ocpp) gets its answer and its facts', ({ n, ocpp, frame }) => {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    const { text: told } = answer(readFrame(text, ocpp), { ...accepted, ocpp, stationId: 'S', now: receivedAt });
    const { facts, warnings, rejected } = normalise(frameEnvelope(text, { ocpp, receivedAt, answer: told }));
    const seen = {
      answer: toldIn(told),
      ...(rejected === undefined ? {} : { rejected: true }),
      facts: facts.map(({ at, receivedAt: heard, clock, messageId, ...fact }) => {
        expect([heard, clock, messageId]).toEqual([
          receivedAt,
          at === receivedAt ? 'receiver' : 'charger',
          Array.isArray(frame) ? frame[1] : '',
        ]);
        return { at: new Date(at).toISOString(), ...fact };
      }),
      warnings: warnings.map(({ code }) => code),
    };
    expect(seen).toEqual(expectedByFrame[n]);
  });

  it('has an expectation for every frame and no other', () => {
    expect(Object.keys(expectedByFrame).map(Number)).toEqual(rows.map(({ n }) => n).sort((a, b) => a - b));
  });
});
