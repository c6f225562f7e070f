import type { Connector } from '../connector/connector.ts';
import {
  connectorSubject,
  judgeConnector,
  judgeStation,
  levelJudgement,
  type Moment,
  stationSubject,
  type Verdict,
} from './judge.ts';
import type { Judgement } from './judgement.ts';
import { notedConnector } from './noted.ts';
import type { ConnectorRule, Finding, Rule, StationRule, Step } from './rule.ts';
import { connectorRules, stationRules } from './rules/index.ts';
import type { Subject } from './subject.ts';
import { type StationView, stationVersion } from './views.ts';

/**
 * What the rules have to say of one change record. A rule is asked about both images at the same moment and heard only where
 * its answers differ, so that the thousands of records that change nothing cost no read of the alerts table.
 */
export const judgeConnectorStep = (step: Step<Connector>, moment: Moment): readonly Judgement[] =>
  connectorRules.flatMap((rule: ConnectorRule) => {
    const subject = connectorSubject(step.after);
    const verdictOn = (view: Connector): Verdict => judgeConnector(rule, view, moment);
    return [
      ...levelStep(rule, subject, verdictOn, step, step.after.rev, moment),
      ...occurrences(rule, subject, rule.occur?.(step, { ...moment, holding: false }) ?? [], step.after.rev, moment),
    ];
  });

/** The same for a station's own item, and for what it notes about its connectors. */
export const judgeStationStep = (step: Step<StationView>, moment: Moment): readonly Judgement[] => [
  ...stationRules.flatMap((rule: StationRule) => {
    const subject = stationSubject(step.after);
    const version = stationVersion(step.after);
    const verdictOn = (view: StationView): Verdict => judgeStation(rule, view, moment);
    return [
      ...levelStep(rule, subject, verdictOn, step, version, moment),
      ...occurrences(rule, subject, rule.occur?.(step, { ...moment, holding: false }) ?? [], version, moment),
    ];
  }),
  ...connectorNotes(step, moment),
];

/** Below every version of a connector's item: a note about a connector is no image of it. */
const NO_IMAGE = 0;

const connectorNotes = ({ after, changes }: Step<StationView>, moment: Moment): readonly Judgement[] =>
  changes.flatMap((note) => {
    const connector = notedConnector(note, after.registration);
    if (!connector) return [];
    const subject = { ...stationSubject(after), kind: 'connector', ...connector } as const;
    return connectorRules.flatMap((rule) =>
      occurrences(rule, subject, rule.noted?.(note, moment.thresholds) ?? [], NO_IMAGE, moment),
    );
  });

const levelStep = <View>(
  rule: Rule,
  subject: Subject,
  verdictOn: (view: View) => Verdict,
  { before, after }: Step<View>,
  version: number,
  moment: Moment,
): readonly Judgement[] => {
  if (rule.driven !== 'change' || !rule.check) return [];
  const now = verdictOn(after);
  if (now === 'held') return [];
  const then = before === undefined ? nothing : verdictOn(before);
  return then !== 'held' && fingerprint(then) === fingerprint(now)
    ? []
    : [levelJudgement(rule, subject, now, version, moment)];
};

const nothing: Verdict = { whileHolding: undefined, whileNot: undefined };

/** What matters of a verdict: whether, since when and how badly, not the wording. */
const fingerprint = ({ whileHolding, whileNot }: Exclude<Verdict, 'held'>): string =>
  [whileHolding, whileNot]
    .map((finding: Finding | undefined) => (finding ? `${finding.since ?? ''}/${finding.severity ?? ''}` : 'quiet'))
    .join('|');

const occurrences = (
  rule: ConnectorRule | StationRule,
  subject: Subject,
  found: ReturnType<NonNullable<ConnectorRule['occur']>>,
  version: number,
  { now, thresholds }: Moment,
): readonly Judgement[] =>
  found.map((occurrence) => ({
    kind: 'occurrence',
    rule: { name: rule.name, severity: rule.severity },
    subject,
    now,
    thresholds,
    version,
    occurrence,
    holdMs: rule.holdMs?.(thresholds) ?? 0,
    quorum: rule.quorum?.(thresholds) ?? { times: 1, withinMs: 0 },
  }));
