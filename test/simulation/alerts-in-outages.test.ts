import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callPolicies } from '../../aws/call-policy.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { ocppStream } from '../../aws/messaging/ocpp-stream.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import type { Envelope } from '../../ocpp/frames/envelope.ts';
import { type Interference, interferences } from '../../sim/faults/interference.ts';
import { connectionRefused, refusal, silence, throttling } from '../../sim/faults/service-errors.ts';
import { readDeployed } from '../../sim/stack/deployed.ts';
import { simulatedStack } from '../../sim/stack/simulated-stack.ts';
import { replaceGlobals } from '../../sim/time/replace-globals.ts';
import { virtualTime } from '../../sim/time/virtual-time.ts';
import { trace } from '../../sim/trace.ts';
import { type Random, random } from '../../simulator/random.ts';
import { noon, registration } from '../support/station-days.ts';

const deployed = await readDeployed();

/** What befalls a station; instants and durations in s from the beginning. */
type Trouble =
  | { readonly kind: 'fault'; readonly connector: number; readonly errorCode: string; readonly forSec: number }
  | { readonly kind: 'tampering' }
  | { readonly kind: 'reconnects'; readonly times: number }
  | { readonly kind: 'session without meter values'; readonly connector: number };
type Troubled = Trouble & { readonly station: number; readonly atSec: number };

type Outage = {
  readonly table: string | undefined;
  readonly how: 'refuses' | 'is unreachable' | 'hangs' | 'throttles' | 'loses answers';
  readonly atSec: number;
  readonly forSec: number;
};

/** Each is lived through twice, in a second or two. */
const RUNS = 8;
const STATIONS = 3;
/** Trouble and outages begin within this time; then everything has as long again to come right. */
const TROUBLED_MS = 25 * MINUTE_MS;
const LONGEST_SEC = 15 * 60;
const END_MS = 2 * TROUBLED_MS + LONGEST_SEC * SECOND_MS;

const nameOf = (station: number): string => `CS-${station}`;
const stationNumber = fc.integer({ min: 1, max: STATIONS });
const atSec = fc.integer({ min: 60, max: TROUBLED_MS / SECOND_MS });
const connectorNumber = fc.constantFrom(1, 2);

const trouble: fc.Arbitrary<Troubled> = fc
  .tuple(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('fault' as const),
          connector: connectorNumber,
          errorCode: fc.constantFrom('ConnectorLockFailure', 'GroundFailure', 'HighTemperature'),
          forSec: fc.integer({ min: 1, max: LONGEST_SEC }),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ kind: 'tampering' as const }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('reconnects' as const), times: fc.integer({ min: 3, max: 7 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('session without meter values' as const),
          connector: connectorNumber,
        }),
      },
    ),
    stationNumber,
    atSec,
  )
  .map(([what, station, at]) => ({ ...what, station, atSec: at }));

const outage: fc.Arbitrary<Outage> = fc.record({
  table: fc.constantFrom(
    'alerts',
    'alerts',
    'alerts',
    'connectors',
    'tags',
    'stations',
    'settings',
    'timeline',
    undefined,
  ),
  how: fc.constantFrom('refuses', 'is unreachable', 'hangs', 'throttles', 'loses answers'),
  atSec,
  forSec: fc.integer({ min: 5, max: LONGEST_SEC }),
});

type Sent = { readonly atMs: number; readonly envelope: Envelope };

/** What a station tells of its trouble. */
const recordsOf = (told: Troubled, index: number): readonly Sent[] => {
  const stationId = nameOf(told.station);
  const link = { stationId, ocpp: '1.6', transport: 'websocket' } as const;
  const call = (offsetMs: number, action: string, payload: object, answer: object = {}): Sent => {
    const atMs = told.atSec * SECOND_MS + offsetMs;
    const id = `${index}-${offsetMs}-${action}`;
    const timestamp = new Date(noon + atMs).toISOString();
    return {
      atMs,
      envelope: {
        ...link,
        kind: 'frame',
        receivedAt: noon + atMs,
        frame: JSON.stringify([2, id, action, { ...payload, timestamp }]),
        answer: JSON.stringify([3, id, answer]),
      },
    };
  };
  switch (told.kind) {
    case 'fault': {
      const { connector: connectorId, errorCode, forSec } = told;
      return [
        call(0, 'StatusNotification', { connectorId, status: 'Faulted', errorCode }),
        call(forSec * SECOND_MS, 'StatusNotification', { connectorId, status: 'Available', errorCode: 'NoError' }),
      ];
    }
    case 'tampering':
      return [call(0, 'SecurityEventNotification', { type: 'TamperDetectionActivated' })];
    case 'session without meter values': {
      const transactionId = 1_000 + index;
      return [
        call(
          0,
          'StartTransaction',
          { connectorId: told.connector, idTag: `TAG${index}`, meterStart: 1_000 },
          { transactionId, idTagInfo: { status: 'Accepted' } },
        ),
      ];
    }
    case 'reconnects':
      return Array.from({ length: told.times }, (_, number): readonly Sent[] => {
        const atMs = told.atSec * SECOND_MS + number * 20 * SECOND_MS;
        const connection = { ...link, kind: 'connection', connectionId: `${index}-${number}` } as const;
        return [
          { atMs, envelope: { ...connection, state: 'opened', receivedAt: noon + atMs } },
          ...(number + 1 === told.times
            ? []
            : [
                {
                  atMs: atMs + 10_000,
                  envelope: { ...connection, state: 'closed', receivedAt: noon + atMs + 10_000 },
                } as const,
              ]),
        ];
      }).flat();
  }
};

