import type { Connector } from '../connector/connector.ts';
import type { Judgement, LevelJudgement } from './judgement.ts';
import type { ConnectorRule, Context, Finding, NetworkRule, SiteRule, StationRule } from './rule.ts';
import type { ConnectorSubject, NetworkSubject, SiteSubject, StationSubject, Subject } from './subject.ts';
import type { Thresholds } from './thresholds.ts';
import type { NetworkView, SiteView, StationView } from './views.ts';

/** When a rule is asked, and by which figures. */
export type Moment = Omit<Context, 'holding'>;

/** 'held': nothing can be said while the station is offline, which has an alert of its own. */
export type Verdict = { readonly whileHolding: Finding | undefined; readonly whileNot: Finding | undefined } | 'held';

/** What judging needs of a rule, whatever its view. */
type Judging<View> = {
  readonly check?: (view: View, context: Context) => Finding | undefined;
  readonly judgedOffline?: boolean;
};

const verdict = <View>(rule: Judging<View>, view: View, offline: boolean, moment: Moment): Verdict => {
  if (offline && !rule.judgedOffline) return 'held';
  return {
    whileHolding: rule.check?.(view, { ...moment, holding: true }),
    whileNot: rule.check?.(view, { ...moment, holding: false }),
  };
};

/** Suppression: a lost station silences its connectors' alerts. They are neither raised nor cleared until it is back. */
export const judgeConnector = (rule: ConnectorRule, connector: Connector, moment: Moment): Verdict =>
  verdict(rule, connector, connector.offlineAt !== undefined, moment);
export const judgeStation = (rule: StationRule, view: StationView, moment: Moment): Verdict =>
  verdict(rule, view, view.state?.online === false, moment);
export const judgeSite = (rule: SiteRule, view: SiteView, moment: Moment): Verdict =>
  verdict(rule, view, false, moment);
export const judgeNetwork = (rule: NetworkRule, view: NetworkView, moment: Moment): Verdict =>
  verdict(rule, view, false, moment);

export const connectorSubject = ({ stationId, evseId, connectorId, place }: Connector): ConnectorSubject => ({
  kind: 'connector',
  stationId,
  evseId,
  connectorId,
  siteId: place.siteId,
  zoneId: place.zoneId,
  region: place.region,
});
export const stationSubject = ({ stationId, registration }: StationView): StationSubject => ({
  kind: 'station',
  stationId,
  siteId: registration.siteId,
  zoneId: registration.zoneId,
  region: registration.region,
});
export const siteSubject = ({ siteId, zoneId, region }: SiteView): SiteSubject => ({
  kind: 'site',
  siteId,
  zoneId,
  region,
});
export const networkSubject = ({ name }: NetworkView): NetworkSubject => ({ kind: 'network', name });

type Named = Judgement['rule'] & { readonly dwellMs?: (thresholds: Thresholds) => number };

/** A verdict as the lifecycle takes it. */
export const levelJudgement = (
  rule: Named,
  subject: Subject,
  verdict: Exclude<Verdict, 'held'>,
  version: number,
  { now, thresholds }: Moment,
): LevelJudgement => ({
  kind: 'level',
  rule: { name: rule.name, severity: rule.severity },
  subject,
  version,
  ...verdict,
  dwellMs: rule.dwellMs?.(thresholds) ?? 0,
  now,
  thresholds,
});
