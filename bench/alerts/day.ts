import { conditionKey } from '../../domain/alerts/alert-id.ts';
import type { Fact, StatusReported } from '../../domain/fact.ts';
import type { Registration } from '../../domain/station/station.ts';
import { type Random, seeded } from './random.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const midnight = Date.parse('2026-11-20T00:00:00.000Z');

/** What reaches the stack: a message of facts, a socket that opens or closes, or a heartbeat that only the gateway notes. */
export type Message = { readonly stationId: string; readonly at: number } & (
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'opened' | 'closed'; readonly connectionId: string }
  | { readonly kind: 'heartbeat' }
);

type Place = { readonly stationId: string; readonly connector?: number };
/** Something that goes wrong, and the alert it has to raise. */
export type Injection = {
  readonly what: 'soft fault' | 'hard fault' | 'silent station' | 'overloaded site';
  readonly rule: string;
  readonly at: number;
  readonly until: number;
  readonly place: Place | { readonly siteId: string };
};

export type Day = {
  readonly stations: readonly Registration[];
  readonly messages: readonly Message[];
  readonly injections: readonly Injection[];
  /** Limit of the overloaded site, W. */
  readonly siteLimitW: number;
};

const STATIONS = 200;
const SITES = 10;
const firmwares = ['1.0', '1.1', '2.0'];

const registrationOf = (index: number): Registration => {
  const connectors = index % 3 === 0 ? [1] : [1, 2];
  return {
    stationId: `CS-${String(index).padStart(3, '0')}`,
    siteId: `site-${index % SITES}`,
    zoneId: `zone-${index % 2}`,
    region: 'north',
    timeZone: 'Europe/Berlin',
    vendor: 'Example',
    model: index % 2 === 0 ? 'Fifty' : 'Twenty',
    firmware: firmwares[index % firmwares.length] ?? '1.0',
    connectors: connectors.map((id) => ({
      evseId: id,
      connectorId: id,
      connectorType: index % 2 === 0 ? 'CCS' : 'Type2',
      ratedW: index % 2 === 0 ? 50_000 : 22_000,
    })),
    admission: 'accepted',
    credential: 'none',
  };
};

const at = (hours: number, minutes = 0): number => midnight + hours * HOUR + minutes * MINUTE;
const cs = (index: number): string => registrationOf(index).stationId;
const fault = (index: number, rule: string, hour: number): Injection => ({
  what: 'hard fault',
  rule,
  at: at(hour, 7),
  until: at(hour, 52),
  place: { stationId: cs(index), connector: 1 },
});
const soft = (index: number, rule: string, hour: number): Injection => ({
  what: 'soft fault',
  rule,
  at: at(hour, 3),
  until: at(hour + 1),
  place: { stationId: cs(index), connector: 1 },
});
const silence = (index: number, hour: number): Injection => ({
  what: 'silent station',
  rule: 'silent-station',
  at: at(hour, 31),
  until: at(hour + 2),
  place: { stationId: cs(index) },
});

const OVERLOADED_SITE = 'site-7';

const injections: readonly Injection[] = [
  soft(10, 'low-power', 9),
  soft(21, 'low-power', 14),
  soft(32, 'stalled-session', 17),
  fault(43, 'connector-fault', 8),
  fault(54, 'connector-fault', 11),
  fault(65, 'ground-fault', 13),
  fault(76, 'high-temperature', 15),
  fault(86, 'connector-fault', 19),
  silence(98, 10),
  silence(109, 16),
  {
    what: 'overloaded site',
    rule: 'site-over-demand',
    at: at(12),
    until: at(12, 45),
    place: { siteId: OVERLOADED_SITE },
  },
];

const errorCodes: Readonly<Record<string, string>> = {
  'ground-fault': 'GroundFailure',
  'high-temperature': 'HighTemperature',
};

/** Ordinary life of a connector in order of time; sessions avoid what is injected there. */
const visits = function* (
  random: Random,
  station: Registration,
  connector: number,
): Iterable<readonly [from: number, to: number]> {
  const busy = injections.filter(({ place }) =>
    'siteId' in place ? place.siteId === station.siteId : place.stationId === station.stationId,
  );
  for (let from = at(0, 10 + random.below(120)); from < at(22); ) {
    const to = from + (25 + random.below(70)) * MINUTE;
    const clash = busy.find(
      (one) => from - HOUR < one.until && to + HOUR > one.at && (connector === 1 || !('connector' in one.place)),
    );
    if (!clash) yield [from, to];
    from = Math.max(to, clash?.until ?? 0) + (40 + random.below(200)) * MINUTE;
  }
};