/** What every station tells: that it is there, and a word every five minutes, so that nobody takes it for silent. */
const everydayRecords = (stationId: string): readonly Sent[] => {
  const link = { stationId, ocpp: '1.6', transport: 'websocket' } as const;
  const openedAtMs = 10 * SECOND_MS;
  const opened = { ...link, kind: 'connection', state: 'opened', connectionId: 'first' } as const;
  const heartbeat = (atMs: number): Sent => ({
    atMs,
    envelope: {
      ...link,
      kind: 'frame',
      receivedAt: noon + atMs,
      frame: `[2,"h${atMs}","Heartbeat",{}]`,
      answer: `[3,"h${atMs}",{}]`,
    },
  });
  return [
    { atMs: 0, envelope: { kind: 'registered', stationId, receivedAt: noon } },
    { atMs: openedAtMs, envelope: { ...opened, receivedAt: noon + openedAtMs } },
    ...Array.from({ length: END_MS / (5 * MINUTE_MS) }, (_, index) =>
      heartbeat(20 * SECOND_MS + index * 5 * MINUTE_MS),
    ),
  ];
};

/** Where a table throttles or loses answers half of the requests go wrong, in the other ways all of them. */
const interferenceOf = ({ table, how }: Outage, chance: Random): Interference => ({
  request: (request) => {
    const isOfIt = request.service === 'dynamodb' && (table === undefined || request.table === table);
    if (!isOfIt || request.at !== (how === 'loses answers' ? 'after' : 'before')) return undefined;
    switch (how) {
      case 'hangs':
        return silence();
      case 'refuses':
        throw refusal();
      case 'is unreachable':
        throw connectionRefused();
      case 'throttles':
        if (chance.chance(0.5)) throw throttling();
        return undefined;
      case 'loses answers':
        return chance.chance(0.5) ? silence() : undefined;
    }
  },
});

/** What the bus and people were told of alerts in the end, as often as they were, and what was given up. */
const toldOf = async (troubles: readonly Troubled[], outages: readonly Outage[]) => {
  const chance = random('alerts in outages');
  const time = virtualTime(noon, chance.fork('time'));
  const { clock, system } = time;
  const history = trace(clock.now, false);
  const restore = replaceGlobals(clock, chance, (line) => history.note(line));
  try {
    const interference = interferences();
    const stack = await simulatedStack({
      deployed,
      time,
      chance,
      trace: history,
      interferences: interference,
      overMqtt: new Set(),
      heard: () => {},
      posted: () => {},
      lined: () => {},
      reported: (problem) => history.note(problem),
    });
    const registry = stationRegistry(
      stack.nameOf('stations'),
      system,
      documentClient(callPolicies.operator, stack.open),
    );
    const stream = ocppStream(stack.nameOf('ocpp'), stack.open);
    const stationIds = Array.from({ length: STATIONS }, (_, index) => nameOf(index + 1));
    for (const stationId of stationIds) void registry.put({ ...registration(stationId), commissionedAt: noon });
    for (const { atMs, envelope } of [...stationIds.flatMap(everydayRecords), ...troubles.flatMap(recordsOf)])
      clock.after(atMs, () => void stream.put(envelope));
    for (const [index, one] of outages.entries())
      clock.after(one.atSec * SECOND_MS, () => {
        const end = interference.begin(interferenceOf(one, random(`outage ${index}`)));
        clock.after(one.forSec * SECOND_MS, end);
      });
    await clock.runUntil(noon + END_MS);
    // Whether nobody acknowledged in time depends on when it could be told.
    const isByTime = (id: string): boolean => id.endsWith('/unacknowledged');
    const events = stack.events().flatMap((event) => {
      const { 'detail-type': type, detail } = event as {
        readonly 'detail-type': string;
        readonly detail: { readonly id: string };
      };
      return type.startsWith('Alert') && !isByTime(detail.id) ? [detail.id] : [];
    });
    const notified = stack.notifications().flatMap(({ attributes }) => {
      const id = String(attributes.id);
      return isByTime(id) ? [] : [id];
    });
    return {
      events: events.toSorted(),
      notified: notified.toSorted(),
      parked: stack.parked().map(({ text }) => text),
    };
  } finally {
    restore();
  }
};

describe('alerts while tables fail', () => {
  it('are raised, escalated and cleared once each, as if nothing had failed', async () => {
    let raised = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(trouble, { minLength: 1, maxLength: 8 }),
        fc.array(outage, { minLength: 1, maxLength: 3 }),
        async (troubles, outages) => {
          const calm = await toldOf(troubles, []);
          const { events, notified, parked } = await toldOf(troubles, outages);
          raised += calm.events.length;
          expect(calm.notified).toEqual(calm.events);
          expect({ events, notified, parked }).toEqual({ events: calm.events, notified: calm.events, parked: [] });
        },
      ),
      { numRuns: RUNS },
    );
    expect(raised).toBeGreaterThan(10);
  }, 600_000);
});
