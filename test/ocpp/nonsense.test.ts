import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../domain/kernel/fact.ts';
import * as responses16 from '../../ocpp/generated/v16-responses.js';
import * as responses21 from '../../ocpp/generated/v21-responses.js';
import * as responses201 from '../../ocpp/generated/v201-responses.js';
import { schemaErrors, type Validate } from '../../ocpp/validate.ts';
import { anyFrame, anyVersion } from '../support/foreign-frames.ts';
import { answerAndNormalise, reply } from './gateway.ts';

const responses: Readonly<Record<string, Readonly<Record<string, Validate>>>> = {
  '1.6': responses16,
  '2.0.1': responses201,
  '2.1': responses21,
};
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

/** What a table takes as it is, and no sum over a lifetime makes wrong: at most 16 digits, nothing smaller than a thousandth. */
const isStorable = (value: number): boolean =>
  Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === 0 || Math.abs(value) >= 0.001);

const isSound = (fact: Fact): boolean => {
  if (!numbersIn(fact).every(isStorable)) return false;
  if (fact.type !== 'MeterSampled') return true;
  const { temperatureC: _, context: _context, ...reading } = fact.reading;
  return numbersIn(reading).every((value) => value >= 0 && !Object.is(value, -0));
};

const action = (text: string): string => {
  const frame: unknown[] = JSON.parse(text);
  return String(frame[2]);
};

describe('whatever a charger sends', () => {
  it('is answered with a valid result, a known error or silence, and becomes sound facts', () => {
    fc.assert(
      fc.property(anyFrame, anyVersion, (text, version) => {
        const answered = reply(text, { ocpp: version });
        const { facts, rejected } = answerAndNormalise(text, { ocpp: version });
        expect(facts.filter((fact) => !isSound(fact))).toEqual([]);
        expect(rejected === undefined || facts.length === 0).toBe(true);
        if (answered === undefined) return;
        if (!Array.isArray(answered)) throw new Error('No frame');
        if (answered[0] === 4) {
          expect([answered.length, String(answered[1]).length <= 5000]).toEqual([5, true]);
          return;
        }
        expect(answered[0]).toBe(3);
        const validate = responses[version]?.[action(text)];
        // Only NotifyPeriodicEventStream, a SEND that came as a CALL, has no response schema: it is told nothing.
        expect(validate ? schemaErrors(validate, answered[2]) : Object.keys(answered[2])).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives facts whose texts fit into an item and its keys', () => {
    const long = 'ä'.repeat(5000);
    const started = { connectorId: 1, idTag: long, meterStart: 1, timestamp: '2026-11-20T11:00:00Z' };
    const { facts } = answerAndNormalise(JSON.stringify([2, 'm', 'StartTransaction', started]));
    expect(facts).toMatchObject([{ tag: 'ä'.repeat(255) }]);
  });

  it('yields at most 100 warnings', () => {
    const junk = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index]));
    expect(answerAndNormalise(JSON.stringify([2, 'm', 'MeterValues', junk])).warnings).toHaveLength(100);
  });
});
