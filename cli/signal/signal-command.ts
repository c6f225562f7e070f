import { parseArgs } from 'node:util';
import type { System } from '../../async/system.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { acceptSignal } from '../../use-cases/accept-site-signals/accept-signal.ts';
import { SignalRefused } from '../../use-cases/accept-site-signals/read-signal.ts';
import type { SiteStream } from '../../use-cases/ports/sites/site-record.ts';
import { Problem } from '../command-line/problem.ts';

export const signalUsage = `Usage: npm run signal -- KIND --site SITE [FLAGS] [--every SECONDS] [--stage dev|prod]
  demand --kw KW [--ev-kw KW]                     what the grid meter of the site says
  prices --tier NAME | --price PER_KWH [--currency EUR]   what holds from now on
  limit --kw KW [--feeder NAME] [--minutes N]     a limit from now on; without --kw it is taken back
  bid --evse STATION/EVSE --price PER_KWH [--currency EUR]
  priority --evse STATION/EVSE --priority 1-9
  departure --evse STATION/EVSE --in MINUTES [--kwh KWH]
  opt-out --evse STATION/EVSE [--join] [--reason TEXT]
  --every   sends it again every so many seconds, until Ctrl-C
Without --stage the stack that runs on this machine is meant. Contracts: docs/signals.md.`;

/** Reads the flags of the command. Throws node's own error for one it does not know. */
export const signalFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      site: { type: 'string' },
      kw: { type: 'string' },
      'ev-kw': { type: 'string' },
      tier: { type: 'string' },
      price: { type: 'string' },
      currency: { type: 'string' },
      feeder: { type: 'string' },
      minutes: { type: 'string' },
      evse: { type: 'string' },
      priority: { type: 'string' },
      in: { type: 'string' },
      kwh: { type: 'string' },
      join: { type: 'boolean' },
      reason: { type: 'string' },
      every: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
type Flags = ReturnType<typeof signalFlags>['values'];

const MINUTE_MS = 60_000;

const numberOf = (flag: keyof Flags, flags: Flags): number | undefined => {
  const text = flags[flag];
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || text.trim() === '' || !Number.isFinite(Number(text)))
    throw new Problem(`--${flag} "${text}" is no number`);
  return Number(text);
};

const scaled = (factor: number, value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * factor;

const evseOf = ({ evse }: Flags) => {
  const [, stationId, evseId] = /^(.+)\/(\d+)$/.exec(evse ?? '') ?? [];
  if (stationId === undefined) throw new Problem('--evse names a station and its EVSE: WS-0007/1');
  return { stationId, evseId: Number(evseId) };
};

const iso = (at: number): string => new Date(at).toISOString();

/** What a kind of signal says, from its flags; `now` is ms since the epoch. */
const bodyOf = (kind: string, flags: Flags, now: number): object => {
  const { tier, currency, feeder, reason } = flags;
  const price = numberOf('price', flags);
  const limitW = scaled(1_000, numberOf('kw', flags));
  switch (kind) {
    case 'demand':
      return omitUndefined({ powerW: limitW, evPowerW: scaled(1_000, numberOf('ev-kw', flags)) });
    case 'prices':
      return omitUndefined({ currency, prices: [omitUndefined({ from: iso(now), tier, perKwh: price })] });
    case 'limit': {
      const lastsMs = scaled(MINUTE_MS, numberOf('minutes', flags));
      const to = lastsMs === undefined ? undefined : iso(now + lastsMs);
      return omitUndefined({ scope: feeder === undefined ? 'site' : 'feeder', feederId: feeder, limitW, to });
    }
    case 'bid':
      return omitUndefined({ ...evseOf(flags), perKwh: price, currency: currency ?? 'EUR' });
    case 'priority':
      return omitUndefined({ ...evseOf(flags), priority: numberOf('priority', flags) });
    case 'departure': {
      const inMs = scaled(MINUTE_MS, numberOf('in', flags));
      if (inMs === undefined) throw new Problem('--in says in how many minutes the car leaves');
      return omitUndefined({
        ...evseOf(flags),
        departureAt: iso(now + inMs),
        energyWh: scaled(1_000, numberOf('kwh', flags)),
      });
    }
    case 'opt-out':
      return omitUndefined({ ...evseOf(flags), optedOut: flags.join !== true, reason });
    default:
      throw new Problem(`There is no signal "${kind}".\n\n${signalUsage}`);
  }
};

export type SignalPorts = {
  readonly stream: SiteStream;
  readonly system: Pick<System, 'clock' | 'sleep'>;
  /** Who sits at the keyboard. */
  readonly user: string;
};

/** Runs `signal KIND`: puts a signal onto the stream of signals, once or again and again. */
export const signalCommand = async (
  argv: readonly string[],
  { stream, system, user }: SignalPorts,
  print: (line: string) => void,
): Promise<void> => {
  const { values: flags, positionals } = signalFlags(argv);
  const [kind] = positionals;
  const { site: siteId } = flags;
  if (kind === undefined || siteId === undefined) throw new Problem(signalUsage);
  const everyMs = scaled(1_000, numberOf('every', flags));
  const accept = acceptSignal({ stream });
  const send = async (): Promise<void> => {
    const now = system.clock();
    const said = { version: 1, siteId, time: iso(now), ...bodyOf(kind, flags, now) };
    try {
      const { subject } = await accept({ name: kind, siteId, by: `cli: ${user}`, receivedAt: now }, said);
      print(`${iso(now)} ${siteId}: ${subject}`);
    } catch (error) {
      if (error instanceof SignalRefused) throw new Problem(error.message);
      throw error;
    }
  };
  await send();
  while (everyMs !== undefined && everyMs > 0) {
    await system.sleep(everyMs);
    await send();
  }
};