class Writer {
  readonly messages: Message[] = [];
  readonly #random: Random;
  readonly #station: Registration;
  #count = 0;
  constructor(random: Random, station: Registration) {
    this.#random = random;
    this.#station = station;
  }
  /** Facts of one message at an instant; it takes up to two seconds to arrive. */
  say(time: number, ...facts: readonly ((said: ReturnType<Writer['said']>) => Fact)[]): void {
    const said = this.said(time);
    this.messages.push({
      kind: 'facts',
      stationId: this.#station.stationId,
      at: said.receivedAt,
      facts: facts.map((fact) => fact(said)),
    });
  }
  said(time: number) {
    this.#count += 1;
    const receivedAt = time + 100 + this.#random.below(1_900);
    return { at: time, receivedAt, clock: 'charger', messageId: `${this.#station.stationId}-${this.#count}` } as const;
  }
  status(time: number, connector: number, status: StatusReported['status'], errorCode?: string): void {
    const where = { evseId: connector, connectorId: connector, vendorStatus: status };
    this.say(time, (said) => ({
      ...said,
      ...where,
      type: 'StatusReported',
      status,
      ...(errorCode ? { errorCode } : {}),
    }));
  }
}

type Course = {
  readonly powerAt: (minute: number, minutes: number) => number;
  readonly pauses: boolean;
  readonly soc: boolean;
};

const ordinary = (random: Random, ratedW: number): Course => {
  const fullW = ratedW * (0.5 + random.below(50) / 100);
  // The last third tapers as a nearly full battery does: with alternating current down to six amperes on one phase, with
  // direct current, whose stations tell the state of charge, further.
  const leastW = ratedW > 22_000 ? 900 : 1_380;
  const powerAt = (minute: number, minutes: number): number =>
    minute < (minutes * 2) / 3 ? fullW : Math.max(leastW, fullW * (1 - (minute - (minutes * 2) / 3) / (minutes / 2.5)));
  return { powerAt, pauses: random.below(4) === 0, soc: ratedW > 22_000 };
};

const session = (
  writer: Writer,
  random: Random,
  connector: number,
  [from, to]: readonly [number, number],
  course: Course,
): void => {
  const where = { evseId: connector, connectorId: connector };
  const transactionId = String(Math.round((from - midnight) / 1000) * 10 + connector);
  const minutes = Math.round((to - from) / MINUTE);
  const meterStartWh = 100_000 + random.below(900_000);
  const pauseFrom = course.pauses ? Math.round(minutes / 2) : -1;
  const pauseTo = pauseFrom + 14;
  let energyWh = 0;
  writer.status(from - 40_000, connector, 'preparing');
  writer.say(from, (said) => ({ ...said, ...where, type: 'SessionStarted', transactionId, tag: 'TAG', meterStartWh }));
  writer.status(from + 2_000, connector, 'charging');
  for (let minute = 1; minute < minutes; minute += 1) {
    const paused = minute > pauseFrom && minute <= pauseTo && pauseFrom > 0;
    if (minute === pauseFrom) writer.status(from + minute * MINUTE + 5_000, connector, 'suspendedEV');
    if (minute === pauseTo) writer.status(from + minute * MINUTE + 5_000, connector, 'charging');
    const powerW = paused ? 0 : course.powerAt(minute, minutes);
    energyWh += powerW / 60;
    const socPercent = course.soc ? Math.min(99, 30 + Math.round((60 * minute) / ((minutes * 2) / 3))) : undefined;
    const reading = { context: 'periodic', energyWh: meterStartWh + energyWh, powerW } as const;
    writer.say(from + minute * MINUTE, (said) => ({
      ...said,
      ...where,
      type: 'MeterSampled',
      transactionId,
      reading: { ...reading, ...(socPercent === undefined ? {} : { socPercent }) },
    }));
  }
  const meterStopWh = meterStartWh + energyWh;
  writer.say(to, (said) => ({
    ...said,
    ...where,
    type: 'SessionStopped',
    transactionId,
    meterStopWh,
    reason: 'local',
    tag: 'TAG',
  }));
  writer.status(to + 1_000, connector, 'finishing');
  writer.status(to + (2 + random.below(12)) * MINUTE, connector, 'available');
};

/** What is injected at a connector of this station. */
const misfortune = (writer: Writer, random: Random, { what, rule, at: from, until, place }: Injection): void => {
  const connector = 'connector' in place && place.connector ? place.connector : 1;
  if (what === 'hard fault') {
    writer.status(from, connector, 'faulted', errorCodes[rule] ?? 'ConnectorLockFailure');
    writer.status(from + MINUTE, connector, 'faulted', errorCodes[rule] ?? 'ConnectorLockFailure');
    writer.status(until, connector, 'available');
  }
  if (what !== 'soft fault') return;
  const powerW = rule === 'low-power' ? 400 : 0;
  session(writer, random, connector, [from - 30 * MINUTE, until], {
    powerAt: (minute) => (minute < 30 ? 20_000 : powerW),
    pauses: false,
    soc: false,
  });
};

