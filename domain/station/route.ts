import type { Connector } from '../connector/connector.ts';
import type { Fact, SessionStopped, Where } from '../fact.ts';
import { plausibleWh } from '../session/plausible-energy.ts';
import type { Scene } from './scene.ts';

/** Where on the station a fact belongs. `byContent` marks a decision that rested on several connectors' states. */
export type Route =
  | { readonly to: 'station' }
  | {
      readonly to: 'connector';
      readonly evseId: number;
      readonly connectorId: number;
      readonly transactionId?: string;
      readonly byContent?: true;
    }
  | { readonly to: 'nowhere'; readonly byContent: true };

const at = ({ evseId, connectorId }: Pick<Connector, 'evseId' | 'connectorId'>): Route => ({
  to: 'connector',
  evseId,
  connectorId,
});

const holding = (connectors: readonly Connector[], transactionId: string): Connector | undefined =>
  connectors.find(({ session, past }) => [session, past].some((open) => open?.transactionId === transactionId)) ??
  connectors.find(({ recent }) => recent.some((ended) => ended.transactionId === transactionId));

/** The only connector of the EVSE, the one with the transaction, the one with a session, or the first. */
const onEvse = (connectors: readonly Connector[], evseId: number, transactionId: string | undefined): Route => {
  const own = connectors.filter((connector) => connector.evseId === evseId);
  const found =
    (transactionId === undefined ? undefined : holding(own, transactionId)) ??
    own.find(({ session }) => session !== undefined) ??
    own[0];
  return found ? at(found) : at({ evseId, connectorId: 1 });
};

const fits = ({ session, place }: Connector, fact: SessionStopped): boolean => {
  if (session === undefined || fact.at < session.startedAt) return false;
  const isOwnTag = fact.tag === undefined ? fact.transactionId === undefined : fact.tag === session.tag;
  if (!isOwnTag) return false;
  if (fact.meterStopWh === undefined || session.meterStartWh === undefined) return true;
  const deliveredWh = fact.meterStopWh - session.meterStartWh;
  return deliveredWh >= 0 && deliveredWh <= plausibleWh(place.ratedW, fact.at - session.startedAt);
};

/** A stop without a known transaction: the open session it fits, the latest started if several, or one that ended just so. */
const byContent = ({ connectors }: Scene, fact: SessionStopped): Route => {
  const repeated = connectors
    .flatMap((connector) => connector.recent.map((recent) => ({ connector, recent })))
    .find(({ recent }) => recent.endedAt === fact.at && recent.meterStopWh === fact.meterStopWh);
  const fitting = connectors
    .filter((connector) => fits(connector, fact))
    .sort((a, b) => (b.session?.startedAt ?? 0) - (a.session?.startedAt ?? 0))[0];
  const transactionId = repeated?.recent.transactionId ?? fitting?.session?.transactionId;
  const connector = repeated?.connector ?? fitting;
  const [only, ...others] = connectors;
  if (connector === undefined || transactionId === undefined) {
    if (only === undefined || others.length > 0) return { to: 'nowhere', byContent: true };
    return { to: 'connector', evseId: only.evseId, connectorId: only.connectorId, byContent: true };
  }
  const { evseId, connectorId } = connector;
  return { to: 'connector', evseId, connectorId, transactionId, byContent: true };
};

const byTransaction = (scene: Scene, fact: Fact, transactionId: string | undefined): Route => {
  const holder = transactionId === undefined ? undefined : holding(scene.connectors, transactionId);
  if (holder) return at(holder);
  if (fact.type === 'SessionStopped') return byContent(scene, fact);
  const [only, ...others] = scene.connectors;
  return only && others.length === 0 ? at(only) : { to: 'nowhere', byContent: true };
};

/** Finds the connector a fact is about. A missing connectorId is never taken for 1 while the station's connectors are known. */
export const routeOf = (scene: Scene, fact: Fact & Where & { readonly transactionId?: string }): Route => {
  const { evseId, connectorId, transactionId } = fact;
  if (evseId === 0 || (evseId === undefined && connectorId === 0)) return { to: 'station' };
  if (evseId !== undefined && connectorId !== undefined && connectorId > 0) return at({ evseId, connectorId });
  if (evseId !== undefined) return onEvse(scene.connectors, evseId, transactionId);
  return byTransaction(scene, fact, transactionId);
};
