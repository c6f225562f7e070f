import fc from 'fast-check';
import type { Fact } from '../../domain/kernel/fact.ts';
import type { Registration } from '../../domain/registry/registration.ts';

/** Noon of an ordinary day. */
export const noon = Date.UTC(2026, 2, 10, 12);
export const minutes = (count: number): number => count * 60_000;

/** What every fact carries: said at `at` by the station's clock, heard 300 ms later. */
export const said = (at: number, receivedAt = at + 300) =>
  ({ at, receivedAt, clock: 'charger', messageId: `m${at}` }) as const;
export const on = (connector: number) => ({ evseId: connector, connectorId: connector });

/** A registered station with two connectors of 22 kW. */
export const registration = (stationId: string): Registration => ({
  stationId,
  siteId: 'harbour',
  zoneId: 'north',
  region: 'eu-west-1',
  timeZone: 'Europe/London',
  connectors: [1, 2].map((id) => ({ ...on(id), connectorType: 'Type2', ratedW: 22_000 })),
  admission: 'accepted',
});

/** One message of a station: the facts of one record. */
export type Message = { readonly facts: readonly Fact[]; readonly heardAt?: number };

const heard = (...facts: Fact[]): Message => {
  const [first] = facts;
  return first ? { facts, heardAt: first.receivedAt } : { facts };
};

const status = (connector: number, at: number, word: 'available' | 'charging' | 'faulted' | 'unavailable'): Message =>
  heard({ ...said(at), type: 'StatusReported', status: word, vendorStatus: word, ...on(connector) });

const session = (
  connector: number,
  number: number,
  from: number,
  steps: readonly number[],
  isIdLost: boolean,
): Message[] => {
  const transactionId = `${connector}${number}`;
  const meterStartWh = 1000 * number;
  const reached = steps.map((_, index) => steps.slice(0, index + 1).reduce((sum, step) => sum + step, 0));
  const tag = `TAG${number}`;
  const endedAt = from + minutes(steps.length + 1);
  return [
    heard({ ...said(from), type: 'SessionStarted', transactionId, tag, meterStartWh, ...on(connector) }),
    ...reached.map((wh, index) =>
      heard({
        ...said(from + minutes(index + 1)),
        type: 'MeterSampled',
        transactionId,
        reading: { context: 'periodic', energyWh: meterStartWh + wh, powerW: 6000 },
        ...on(connector),
      }),
    ),
    heard({
      ...said(endedAt),
      type: 'SessionStopped',
      ...(isIdLost ? {} : { transactionId }),
      tag,
      meterStopWh: meterStartWh + (reached.at(-1) ?? 0) + 5,
      reason: 'local',
    }),
  ];
};

/** Sensors that tell of danger and that it is over: a protection and a thermometer of a connector, doors of the station. */
const sensor = fc.constantFrom(
  { component: 'RCD', variable: 'Tripped', values: ['true', 'false'], ...on(1) },
  { component: 'RCD', variable: 'Operated', values: ['true', 'false'], ...on(1) },
  { component: 'TemperatureSensor', variable: 'Temperature', values: ['95', '20'], ...on(2) },
  { component: 'FrontDoor', variable: 'Open', values: ['true', 'false'] },
  { component: 'RearDoor', variable: 'Open', values: ['true', 'false'] },
);

/** What sensors tell, seconds apart. */
const sensed = (from: number): fc.Arbitrary<readonly Message[]> =>
  fc
    .array(fc.tuple(sensor, fc.boolean(), fc.integer({ min: 0, max: 120 })), { minLength: 1, maxLength: 10 })
    .map((events) =>
      events.map(([{ values, ...place }, isOver, delaySec], index) => {
        const heardAt = from + index * 45_000;
        return heard({
          // Some were said a while before: not all come in the order of their stamps.
          ...said(heardAt - delaySec * 1000, heardAt),
          messageId: `s${heardAt}`,
          type: 'DeviceEventReported',
          value: values[isOver ? 1 : 0] ?? '',
          ...place,
        });
      }),
    );

/** Parts of a day of one station: sessions on both connectors, statuses, faults of the whole station, times out of touch. */
const episode = (index: number): fc.Arbitrary<readonly Message[]> => {
  const from = noon + minutes(index * 10);
  const connector = fc.constantFrom(1, 2);
  const lost: Message = { facts: [{ ...said(from + 30_000), type: 'StationLost', cause: 'silent' }] };
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(connector, fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), fc.boolean())
        .map(([where, steps, isIdLost]) => session(where, index + 1, from, steps, isIdLost)),
    },
    connector.chain((where) =>
      fc
        .constantFrom('available' as const, 'charging' as const, 'faulted' as const)
        .map((word) => [status(where, from, word)]),
    ),
    fc.constantFrom('available' as const, 'faulted' as const).map((word) => [status(0, from, word)]),
    fc.constant([lost]),
    fc.constant([heard({ ...said(from), type: 'StationBooted', vendor: 'Acme', model: 'One', firmware: `${index}` })]),
    fc.constant([heard({ ...said(from), type: 'TagPresented', tag: 'TAG' })]),
    { weight: 3, arbitrary: sensed(from) },
  );
};

/** The messages of a day of one station, in the order it sent them. */
export const stationDay: fc.Arbitrary<readonly Message[]> = fc
  .tuple(...Array.from({ length: 5 }, (_, index) => episode(index)))
  .map((episodes) => [{ facts: [{ ...said(noon - 1000), type: 'StationRegistered' as const }] }, ...episodes.flat()]);
