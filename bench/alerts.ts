import { programOptions } from '../cli/command-line/program-options.ts';
import { expectedAlerts, simulatedDay } from './alerts/day.ts';
import { watchDay } from './alerts/watch-day.ts';

/**
 * A day of 200 stations in simulated time, through the fold, the rules, the sweep and the alert table's lifecycle as the
 * Lambdas run them: three soft faults, five hard faults, two silent stations and one overloaded site among ordinary traffic
 * with its reconnects, pauses and tapers. Prints what was expected and what was raised; fails unless they are the same.
 */
const usage = `Usage: npm run bench:alerts -- [--seed 42]
A simulated day of 200 stations: the alerts that were expected of what was injected, and those that were raised.
  --seed N   another day`;

const { seed } = programOptions(usage, { seed: { type: 'number', otherwise: 42, from: 0 } });
const started = performance.now();
const day = simulatedDay(seed);
const { raised, figures, messages, events } = await watchDay(day);

const expected = expectedAlerts(day);
const missed = expected.filter(({ condition }) => !raised.some((alert) => alert.condition === condition));
const unexpected = raised.filter((alert) => !expected.some(({ condition }) => condition === alert.condition));
const minuteOf = (at: number | undefined): string =>
  at === undefined ? '-' : new Date(at).toISOString().slice(11, 16);
const clearedAt = (alert: (typeof raised)[number]): number | undefined =>
  alert.phase === 'cleared' ? alert.cleared.at : undefined;

console.table([
  ...expected.map(({ injected, condition, from }) => {
    const alert = raised.find((candidate) => candidate.condition === condition);
    return {
      injected,
      from: minuteOf(from),
      alert: condition,
      severity: alert?.severity ?? '-',
      raised: minuteOf(alert?.raisedAt),
      raises: alert?.raises ?? 0,
      cleared: minuteOf(alert && clearedAt(alert)),
      verdict: alert ? 'found' : 'MISSED',
    };
  }),
  ...unexpected.map((alert) => ({
    injected: 'nothing',
    from: '-',
    alert: alert.condition,
    severity: alert.severity,
    raised: minuteOf(alert.raisedAt),
    raises: alert.raises,
    cleared: minuteOf(clearedAt(alert)),
    verdict: 'FALSE',
  })),
]);
console.log(
  [
    `${day.stations.length} stations, ${messages} messages, ${events} events after deduplication, 1440 sweeps`,
    `expected ${expected.length}, raised ${raised.length}, false ${unexpected.length}, missed ${missed.length}`,
    `mean time to repair ${figures.meanTimeToRepairSec ?? '-'} s, ${figures.perStationDay?.toFixed(3)} alerts per station and day`,
    `${Math.round((performance.now() - started) / 100) / 10} s`,
  ].join('\n'),
);
process.exitCode = missed.length + unexpected.length > 0 || raised.some(({ phase }) => phase === 'open') ? 1 : 0;
