import pMap from 'p-map';
import { boundedCache } from '../../async/bounded-cache.ts';
import { fallbacksDue } from '../../domain/connector/fallback-profile.ts';
import { MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';
import { decideSite, type SetpointCommand, setpointCommand } from '../../domain/site/decide-site.ts';
import { foldSite } from '../../domain/site/fold-site.ts';
import { isWorthWriting } from '../../domain/site/is-worth-writing.ts';
import { unknownTiers } from '../../domain/site/limits-now.ts';
import { ownProfilesAt, releasedProfiles } from '../../domain/site/released-profiles.ts';
import { releasedSite } from '../../domain/site/released-site.ts';
import type { SiteConfiguration } from '../../domain/site/site-configuration.ts';
import { fallbackSharesOf, type SitePlan } from '../../domain/site/site-plan.ts';
import { blankSite, evsePath, type SiteState } from '../../domain/site/site-state.ts';
import type { SampledWarning } from '../ports/sampled-warning.ts';
import type { InstallFallback, SetpointSender, SiteSurvey } from '../ports/sites/site-setpoints.ts';
import type { KeptSite, SiteStore } from '../ports/sites/site-store.ts';
import type { Timeline } from '../ports/timeline.ts';
import { optOutEntries } from './opt-out-entries.ts';
import type { ReadRecord } from './site-record-of.ts';

/** Another worker kept changing the site under us: to be tried again from the start. */
export class SiteContended extends Error {
  override readonly name = 'SiteContended';
}

export type AllocateSitePorts = {
  readonly store: Pick<SiteStore, 'load' | 'revision' | 'commit'>;
  readonly survey: SiteSurvey;
  readonly setpoints: SetpointSender;
  readonly installFallback: InstallFallback;
  readonly timeline: Pick<Timeline, 'put'>;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly warn: SampledWarning;
};

/** A site between two batches: what is stored of it, what is known beyond that, and how it is made (undefined: nobody configured it). */
type Watched = {
  readonly kept: KeptSite;
  readonly state: SiteState;
  readonly plan: SitePlan | undefined;
  readonly watchingSince: number;
  /** When an operator changed its configuration last, as far as this worker has seen. */
  readonly configuredAt: number;
  /** When it was looked at last. */
  readonly ranAt: number;
};

/** Sessions and registrations are held against the tables this often. */
const COMPARE_MS = 5 * MINUTE_MS;
/**
 * Who tells sites of their connectors looks once a minute which sites are controlled: cars that come to one before it knows are
 * looked for in the tables, again and again for so long after the site was configured.
 */
const UNTOLD_MS = 1.5 * MINUTE_MS;
const COMPARE_UNTOLD_MS = 10 * SECOND_MS;
/** A controlled site is told of every minute: a worker that has not heard of it for longer was not the one that worked. */
const TRUSTED_MS = 1.5 * MINUTE_MS;
const SITES = 2_000;

/** Whether somebody changed what a site is, and not a station that booted. */
const isByOperator = (records: readonly ReadRecord[]): boolean =>
  records.some(({ isConfigured, bootedId }) => isConfigured && bootedId === undefined);
const SENT_AT_ONCE = 8;

/**
 * Takes what happened at one site and decides its setpoints: one run per site and batch. Between runs the site is held in
 * memory, so that a reading which changes no decision costs neither a read nor a write. What is decided is written first, on
 * condition that nobody else has, and sent then; a worker that takes the site over sends again what has no answer yet, which
 * the mailbox of a station recognises.
 */
export const allocateSite = ({
  store,
  survey,
  setpoints,
  installFallback,
  timeline,
  clock,
  warn,
}: AllocateSitePorts) => {
  const sites = boundedCache<string, Watched>(SITES);

  const planOf = async (configuration: SiteConfiguration | undefined): Promise<SitePlan | undefined> => {
    if (configuration === undefined) return undefined;
    const stations = configuration.controlled ? await survey.stations(configuration.siteId) : [];
    return { configuration, stations };
  };

  const takeOver = async (siteId: string): Promise<Watched> => {
    const now = clock();
    const { kept = { state: blankSite(siteId, now), keptAt: now }, configuration } = await store.load(siteId);
    const plan = await planOf(configuration);
    return { kept, state: kept.state, plan, watchingSince: now, configuredAt: Number.NEGATIVE_INFINITY, ranAt: now };
  };

  /**
   * Sends what stations fall back to without setpoints, as cars that come later are limited by it: to those that booted, some
   * of which forget it, and after another change to all that do not hold it.
   */
  const installFallbacks = async (plan: SitePlan, news: readonly ReadRecord[], decidedAt: number): Promise<void> => {
    const { siteId } = plan.configuration;
    const live = Map.groupBy(await survey.live(siteId), ({ stationId }) => stationId);
    const booted = new Set(news.flatMap(({ bootedId }) => bootedId ?? []));
    const isForAll = isByOperator(news);
    const why = `Share of site ${siteId} while nothing else holds`;
    await pMap(
      plan.stations,
      (station) => {
        const { stationId, connectors } = station;
        const all = fallbackSharesOf(plan, station);
        const missing = isForAll ? fallbacksDue(all, live.get(stationId) ?? [], connectors) : [];
        const shares = booted.has(stationId) ? all : missing;
        return installFallback({ stationId, shares, decidedAt, why });
      },
      { concurrency: SENT_AT_ONCE },
    );
  };

  /** Takes our profiles away from stations that left for a site which is not controlled: nobody else would. */
  const releaseLeft = async (siteId: string, news: readonly ReadRecord[], decidedAt: number): Promise<void> => {
    for (const { stationId, evseIds } of news.flatMap(({ left }) => left ?? [])) {
      const why = `${stationId} is no station of site ${siteId} any more`;
      await installFallback({ stationId, shares: [], released: ownProfilesAt(evseIds), decidedAt, why });
    }
  };

  /** Takes our profiles away from the stations of a site that is no longer controlled. */
  const release = async (siteId: string, decidedAt: number): Promise<void> => {
    const why = `Site ${siteId} is no longer controlled`;
    const released = releasedProfiles(await survey.live(siteId));
    await pMap(
      released,
      ([stationId, ids]) => installFallback({ stationId, shares: [], released: ids, decidedAt, why }),
      {
        concurrency: SENT_AT_ONCE,
      },
    );
  };

  /** Holds the site against the tables: every few minutes, and after its configuration changed or a station booted. */
  const compared = async (watched: Watched, fresh: readonly ReadRecord[], now: number): Promise<Watched> => {
    const isConfigured = fresh.some((record) => record.isConfigured);
    const { siteId } = watched.state;
    const isDue = watched.plan?.configuration.controlled === true && now - watched.state.comparedAt >= COMPARE_MS;
    if (!isConfigured && !isDue) return watched;
    await releaseLeft(siteId, fresh, now);
    const plan = isConfigured ? await planOf((await store.load(siteId)).configuration) : watched.plan;
    if (plan?.configuration.controlled !== true) {
      if (plan === undefined || !isByOperator(fresh)) return { ...watched, plan };
      await release(siteId, now);
      return { ...watched, plan, state: releasedSite(watched.state, now) };
    }
    if (isConfigured) await installFallbacks(plan, fresh, now);
    const connectors = await survey.running(siteId);
    const state = foldSite(watched.state, { type: 'compared', connectors, at: now }, now);
    const configuredAt = isByOperator(fresh) ? now : watched.configuredAt;
    const comparedAt = now - configuredAt < UNTOLD_MS ? now - COMPARE_MS + COMPARE_UNTOLD_MS : now;
    return { ...watched, plan, configuredAt, state: { ...state, comparedAt } };
  };

  const send = async (siteId: string, commands: readonly SetpointCommand[]): Promise<readonly SetpointOutcome[]> =>
    pMap(commands, async (command) => ({ command, state: await setpoints.send(siteId, command) }), {
      concurrency: SENT_AT_ONCE,
    });

  /** What a station's mailbox said at once; the others are answered over the stream. */
  const answered = (state: SiteState, outcomes: readonly SetpointOutcome[], at: number): SiteState =>
    outcomes.reduce((next, { command, state: ended }) => {
      if (ended === 'taken') return next;
      const { stationId, evseId, version } = command;
      return foldSite(next, { type: 'setpoint-ended', outcome: { stationId, evseId, version, state: ended, at } }, at);
    }, state);

  /** Whether somebody else has written the site: what is in memory is not what it is, and what happened meant nothing to it. */
  const isBehind = async ({ siteId, rev }: SiteState): Promise<boolean> => (await store.revision(siteId)) !== rev;

  const attempt = async (
    known: Watched,
    records: readonly ReadRecord[],
    isNew: boolean,
  ): Promise<Watched | 'conflict'> => {
    const now = clock();
    const fresh = records.filter(({ guard }) => guard > known.state.guard);
    const watched = { ...(await compared(known, fresh, now)), ranAt: now };
    const { plan, kept, watchingSince } = watched;
    const { siteId } = watched.state;
    if (plan === undefined) return watched;
    const folded = fresh.reduce(
      (state, { event, receivedAt }) => (event === undefined ? state : foldSite(state, event, receivedAt)),
      watched.state,
    );
    for (const tier of newTiers(folded, watched.state, plan)) warn('unknownPriceTier', { siteId, tier });
    const guard = fresh.at(-1)?.guard ?? watched.state.guard;
    const { state: decided, commands } = decideSite({ ...folded, guard }, plan, { now, watchingSince });
    const unanswered = isNew ? unansweredCommands(folded, plan, commands) : [];
    if (!isWorthWriting(kept.state, decided, kept.keptAt, now)) {
      if (!isNew && fresh.some((record) => isNews(record, watched.state)) && (await isBehind(kept.state)))
        return 'conflict';
      await send(siteId, unanswered);
      return { ...watched, state: decided };
    }
    const state = { ...decided, rev: kept.state.rev + 1 };
    if ((await store.commit(state, now)) === 'conflict') return 'conflict';
    const outcomes = await send(siteId, [...unanswered, ...commands]);
    return { ...watched, kept: { state, keptAt: now }, state: answered(state, outcomes, now) };
  };

  return async (records: readonly ReadRecord[], siteId: string): Promise<void> => {
    const cached = sites.get(siteId);
    const known = cached !== undefined && clock() - cached.ranAt <= TRUSTED_MS ? cached : undefined;
    // What is in memory is only as good as the last run: after a failure the site is taken over anew.
    sites.delete(siteId);
    const optOuts = optOutEntries(records);
    if (optOuts.length > 0) await timeline.put(optOuts, []);
    const first = await attempt(known ?? (await takeOver(siteId)), records, known === undefined);
    const last = first === 'conflict' ? await attempt(await takeOver(siteId), records, true) : first;
    if (last === 'conflict') {
      warn('siteContended', { siteId });
      throw new SiteContended(`Site ${siteId} is changed by another worker`);
    }
    sites.set(siteId, last);
  };
};

/** Whether a record tells more than a reading of what is known: it must not be folded over a state that is behind. */
const isNews = ({ event }: ReadRecord, { sessions }: SiteState): boolean => {
  switch (event?.type) {
    case undefined:
      return false;
    case 'signalled':
      return event.signal.type !== 'SiteDemandMeasured';
    case 'connector-changed':
      return !sessions.some(({ sessionId }) => sessionId === event.connector.session?.sessionId);
    case 'setpoint-ended':
    case 'compared':
      return true;
  }
};

/** Tiers that came with new prices and have no share at the site: they count as all of it. */
const newTiers = (
  { prices }: SiteState,
  { prices: before }: SiteState,
  { configuration }: SitePlan,
): readonly string[] => (prices === undefined || prices === before ? [] : unknownTiers(prices, configuration));

/**
 * Setpoints that were decided and have no answer: whoever decided them may have died before sending. They are asked for again
 * under the version they had; those that are decided anew in this run are not.
 */
const unansweredCommands = (
  { sessions }: SiteState,
  plan: SitePlan,
  decidedNow: readonly SetpointCommand[],
): readonly SetpointCommand[] => {
  const replaced = new Set(decidedNow.map(evsePath));
  const waiting = sessions.filter(
    (session) => session.inFlight?.unansweredAt === undefined && !replaced.has(evsePath(session)),
  );
  return waiting.flatMap((session) => setpointCommand(session, plan) ?? []);
};

type SetpointOutcome = {
  readonly command: SetpointCommand;
  readonly state: Awaited<ReturnType<SetpointSender['send']>>;
};
