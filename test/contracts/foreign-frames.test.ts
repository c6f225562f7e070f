import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectorItem } from '../../aws/dynamodb/connector-item.ts';
import { connectorEvents } from '../../domain/events/connector-events.ts';
import type { PublishedEvent } from '../../domain/events/published-event.ts';
import { stationEvents } from '../../domain/events/station-events.ts';
import { entriesOf } from '../../domain/history/entries-of.ts';
import type { Fact } from '../../domain/kernel/fact.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { Envelope, OcppVersion } from '../../ocpp/frames/envelope.ts';
import { encodeEnvelope } from '../../ocpp/frames/parse-envelope.ts';
import { answerOcpp } from '../../use-cases/answer-ocpp/answer-ocpp.ts';
import { recordOf } from '../../use-cases/project-state/record-of.ts';
import type { Written } from '../../use-cases/record-history/record-history.ts';
import { detailFaults } from '../events/schemas.ts';
import { registration } from '../fakes/registration.ts';
import { anyFrame, anyVersion } from '../support/foreign-frames.ts';
import { historyInMemory } from '../support/history-in-memory.ts';

const SEED = 20_261_121;
const FRAMES = 2_000;
const noon = Date.parse('2026-11-20T12:00:00Z');

/** Everything one process of the stack does with frames, on stores in memory. */
const stack = () => {
  const history = historyInMemory(registration({ stationId: 'FOREIGN' }), registration({ stationId: 'HEALTHY' }));
  const records: Envelope[] = [];
  const answer = answerOcpp({
    tagList: { find: async (tag) => ({ tag, status: 'Accepted' }) },
    activeTags: { connectorsOf: async () => [] },
    unknownTags: 'accept',
    stream: { put: async (record) => void records.push(record) },
    held: { hold: () => Promise.reject(new Error('The stream takes everything')) },
    settle: async () => undefined,
    noteSeen: async () => {},
    sleep: () => new Promise(() => {}),
    warn: () => {},
    heartbeatIntervalSec: 540,
  });

  const factsOf = (record: Envelope): readonly Fact[] => {
    try {
      return recordOf('00', encodeEnvelope(record), '1', () => {})?.value.facts ?? [];
    } catch (error) {
      if (error instanceof Rejected) return []; // parked: that is what is done with a frame that is refused
      throw error;
    }
  };

  return {
    history,
    /** The answer, and what became of the frame behind the stream. */
    receive: async (stationId: string, frame: string, ocpp: OcppVersion, receivedAt: number) => {
      const text = await answer({
        frame,
        stationId,
        ocpp,
        admission: 'accepted',
        transport: 'websocket',
        receivedAt,
        seenAt: receivedAt,
      });
      const written: Written[] = [];
      for (const record of records.splice(0)) {
        const facts = factsOf(record);
        if (facts.length > 0) written.push(...(await history.deliver({ stationId, at: receivedAt, facts })));
      }
      return { text, written };
    },
  };
};

/** What DynamoDB, the bus and the timeline are given for a written item. Throws where one of them would refuse it. */
const store = (item: Written): readonly PublishedEvent[] => {
  const options = { removeUndefinedValues: true };
  if ('connector' in item) {
    marshall(connectorItem(item.connector), options);
    marshall({ entries: entriesOf(item.connector.stationId, item.connector.outbox) }, options);
    return connectorEvents(undefined, item.connector);
  }
  const { state, registration: place } = item.station;
  marshall(state, options);
  marshall({ entries: entriesOf(state.stationId, state.outbox) }, options);
  return stationEvents(state.stationId, state.outbox, place);
};

const MAX_ITEM_BYTES = 400 * 1024;

describe(`${FRAMES} foreign frames (seed ${SEED})`, () => {
  it('are answered in OCPP or not at all, and nothing they leave is refused by a table or breaks a schema', async () => {
    const { receive } = stack();
    const frames = fc.sample(fc.tuple(anyFrame, anyVersion), { seed: SEED, numRuns: FRAMES });
    const faults: unknown[] = [];
    for (const [index, [frame, ocpp]] of frames.entries()) {
      try {
        const { text, written } = await receive('FOREIGN', frame, ocpp, noon + index * 1_000);
        if (text !== undefined && ![3, 4].includes(JSON.parse(text)[0])) faults.push({ frame, text });
        for (const item of written) {
          if (JSON.stringify(item).length > MAX_ITEM_BYTES) faults.push({ frame, bytes: JSON.stringify(item).length });
          for (const { type, detail } of store(item))
            for (const fault of detailFaults(type, detail)) faults.push({ frame, type, fault });
        }
      } catch (error) {
        faults.push({ frame, error });
      }
    }
    expect(faults).toEqual([]);
  });
});

const healthyDay = (): [string, object][] => [
  ['BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }],
  ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing', timestamp: at(0) }],
  ['StartTransaction', { connectorId: 1, idTag: 'T1', meterStart: 1000, timestamp: at(1) }],
  ...[2, 3, 4, 5].map((minute): [string, object] => [
    'MeterValues',
    { connectorId: 1, meterValue: [{ timestamp: at(minute), sampledValue: [{ value: `${1000 + minute * 500}` }] }] },
  ]),
  ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available', timestamp: at(6) }],
];
const at = (minute: number): string => new Date(noon + minute * 60_000).toISOString();

describe('a station beside one that sends nothing but foreign frames', () => {
  const play = async (foreign: readonly (readonly [string, OcppVersion])[]) => {
    const { receive, history } = stack();
    const rest = [...foreign];
    const answers: (string | undefined)[] = [];
    for (const [index, [action, payload]] of healthyDay().entries()) {
      for (const [frame, ocpp] of rest.splice(0, 40)) await receive('FOREIGN', frame, ocpp, noon + index * 60_000);
      const frame = JSON.stringify([2, `h${index}`, action, payload]);
      answers.push((await receive('HEALTHY', frame, '1.6', noon + index * 60_000)).text);
    }
    const rows = [...history.rows.values()].filter(({ key }) => key.startsWith('HEALTHY'));
    return { answers, rows };
  };

  it('is answered and recorded as if it were alone', async () => {
    const foreign = fc.sample(fc.tuple(anyFrame, anyVersion), { seed: SEED + 1, numRuns: 320 });
    const [beside, alone] = [await play(foreign), await play([])];
    expect(beside).toEqual(alone);
    expect(alone.rows.length).toBeGreaterThan(0);
  });
});
