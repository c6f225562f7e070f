import { parseArgs } from 'node:util';
import type { System } from '../../async/system.ts';
import { MINUTE_MS } from '../../domain/kernel/durations.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { acceptSiteSignal } from '../../use-cases/accept-site-signals/accept-site-signal.ts';
import { type CheckPlacePorts, checkPlace } from '../../use-cases/accept-site-signals/check-place.ts';
import { SignalRefused } from '../../use-cases/accept-site-signals/read-site-signal.ts';
import type { SiteStream } from '../../use-cases/ports/sites/site-record.ts';
import { onlyFlags } from '../command-line/command-and-subject.ts';
import { instantText } from '../command-line/instant-flag.ts';
import { nameFlag } from '../command-line/name-flag.ts';
import { numberFlag } from '../command-line/number-flag.ts';
import { Problem } from '../command-line/problem.ts';

export const signalUsage = `Usage: npm run signal -- KIND --site SITE [FLAGS] [--every SECONDS] [--stage dev|prod]
  demand --kw KW [--ev-kw KW]                     what the grid meter of the site says
  prices --tier NAME | --price PER_KWH [--currency EUR]   what holds from now on
  limit --kw KW [--feeder NAME | --station ID] [--minutes N]   a limit from now on; without --kw it is taken back
  limit --phases --amps A [--minutes N]           the same for each phase of the connection
        [--sender NAME]      takes back that of another sender, which is not there any more (npm run site -- limits SITE names it)
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
      station: { type: 'string' },
      phases: { type: 'boolean' },
      amps: { type: 'string' },
      minutes: { type: 'string' },
      sender: { type: 'string' },
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
type Flag = keyof Flags;

/** Flags of each kind: those it needs, and those it may have; of a list within it one is enough. */
const flagsOf = {
  demand: { needed: ['kw'], other: ['ev-kw'] },
  prices: { needed: [['tier', 'price']], other: ['currency'] },
  limit: { needed: [], other: ['kw', 'amps', 'feeder', 'station', 'phases', 'minutes', 'sender'] },
  bid: { needed: ['evse', 'price'], other: ['currency'] },
  priority: { needed: ['evse', 'priority'], other: [] },
  departure: { needed: ['evse', 'in'], other: ['kwh'] },
  'opt-out': { needed: ['evse'], other: ['join', 'reason'] },
} as const satisfies Record<string, { needed: readonly (Flag | readonly Flag[])[]; other: readonly Flag[] }>;
type Kind = keyof typeof flagsOf;

const kindNamed = (text: string): Kind => {
  const found = Object.keys(flagsOf).find((kind): kind is Kind => kind === text);
  if (found === undefined) throw new Problem(`There is no signal "${text}".\n\n${signalUsage}`);
  return found;
};

/** Refuses a signal without what it has to say, and with what it cannot say: nobody would hear it. */
const checkFlags = (kind: Kind, flags: Flags): void => {
  const needed: readonly (Flag | readonly Flag[])[] = flagsOf[kind].needed;
  for (const one of needed.map((names) => [names].flat()))
    if (one.every((name) => flags[name] === undefined))
      throw new Problem(`signal ${kind} needs ${one.map((name) => `--${name}`).join(' or ')}\n\n${signalUsage}`);
  onlyFlags(`signal ${kind}`, flags, ['site', 'every', ...needed.flat(), ...flagsOf[kind].other], signalUsage);
};

const scaled = (factor: number, value: number | undefined): number | undefined =>
  value === undefined ? undefined : value * factor;

const evseOf = ({ evse }: Flags) => {
  const [, stationId, evseId] = /^(.+)\/(\d+)$/.exec(evse ?? '') ?? [];
  if (stationId === undefined) throw new Problem('--evse names a station and its EVSE: WS-0007/1');
  return { stationId, evseId: Number(evseId) };
};

const scopeOf = ({ feeder, station, phases }: Flags) => {
  if ([feeder, station, phases].filter((one) => one !== undefined).length > 1)
    throw new Problem('--feeder, --station or --phases: a limit is about one of them');
  if (phases === true) return { scope: 'phases' };
  if (station !== undefined) return { scope: 'station', stationId: station };
  return feeder === undefined ? { scope: 'site' } : { scope: 'feeder', feederId: feeder };
};

/** What a kind of signal says, from its flags; `now` is ms since the epoch. */
const bodyOf = (kind: Kind, flags: Flags, now: number): object => {
  const { tier, currency, reason } = flags;
  const price = numberFlag('price', flags.price);
  const limitW = scaled(1_000, numberFlag('kw', flags.kw));
  switch (kind) {
    case 'demand':
      return omitUndefined({ powerW: limitW, evPowerW: scaled(1_000, numberFlag('ev-kw', flags['ev-kw'])) });
    case 'prices':
      return omitUndefined({ currency, prices: [omitUndefined({ from: iso(now), tier, perKwh: price })] });
    case 'limit': {
      const lastsMs = scaled(MINUTE_MS, numberFlag('minutes', flags.minutes));
      const to = lastsMs === undefined ? undefined : instantText('--minutes', now + lastsMs);
      return omitUndefined({ ...scopeOf(flags), limitW, limitA: numberFlag('amps', flags.amps), to });
    }
    case 'bid':
      return omitUndefined({ ...evseOf(flags), perKwh: price, currency: currency ?? 'EUR' });
    case 'priority':
      return omitUndefined({ ...evseOf(flags), priority: numberFlag('priority', flags.priority) });
    case 'departure': {
      const inMs = scaled(MINUTE_MS, numberFlag('in', flags.in));
      if (inMs === undefined) throw new Problem('--in says in how many minutes the car leaves');
      return omitUndefined({
        ...evseOf(flags),
        departureAt: instantText('--in', now + inMs),
        energyWh: scaled(1_000, numberFlag('kwh', flags.kwh)),
      });
    }
    case 'opt-out':
      return omitUndefined({ ...evseOf(flags), optedOut: flags.join !== true, reason });
  }
};

export type SignalPorts = CheckPlacePorts & {
  readonly stream: SiteStream;
  readonly system: Pick<System, 'clock' | 'sleep'>;
  /** Who sits at the keyboard. */
  readonly user: string;
};

/** Runs `signal KIND`: puts a signal onto the stream of signals, once or again and again. */
export const signalCommand = async (
  argv: readonly string[],
  { stream, configurations, survey, system, user }: SignalPorts,
  print: (line: string) => void,
): Promise<void> => {
  const { values: flags, positionals } = signalFlags(argv);
  const [kindText, stray] = positionals;
  if (kindText === undefined) throw new Problem(signalUsage);
  if (stray !== undefined) throw new Problem(`"${stray}" is one word too many\n\n${signalUsage}`);
  const kind = kindNamed(kindText);
  const [siteId, source] = [nameFlag('site', flags.site), nameFlag('sender', flags.sender)];
  if (siteId === undefined) throw new Problem(`--site is missing\n\n${signalUsage}`);
  checkFlags(kind, flags);
  const everyMs = scaled(1_000, numberFlag('every', flags.every));
  if (everyMs !== undefined && everyMs <= 0) throw new Problem('--every is a number of seconds above 0');
  if ((await configurations.find(siteId)) === undefined)
    print(`note: ${siteId} is not configured: nothing follows it yet`);
  const accept = acceptSiteSignal({ stream, check: checkPlace({ configurations, survey }) });
  const send = async (): Promise<void> => {
    const now = system.clock();
    const said = { version: 1, siteId, time: iso(now), ...bodyOf(kind, flags, now) };
    try {
      const door = { name: kind, siteId, by: `command line: ${user}`, receivedAt: now };
      const { subject } = await accept({ ...door, ...omitUndefined({ source }) }, said);
      print(`${iso(now)} ${siteId}: ${subject}`);
    } catch (error) {
      if (error instanceof SignalRefused) throw new Problem(error.message);
      throw error;
    }
  };
  await send();
  while (everyMs !== undefined) {
    await system.sleep(everyMs);
    await send();
  }
};
