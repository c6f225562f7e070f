import { createHash } from 'node:crypto';
import { isTopicSafe } from '../../domain/registry/is-station-id.ts';

const digestOf = (name: string, length: number): string =>
  createHash('sha256').update(name).digest('hex').slice(0, length).toUpperCase();

/** Names of at most this many characters; longer ones are replaced by a digest. */
export const fitting = (name: string, length: number): string =>
  name.length <= length ? name : digestOf(name, length);

const MAX_STATION_ID = 48;
const DIGEST = 8;

/** A station id in characters OCPP carries: accents go, runs of others become one dash. */
const carried = (recorded: string): string => {
  const plain = recorded
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9\-_=|@.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'station' : plain;
};

const withDigest = (name: string, recorded: string): string =>
  `${name.slice(0, MAX_STATION_ID - DIGEST - 1)}-${digestOf(recorded, DIGEST)}`;

/**
 * The id each recorded station is sent under. One that OCPP and MQTT can carry is kept. Otherwise its accents go, other
 * characters become a dash, and where that is too long or another station's id, a digest of the recorded id ends it.
 */
export const stationIds = (recorded: Iterable<string>): ReadonlyMap<string, string> => {
  const names = [...new Set(recorded)];
  const taken = new Set(names.filter(isTopicSafe));
  const sent = new Map<string, string>();
  for (const name of names.toSorted()) {
    if (taken.has(name)) {
      sent.set(name, name);
      continue;
    }
    const plain = carried(name);
    const id = plain.length > MAX_STATION_ID || taken.has(plain) ? withDigest(plain, name) : plain;
    taken.add(id);
    sent.set(name, id);
  }
  return sent;
};
