import type { Connector } from '../connector/connector.ts';
import {
  connectorSubject,
  judgeConnector,
  judgeNetwork,
  judgeSite,
  judgeStation,
  levelJudgement,
  type Moment,
  networkSubject,
  siteSubject,
  stationSubject,
  type Verdict,
} from './judge.ts';
import type { LevelJudgement } from './judgement.ts';
import type { Rule } from './rule.ts';
import { connectorRules, networkRules, siteRules, stationRules } from './rules/index.ts';
import type { Subject } from './subject.ts';
import { type ThresholdOverrides, thresholdsFor } from './thresholds.ts';
import { type NetworkView, type SiteView, type StationView, stationHeardAt, stationVersion } from './views.ts';

/** One rule asked about one subject by the sweep. */
export type Asked = {
  /** The subject's station is offline: nothing is to be concluded. */
  readonly held: boolean;
  readonly driven: Rule['driven'];
  /** When the subject was last heard of, ms. */
  readonly heardAt: number;
  readonly judgement: LevelJudgement;
};

/**
 * The minute sweep's questions: every rule with a state, about every subject. Change-driven rules are asked too, because time
 * alone makes some of them true and because a record that was parked must not hide a fault for ever.
 */
export const askStation = (view: StationView, now: number, overrides: ThresholdOverrides): readonly Asked[] => {
  const thresholds = thresholdsFor(view.registration.siteId, overrides);
  const moment = { now, thresholds, stationHeardAt: stationHeardAt(view) };
  const version = (rule: Rule): number => (rule.driven === 'sweep' ? now : stationVersion(view));
  return stationRules
    .filter(({ check }) => check)
    .map((rule) => asked(rule, stationSubject(view), judgeStation(rule, view, moment), version(rule), moment));
};

export const askConnector = (
  connector: Connector,
  stationHeardAt: number,
  now: number,
  overrides: ThresholdOverrides,
): readonly Asked[] => {
  const moment = { now, thresholds: thresholdsFor(connector.place.siteId, overrides), stationHeardAt };
  const version = (rule: Rule): number => (rule.driven === 'sweep' ? now : connector.rev);
  return connectorRules
    .filter(({ check }) => check)
    .map((rule) =>
      asked(rule, connectorSubject(connector), judgeConnector(rule, connector, moment), version(rule), {
        ...moment,
        stationHeardAt: connector.lastSeenAt,
      }),
    );
};

export const askSite = (view: SiteView, now: number, overrides: ThresholdOverrides): readonly Asked[] => {
  const moment = { now, thresholds: thresholdsFor(view.siteId, overrides), stationHeardAt: now };
  return siteRules.map((rule) => asked(rule, siteSubject(view), judgeSite(rule, view, moment), now, moment));
};

export const askNetwork = (view: NetworkView, now: number, overrides: ThresholdOverrides): readonly Asked[] => {
  const moment = { now, thresholds: thresholdsFor(undefined, overrides), stationHeardAt: now };
  return networkRules.map((rule) => asked(rule, networkSubject(view), judgeNetwork(rule, view, moment), now, moment));
};

const asked = (rule: Rule, subject: Subject, verdict: Verdict, version: number, moment: Moment): Asked => {
  const held = verdict === 'held';
  const said = held ? { whileHolding: undefined, whileNot: undefined } : verdict;
  return {
    held,
    driven: rule.driven,
    heardAt: moment.stationHeardAt,
    judgement: levelJudgement(rule, subject, said, version, moment),
  };
};
