import type { SetpointCommand } from '../../../domain/site/decide-site.ts';
import type { SiteConnector, SiteEvent } from '../../../domain/site/site-event.ts';
import { fallbackShareW, type SitePlan } from '../../../domain/site/site-plan.ts';
import { type AllocateSitePorts, allocateSite } from '../../../use-cases/allocate-site/allocate-site.ts';
import type { ReadRecord } from '../../../use-cases/allocate-site/site-record-of.ts';
import { car, demand, noon } from '../../domain/site/given-site.ts';
import { fakeSiteStore } from '../../fakes/site-store.ts';

type Behaviour = 'obeys' | 'rejects' | 'ignores' | 'offline';

type Station = {
  readonly number: number;
  behaviour: Behaviour;
  rev: number;
  /** The setpoint it has accepted. */
  held: { limitW: number; validUntil: number } | undefined;
  readonly wantedW: number;
};

/** A worker died here. */
class Crash extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * A site with stations that hold what they accept, in time that only passes when it is told to: what happens stands in a
 * stream, which one or two workers read. `crashes` says, call by call, whether a worker dies right after it.
 */
export const simulatedSite = (
  plan: SitePlan,
  { workers = 1, crashes = () => false }: { workers?: number; crashes?: () => boolean } = {},
) => {
  let now = noon;
  let sequence = 0;
  const { configuration, stations: registered } = plan;
  const store = fakeSiteStore(configuration);
  const stations = registered.map(
    (_, index): Station => ({ number: index + 1, behaviour: 'obeys', rev: 1, held: undefined, wantedW: 50_000 }),
  );
  const shareOf = (number: number): number =>
    fallbackShareW(plan, { stationId: `S${number}`, evseId: 1, connectorId: 1 });
  const known = new Map<string, SetpointCommand>();
  const sent: SetpointCommand[] = [];
  const pending: { readonly at: number; readonly run: () => void }[] = [];
  const stream: ReadRecord[] = [];
  let read = 0;

  const append = (event?: SiteEvent, isConfigured = false): void => {
    sequence += 1;
    stream.push({
      guard: String(sequence).padStart(20, '0'),
      receivedAt: now,
      isConfigured,
      ...(event && { event }),
    });
  };
  const stationOf = (command: SetpointCommand): Station => {
    const found = stations.find(({ number }) => `S${number}` === command.stationId);
    if (found === undefined) throw new Error(`No station ${command.stationId}`);
    return found;
  };
  const heldW = (station: Station): number =>
    station.held !== undefined && station.held.validUntil > now ? station.held.limitW : shareOf(station.number);
  const image = (station: Station): SiteConnector =>
    car(
      station.number,
      { sampledAt: now, powerW: Math.min(heldW(station), station.wantedW) },
      { rev: ++station.rev, isOffline: station.behaviour === 'offline', fallbackW: shareOf(station.number) },
    );

  /** How a station ends a command, some seconds later. */
  const carriedOut = (command: SetpointCommand): void => {
    const station = stationOf(command);
    const { stationId, evseId, version, limitW, validUntil = Number.POSITIVE_INFINITY } = command;
    if (station.behaviour === 'offline') return;
    const state = ({ obeys: 'Accepted', rejects: 'Rejected', ignores: 'TimedOut' } as const)[station.behaviour];
    const at = now + (station.behaviour === 'ignores' ? 30_000 : 1_000);
    if (state === 'Accepted')
      pending.push({
        at: now + 500,
        run: () => {
          station.held = { limitW, validUntil };
        },
      });
    pending.push({
      at,
      run: () => append({ type: 'setpoint-ended', outcome: { stationId, evseId, version, state, at } }),
    });
  };

  const dying =
    <Arguments extends readonly unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      const result = await call(...given);
      if (crashes()) throw new Crash('The worker died');
      return result;
    };
  const ports: AllocateSitePorts = {
    store: { load: dying(store.load), revision: dying(store.revision), commit: dying(store.commit) },
    survey: {
      stations: dying(async () => registered),
      running: dying(async () => stations.map(image)),
      live: async () => [],
    },
    setpoints: {
      // As a mailbox: the same command again is recognised.
      send: dying(async (_siteId, command) => {
        const id = `${command.stationId}/${command.version}`;
        if (!known.has(id)) {
          known.set(id, command);
          sent.push(command);
          carriedOut(command);
        }
        return 'taken' as const;
      }),
    },
    installFallback: async () => [],
    timeline: { put: async () => {} },
    clock: () => now,
    warn: () => {},
  };
  const readers = Array.from({ length: workers }, () => allocateSite(ports));

  return {
    store,
    stations,
    sent,
    heldW,
    append,
    now: () => now,
    /** An operator turns control on or off; stations drop their setpoints when it is off. */
    control: async (controlled: boolean) => {
      const [before = configuration] = await store.all();
      await store.put({ ...before, controlled, revision: before.revision + 1 });
      if (!controlled) for (const station of stations) station.held = undefined;
      append(undefined, true);
    },
    connectors: () => {
      for (const station of stations) append({ type: 'connector-changed', connector: image(station) });
    },
    meter: (buildingW: number) => {
      const evPowerW = stations.reduce((sum, station) => sum + Math.min(heldW(station), station.wantedW), 0);
      append({ type: 'signalled', signal: demand(buildingW + evPowerW, now, { evPowerW }) });
    },
    /** Lets time pass, and what is under way arrive. */
    pass: (durationMs: number) => {
      now += durationMs;
      for (const due of pending.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) {
        pending.splice(pending.indexOf(due), 1);
        due.run();
      }
    },
    /** Has a worker read what is new, again from `again` records before it; a crashed batch is delivered again, as Lambda does. */
    work: async (worker = 0, again = 0): Promise<void> => {
      const batch = stream.slice(Math.max(0, read - again));
      read = stream.length;
      for (let attempt = 0; attempt < 50 && batch.length > 0; attempt++)
        try {
          return await (readers[worker % workers] ?? readers[0])?.(batch, configuration.siteId);
        } catch (error) {
          if (!(error instanceof Error && /TimeoutError|SiteContended/.test(error.name))) throw error;
        }
    },
  };
};
