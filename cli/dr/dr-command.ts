import { parseArgs } from 'node:util';
import { readParticipation } from '../../domain/demand-response/participation.ts';
import { readRestoration, readSignal } from '../../domain/demand-response/read-signal.ts';
import type { SignalRecord } from '../../domain/demand-response/signal-record.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import { type ParticipationPorts, setParticipation } from '../../use-cases/respond-to-demand/set-participation.ts';
import { restoreSignals, type SubmitPorts, submitSignal } from '../../use-cases/respond-to-demand/submit-signal.ts';
import { onlyFlags } from '../command-line/command-and-subject.ts';
import { instantText } from '../command-line/instant-flag.ts';
import { numberFlag } from '../command-line/number-flag.ts';
import { Problem } from '../command-line/problem.ts';

export const drUsage = `Usage: npm run dr -- --zone ZONE --reduce-kw KW --minutes N [--shed] [--priority 1|2|3] [--in SECONDS] [--detach]
       npm run dr -- --site SITE --curtail-pct PERCENT --minutes N
       npm run dr -- --restore SIGNAL
       npm run dr -- --list
       npm run dr -- --participation '{"siteId":"depot","kept":[{"connectorType":"CCS","minimumKw":50}]}'
       npm run dr -- --participation '{"tag":"WS000001","isOptedOut":true,"why":"on call"}'
Asks stations for relief as the grid would, and tells what they deliver until the event is over.
  --shed      voids floors: cars may be paused
  --priority  1 presses hardest; 2 when left out
  --in        begins after so many seconds; at once when left out
  --participation  says how a site or a driver takes part: docs/demand-response.md
  --detach    does not wait for the end
  --stage     dev or prod; without it the stack that runs on this machine is meant`;

/** Reads the flags of the command. Throws node's own error for one it does not know. */
export const drFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    options: {
      zone: { type: 'string' },
      site: { type: 'string' },
      'reduce-kw': { type: 'string' },
      'curtail-pct': { type: 'string' },
      minutes: { type: 'string' },
      shed: { type: 'boolean' },
      priority: { type: 'string' },
      in: { type: 'string' },
      restore: { type: 'string' },
      list: { type: 'boolean' },
      participation: { type: 'string' },
      detach: { type: 'boolean' },
      stage: { type: 'string' },
      help: { type: 'boolean' },
    },
  });

export type DrPorts = SubmitPorts &
  ParticipationPorts & {
    /** Who sits at the keyboard. */
    readonly user: string;
  };

const POLL_MS = 2_000;

const json = (flag: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(`--${flag} is no JSON: ${String(error)}`);
  }
};

const kw = (powerW: number | undefined): string => (powerW === undefined ? '-' : (powerW / 1_000).toFixed(2));

const line = ({ signal, state, endedAs, round, figures, lastCheck }: SignalRecord): string =>
  [
    signal.signalId,
    endedAs ?? state,
    `asked ${kw(figures?.askedW)} kW`,
    `planned ${kw(figures?.plannedW)} kW`,
    `delivered ${kw(lastCheck?.deliveredW)} kW`,
    `round ${round}`,
  ].join('  ');

const withFix = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Rejected ? new Problem(`${error.message}\n\n${drUsage}`) : error;
  }
};

/** Submits a drill and follows it, ends one, or lists those that run. */
export const drCommand = async (
  argv: readonly string[],
  ports: DrPorts,
  print: (line: string) => void,
): Promise<void> => {
  const { values } = drFlags(argv);
  const { signals, system, user } = ports;
  const arrival = { receivedAt: system.clock(), by: `command line: ${user}` };
  if (values.list === true) {
    onlyFlags('dr --list', values, ['list'], drUsage);
    const open = await signals.open();
    if (open.length === 0) return print('No event is open.');
    for (const record of open) print(line(record));
    return;
  }
  const { participation } = values;
  if (participation !== undefined) {
    onlyFlags('dr --participation', values, ['participation'], drUsage);
    const asked = () => setParticipation(ports)(readParticipation(json('participation', participation), arrival));
    const { rev, isOptedOut, kept } = await withFix(asked);
    print(`revision ${rev}: ${isOptedOut ? 'opted out' : 'takes part'}, ${kept.length} entries of power that is kept`);
    return;
  }
  const { restore } = values;
  if (restore !== undefined) {
    onlyFlags('dr --restore', values, ['restore'], drUsage);
    const asked = () => restoreSignals(ports)(readRestoration({ signalIds: [restore] }, arrival));
    for (const record of await withFix(asked)) print(line(record));
    return;
  }
  const minutes = numberFlag('minutes', values.minutes);
  if (minutes === undefined) throw new Problem(`--minutes is missing\n\n${drUsage}`);
  const startAt = arrival.receivedAt + (numberFlag('in', values.in) ?? 0) * 1_000;
  const asked = {
    signalId: `drill-${arrival.receivedAt.toString(36)}`,
    type: values.shed ? 'SHED' : 'CURTAIL',
    startAt: instantText('--in', startAt),
    endAt: instantText('--minutes', startAt + minutes * 60_000),
    ...omitUndefined({
      zoneId: values.zone,
      siteId: values.site,
      reductionKw: numberFlag('reduce-kw', values['reduce-kw']),
      curtailmentPct: numberFlag('curtail-pct', values['curtail-pct']),
      priority: numberFlag('priority', values.priority),
    }),
  };
  const submitted = withFix(() => submitSignal(ports)(readSignal(asked, arrival)));
  const taken = await submitted.catch((error: unknown) => {
    const { signalId } = asked;
    if (!(error instanceof Problem))
      print(`${signalId} may have begun all the same: npm run dr -- --list tells, --restore ${signalId} ends it.`);
    throw error;
  });
  print(line(taken));
  if (values.detach) return;
  print(`Ctrl-C lets it go on; npm run dr -- --restore ${taken.signal.signalId} ends it.`);
  let last = line(taken);
  for (;;) {
    await system.sleep(POLL_MS);
    const record = await signals.load(taken.signal.signalId);
    if (record === undefined) throw new Problem(`${taken.signal.signalId} is not there any more`);
    if (line(record) !== last) print(line(record));
    last = line(record);
    const failed = record.outbox.find((change) => change.type === 'Completed' && change.as === 'failed');
    if (failed?.type === 'Completed') throw new Problem(failed.reason ?? 'The event failed');
    if (record.state === 'restoring' || record.state === 'ended') return;
  }
};
