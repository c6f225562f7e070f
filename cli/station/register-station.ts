import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import { credentialOf, makePassword, matchesCredential } from '../../aws/credential.ts';
import { connectorSortKey } from '../../domain/kernel/connector-key.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { RegisteredConnector, Registration, RemovedConnector } from '../../domain/registry/registration.ts';
import type { CredentialStore } from '../../use-cases/ports/credential-store.ts';
import type { OcppStream } from '../../use-cases/ports/ocpp-stream.ts';
import type { StationRegistry } from '../../use-cases/ports/station-registry.ts';
import { Problem } from '../command-line/problem.ts';
import { type CheckedEntry, checkEntry } from './station-entry.ts';

export type RegisterPorts = {
  readonly registry: StationRegistry;
  readonly credentials: CredentialStore;
  readonly stream: OcppStream;
  /** ms since the epoch. */
  readonly now: () => number;
  /** scrypt's N for new credentials; those of aws/credential.ts unless the network is a throw-away. */
  readonly scryptCost?: number;
};

export type Registered = {
  readonly stationId: string;
  readonly outcome: 'added' | 'changed' | 'unchanged';
  readonly registration: Registration;
  /** The registration that was there before. */
  readonly previous?: Registration;
  /** Only when one had to be made: this is the one time it can be read. */
  readonly madePassword?: string;
};

const credentialFor = async (
  password: string | undefined,
  previous: string | undefined,
  { scryptCost }: RegisterPorts,
): Promise<{ credential: string; madePassword?: string }> => {
  if (password !== undefined) {
    const kept = previous !== undefined && (await matchesCredential(password, previous));
    return { credential: kept ? previous : await credentialOf(password, scryptCost) };
  }
  if (previous !== undefined) return { credential: previous };
  const { password: madePassword, credential } = await makePassword(scryptCost);
  return { credential, madePassword };
};

/** The connectors of an entry, with when each was added to a station that was registered without it. */
const withAdded = (
  connectors: readonly RegisteredConnector[],
  previous: Registration,
  now: number,
): readonly RegisteredConnector[] => {
  const before = new Map(previous.connectors.map((known) => [connectorSortKey(known), known]));
  return connectors.map((connector) => {
    const known = before.get(connectorSortKey(connector));
    const addedAt = known === undefined ? now : known.addedAt;
    return { ...connector, ...omitUndefined({ addedAt }) };
  });
};

/** The connectors a station was registered with before, and is no more. */
const removedFrom = (
  connectors: readonly RegisteredConnector[],
  previous: Registration,
  now: number,
): readonly RemovedConnector[] => {
  const kept = new Set(connectors.map(connectorSortKey));
  const removed = previous.connectors
    .filter((known) => !kept.has(connectorSortKey(known)))
    .map(({ evseId, connectorId, ratedW, addedAt }) => ({
      evseId,
      connectorId,
      ratedW,
      ...omitUndefined({ addedAt }),
      removedAt: now,
    }));
  return [...(previous.removedConnectors ?? []), ...removed];
};

const register = async (entry: CheckedEntry, replace: boolean, ports: RegisterPorts): Promise<Registered> => {
  const { registry, credentials, stream, now } = ports;
  const { stationId } = entry.registration;
  const previous = await registry.find(stationId);
  // What a station that was removed left behind counts no more.
  const known = previous === undefined ? undefined : await credentials.find(stationId);
  const { madePassword, credential } = await credentialFor(entry.password, known, ports);
  // Whoever does not say when a station was commissioned means now, and leaves it at that later.
  const commissionedAt =
    entry.registration.commissionedAt ?? (previous === undefined ? now() : previous.commissionedAt);
  const { connectors: given } = entry.registration;
  const connectors = previous === undefined ? given : withAdded(given, previous, now());
  const removed = previous === undefined ? [] : removedFrom(given, previous, now());
  const registration: Registration = {
    ...entry.registration,
    connectors,
    ...(removed.length === 0 ? {} : { removedConnectors: removed }),
    ...omitUndefined({ commissionedAt }),
  };
  const unchanged = credential === known && isDeepStrictEqual(registration, previous);
  if (previous !== undefined && !unchanged && !replace)
    throw new Problem(`${stationId} is registered already, and otherwise: add --replace to change it`);
  // The credential first: a station that is registered can come in.
  if (credential !== known) await credentials.put(stationId, credential);
  if (!unchanged) await registry.put(registration);
  // Said even if nothing changed: an earlier run may have ended between the two.
  await stream.put({ kind: 'registered', stationId, receivedAt: now() });
  return {
    stationId,
    outcome: unchanged ? 'unchanged' : previous === undefined ? 'added' : 'changed',
    registration,
    ...(previous !== undefined && { previous }),
    ...(madePassword !== undefined && { madePassword }),
  };
};

/**
 * Registers one station and tells the stream, so that its connectors take their place. The same entry again changes
 * nothing; another entry for a registered id needs `replace`. Without a password a registered station keeps its own.
 */
export const registerStation = async (
  entry: unknown,
  ports: RegisterPorts,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<Registered> => register(checkEntry(entry), replace, ports);

const CONCURRENT = 24;

/**
 * Registers many stations, replacing what is registered otherwise. Every entry is checked before the first is written;
 * a run that breaks off can be repeated.
 */
export const importStations = async (
  entries: readonly unknown[],
  ports: RegisterPorts,
): Promise<readonly Registered[]> => {
  const checked = entries.map(checkNumbered);
  const ids = checked.map(({ registration }) => registration.stationId);
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new Problem(`${id} stands in the list twice`);
    seen.add(id);
  }
  return pMap(checked, (entry) => register(entry, true, ports), { concurrency: CONCURRENT });
};

const checkNumbered = (entry: unknown, index: number): CheckedEntry => {
  try {
    return checkEntry(entry);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(`station ${index + 1} of the list: ${error.message}`, { cause: error });
  }
};