/** Sockets are cut every two hours and come back within seconds, or (now and then) within three minutes. */
const connections = (
  writer: Writer,
  random: Random,
  { stationId }: Registration,
  quiet: (time: number) => boolean,
): void => {
  let connection = 0;
  for (let opened = midnight + random.below(60_000); opened < at(24); ) {
    const connectionId = `${stationId}-${connection}`;
    connection += 1;
    const cut = opened + 2 * HOUR;
    writer.messages.push({ kind: 'opened', stationId, connectionId, at: opened });
    if (connection === 1)
      writer.say(opened + 1_000, (said) => ({
        ...said,
        type: 'StationBooted',
        vendor: 'Example',
        model: 'Fifty',
        firmware: '1.0',
      }));
    for (let beat = opened + 540_000; beat < cut; beat += 540_000)
      if (!quiet(beat)) writer.messages.push({ kind: 'heartbeat', stationId, at: beat });
    const awayMs = random.below(10) === 0 ? 60_000 + random.below(120_000) : 1_000 + random.below(15_000);
    if (quiet(cut)) {
      // Nobody notices: the socket is as silent as its station. It opens anew when the station is back.
      opened = at(24);
      const back =
        injections.find(({ place }) => 'stationId' in place && place.stationId === stationId)?.until ?? opened;
      opened = Math.min(opened, back);
    } else {
      if (cut < at(24)) writer.messages.push({ kind: 'closed', stationId, connectionId, at: cut });
      opened = cut + awayMs;
    }
  }
};

/** The cars that overload the site: each connector of it, at full power, all at the same time. */
const overload = (writer: Writer, random: Random, station: Registration, { at: from, until }: Injection): void => {
  for (const { evseId, ratedW } of station.connectors)
    session(writer, random, evseId, [from, until], { powerAt: () => ratedW * 0.9, pauses: false, soc: false });
};

const stationDay = (station: Registration, random: Random): readonly Message[] => {
  const writer = new Writer(random, station);
  const own = injections.filter(({ place }) => 'stationId' in place && place.stationId === station.stationId);
  const quietTime = own.find(({ what }) => what === 'silent station');
  const quiet = (time: number): boolean => quietTime !== undefined && time >= quietTime.at && time < quietTime.until;
  writer.say(midnight - 1_000, (said) => ({ ...said, type: 'StationRegistered' }));
  connections(writer, random, station, quiet);
  for (const { evseId, ratedW } of station.connectors) {
    writer.status(at(0, 2), evseId, 'available');
    for (const visit of visits(random, station, evseId))
      session(writer, random, evseId, visit, ordinary(random, ratedW));
  }
  for (const injection of own) misfortune(writer, random, injection);
  const crowd = injections.find(({ place }) => 'siteId' in place && place.siteId === station.siteId);
  if (crowd) overload(writer, random, station, crowd);
  return writer.messages.filter((message) => !quiet(message.at));
};

/** The same day for the same seed. */
export const simulatedDay = (seed = 42): Day => {
  const random = seeded(seed);
  const stations = Array.from({ length: STATIONS }, (_, index) => registrationOf(index));
  const messages = stations.flatMap((station) => stationDay(station, random)).sort((a, b) => a.at - b.at);
  const siteW = stations
    .filter(({ siteId }) => siteId === OVERLOADED_SITE)
    .flatMap(({ connectors }) => connectors)
    .reduce((sum, { ratedW }) => sum + ratedW, 0);
  return { stations, messages, injections, siteLimitW: siteW * 0.8 };
};

/** The alerts this day has to raise. */
export const expectedAlerts = ({ stations }: Day) =>
  injections.map(({ what, rule, at: from, place }) => {
    if ('siteId' in place) return { injected: what, from, condition: `${rule}|site:${place.siteId}` };
    const station = stations.find(({ stationId }) => stationId === place.stationId);
    if (!station) throw new Error(`${place.stationId} is not of this network`);
    const { siteId, zoneId, region, stationId } = station;
    const subject =
      place.connector === undefined
        ? ({ kind: 'station', stationId, siteId, zoneId, region } as const)
        : ({
            kind: 'connector',
            stationId,
            evseId: place.connector,
            connectorId: place.connector,
            siteId,
            zoneId,
            region,
          } as const);
    return { injected: what, from, condition: conditionKey(rule, subject) };
  });
