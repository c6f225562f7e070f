import { callPolicies } from '../../aws/call-policy.ts';
import { dirtyMarks } from '../../aws/dynamodb/dirty-marks.ts';
import { documentClient } from '../../aws/dynamodb/document-client.ts';
import { exclusionSettings } from '../../aws/dynamodb/exclusion-settings.ts';
import { stationRegistry } from '../../aws/dynamodb/station-registry.ts';
import { reportCommand } from '../../cli/report/report-command.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { exclusionReasons } from '../../domain/uptime/uptime-row.ts';
import { sleep } from '../../simulator/clock.ts';
import type { Actor, DeclaredExclusion } from './actor.ts';

const MEAN_GAP_MS = 30 * MINUTE_MS;

const [firstReason, ...moreReasons] = exclusionReasons;

/** What is left of an exclusion where a time counts again. */
const without = (one: DeclaredExclusion, fromAt: number, toAt: number): readonly DeclaredExclusion[] =>
  one.toAt <= fromAt || one.fromAt >= toAt
    ? [one]
    : [
        { ...one, toAt: fromAt },
        { ...one, fromAt: toAt },
      ].filter((part) => part.toAt > part.fromAt);

export const auditor: Actor = {
  name: 'auditor',
  about:
    'Declares on the command line what does not count against the uptime of stations and connectors, before and after, and takes some of it back.',
  share: 0.4,
  act: ({ network, stack, clock, untilAt }, chance, asked) => {
    const { open, nameOf } = stack;
    const system = { clock: clock.now, random: chance.next, sleep: (ms: number) => sleep(clock, ms) };
    const db = documentClient(callPolicies.operator, open);
    const stores = {
      windows: { read: async () => [] },
      registry: stationRegistry(nameOf('stations'), system, db),
      exclusions: exclusionSettings(nameOf('settings'), system, db),
      dirty: dirtyMarks(nameOf('timeline'), system, db),
      now: clock.now,
      user: 'auditor',
    };
    const declared = new Map<string, readonly DeclaredExclusion[]>();
    const act = async (): Promise<void> => {
      if (clock.now() > untilAt) return;
      const station = network.stations[chance.integer(0, network.stations.length - 1)];
      const connector = station?.connectors[chance.integer(0, station.connectors.length - 1)];
      if (station === undefined || connector === undefined) return;
      const { stationId } = station;
      const fromAt = clock.now() + Math.round(chance.between(-120, 60)) * MINUTE_MS;
      const toAt = fromAt + chance.integer(5, 180) * MINUTE_MS;
      const span = [fromAt, toAt].map((at) => new Date(at).toISOString());
      const before = declared.get(stationId) ?? [];
      const isTakenBack = chance.chance(0.4) && before.some((one) => one.fromAt < toAt && one.toAt > fromAt);
      const reason = chance.pick([firstReason, ...moreReasons]);
      const connectorKey = chance.chance(0.5) ? `${connector.evseId}#${connector.connectorId}` : undefined;
      const flags = ['--from', span[0] ?? '', '--to', span[1] ?? ''];
      if (isTakenBack) await reportCommand(['include', stationId, ...flags], stores, () => {});
      else {
        const of = connectorKey === undefined ? [] : ['--connector', connectorKey];
        await reportCommand(['exclude', stationId, '--reason', reason, ...of, ...flags], stores, () => {});
      }
      const added = { reason, fromAt, toAt, ...(connectorKey !== undefined && { connectorKey }) };
      const exclusions = isTakenBack ? before.flatMap((one) => without(one, fromAt, toAt)) : [...before, added];
      declared.set(stationId, exclusions);
      asked({ kind: 'exclusions', at: clock.now(), stationId, exclusions });
      clock.after(chance.wait(MEAN_GAP_MS), () => void act());
    };
    clock.after(chance.wait(MEAN_GAP_MS), () => void act());
  },
};
