import { DAY_MS } from '../kernel/durations.ts';
import type { Alert } from './alert.ts';
import { type Severity, severities } from './severity.ts';

export type AlertFigures = {
  /** Alerts whose condition began within the period (a reopened one counts once). */
  readonly raised: number;
  /** Those of them that are open now. */
  readonly open: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byRule: Readonly<Record<string, number>>;
  /** Mean time an alert that ended within the period was open, s; absent when none ended. */
  readonly meanTimeToRepairSec?: number;
  /** Mean time from raise to first acknowledgement, s; absent when none was acknowledged. */
  readonly meanTimeToAcknowledgeSec?: number;
  /** Alerts raised per station and day: the measure of alert fatigue. */
  readonly perStationDay?: number;
};

const meanSec = (durationsMs: readonly number[]): number | undefined =>
  durationsMs.length === 0
    ? undefined
    : Math.round(durationsMs.reduce((sum, durationMs) => sum + durationMs, 0) / durationsMs.length / 1000);

/** Figures over the alerts of a period [fromMs, toMs) and a fleet of `stations`. Pending alerts were never told and do not count. */
export const alertFigures = (
  alerts: readonly Alert[],
  { fromMs, toMs, stations }: { fromMs: number; toMs: number; stations: number },
): AlertFigures => {
  const within = (at: number): boolean => at >= fromMs && at < toMs;
  const told = alerts.filter(({ raises, since }) => raises > 0 && within(since));
  const ended = alerts.filter((alert) => alert.phase === 'cleared' && within(alert.cleared.at));
  const repairSec = meanSec(ended.map(({ openForMs }) => openForMs));
  const acknowledgeSec = meanSec(
    told.flatMap(({ acknowledgedAfterMs }) => (acknowledgedAfterMs === undefined ? [] : [acknowledgedAfterMs])),
  );
  const days = (toMs - fromMs) / DAY_MS;
  const bySeverity = { info: 0, warning: 0, major: 0, critical: 0 };
  for (const severity of severities) bySeverity[severity] = told.filter((alert) => alert.severity === severity).length;
  return {
    raised: told.length,
    open: told.filter(({ phase }) => phase === 'open').length,
    bySeverity,
    byRule: Object.fromEntries([...Map.groupBy(told, ({ rule }) => rule)].map(([rule, of]) => [rule, of.length])),
    ...(repairSec === undefined ? {} : { meanTimeToRepairSec: repairSec }),
    ...(acknowledgeSec === undefined ? {} : { meanTimeToAcknowledgeSec: acknowledgeSec }),
    ...(stations > 0 && days > 0 ? { perStationDay: told.length / stations / days } : {}),
  };
};
