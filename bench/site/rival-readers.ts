import { foldSite } from '../../domain/site/fold-site.ts';
import { type SitePlan, supplyOf } from '../../domain/site/site-plan.ts';
import { blankSite, evsePath, type SiteSession, type SiteState } from '../../domain/site/site-state.ts';
import type { ReaderOf } from './virtual-stack.ts';

/** What each of so many cars may draw by a formula, W, given what the meter says. */
export type Formula = (site: {
  readonly limitW: number;
  /** All the site draws, and what it draws beside its chargers, W. */
  readonly demandW: number;
  readonly otherW: number;
  readonly sessions: number;
}) => number;

/** The same for everybody, of what the building leaves; what a car does not take is left unused. */
export const equalSplit: Formula = ({ limitW, otherW, sessions }) => Math.max(0, limitW - otherW) / sessions;

/**
 * The formula of a published streaming-SQL recipe: GREATEST(3, headroom / NULLIF(active_sessions, 1)). Its headroom has the
 * cars subtracted already, a lone car gets 3 kW, and 3 kW are granted whatever the site draws.
 */
export const streamingRecipe: Formula = ({ limitW, demandW, sessions }) =>
  Math.max(3_000, sessions === 1 ? 0 : Math.max(0, limitW - demandW) / sessions);

const VALID_MS = 15 * 60_000;
const SAME_W = 100;

/** Nobody is limited. */
export const uncontrolled: ReaderOf = () => async () => {};

/** Gives every car what a formula says, at every reading of the meter: through the same mailboxes as allocate-site. */
export const byFormula =
  (formula: Formula): ReaderOf =>
  ({ setpoints, survey, configuration }) => {
    const states = new Map<string, SiteState>();
    const plans = new Map<string, SitePlan>();
    const given = new Map<string, { readonly limitW: number; readonly at: number }>();
    const planOf = async (siteId: string): Promise<SitePlan | undefined> => {
      const known = plans.get(siteId);
      const configured = configuration(siteId);
      if (known !== undefined || configured === undefined) return known;
      const plan = { configuration: configured, stations: await survey.stations(siteId) };
      plans.set(siteId, plan);
      return plan;
    };
    return async (records, siteId) => {
      const plan = await planOf(siteId);
      if (plan === undefined) return;
      const before = states.get(siteId) ?? blankSite(siteId, 0);
      const state = records.reduce(
        (folded, { event, receivedAt }) => (event === undefined ? folded : foldSite(folded, event, receivedAt)),
        before,
      );
      states.set(siteId, state);
      const { demand, sessions } = state;
      if (demand === undefined || demand === before.demand || sessions.length === 0) return;
      const limitW = formula({
        limitW: plan.configuration.limitW,
        demandW: demand.powerW,
        otherW: demand.powerW - (demand.evPowerW ?? 0),
        sessions: sessions.length,
      });
      const ask = async (session: SiteSession): Promise<void> => {
        const supply = supplyOf(plan, session);
        if (supply === undefined) return;
        const id = `${evsePath(session)}/${session.sessionId}`;
        const last = given.get(id);
        const isSame = last !== undefined && Math.abs(last.limitW - limitW) < SAME_W;
        if (isSame && demand.at - last.at < VALID_MS / 2) return;
        given.set(id, { limitW, at: demand.at });
        const { stationId, evseId, transactionId, sessionId } = session;
        await setpoints.send(siteId, {
          ...{ stationId, evseId, transactionId, sessionId },
          limitW: Math.min(supply.maxW, limitW),
          validUntil: demand.receivedAt + VALID_MS,
          version: demand.receivedAt,
          reasons: [],
          supply: supply.electrics,
        });
      };
      for (const session of sessions) await ask(session);
    };
  };
