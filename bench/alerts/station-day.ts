import type { Registration } from '../../domain/registry/registration.ts';
import type { Random } from '../../simulator/random.ts';
import { at, errorCodes, HOUR, type Injection, injections, MINUTE, midnight } from './injections.ts';
import { ordinary, session } from './session.ts';
import { type Message, Writer } from './writer.ts';

/** Ordinary life of a connector in order of time; sessions avoid what is injected there. */
const visits = function* (
  random: Random,
  station: Registration,
  connector: number,
): Iterable<readonly [from: number, to: number]> {
  const busy = injections.filter(({ place }) =>
    'siteId' in place ? place.siteId === station.siteId : place.stationId === station.stationId,
  );
  for (let from = at(0, 10 + random.integer(0, 119)); from < at(22); ) {
    const to = from + (25 + random.integer(0, 69)) * MINUTE;
    const clash = busy.find(
      (one) => from - HOUR < one.until && to + HOUR > one.at && (connector === 1 || !('connector' in one.place)),
    );
    if (!clash) yield [from, to];
    from = Math.max(to, clash?.until ?? 0) + (40 + random.integer(0, 199)) * MINUTE;
  }
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
  for (let opened = midnight + random.integer(0, 59_999); opened < at(24); ) {
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
    const awayMs = random.integer(0, 9) === 0 ? 60_000 + random.integer(0, 119_999) : 1_000 + random.integer(0, 14_999);
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

/** Everything one station sends in a day, its misfortunes included. */
export const stationDay = (station: Registration, random: Random): readonly Message[] => {
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
