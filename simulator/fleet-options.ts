import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Problem } from '../cli/command-line/problem.ts';
import { type Behaviour, behaviourUsage, behaviourWith, wellBehaved } from './charge-point/commands/behaviour.ts';
import { random } from './random.ts';

const positive = z.coerce.number().positive();

const Options = z.object({
  url: z.url({ protocol: /^wss?$/ }),
  stations: positive.int().max(5000),
  seed: z.string().min(1),
  sampleSec: positive,
  retrySec: positive,
  rate: positive,
  credentials: z.string().optional(),
  truth: z.string(),
  strict: z.boolean(),
  drops: z.boolean(),
  behave: z.array(z.string()),
  mqtt: z.url({ protocol: /^mqtts?$/ }).optional(),
  buildings: z.url({ protocol: /^mqtts?$/ }).optional(),
});
export type FleetOptions = z.infer<typeof Options>;

export const fleetUsage = `Usage: npx node simulator/fleet.ts --url ws://127.0.0.1:8080/ocpp [options]
  --url URL          where stations connect; the station id is appended
  --stations N       how many stations of the demo network to run (40)
  --seed S           seed of the network and of everything that happens (demo)
  --credentials FILE passwords to use instead of the network's own: JSON [{"stationId","password"}]
  --sample-sec N     seconds between meter values (30)
  --retry-sec N      seconds before a refused transaction message is sent again (3); five attempts in all
  --rate X           how much faster than life cars come and go (4)
  --truth FILE       where SIGUSR2 writes what the stations know (fleet-truth.json)
  --strict           validate every message against the official schemas
  --no-drops         keep every connection up
  --mqtt URL         every tenth station connects over MQTT, to this broker
  --buildings URL    the buildings of controlled sites tell their grid meters, to this broker
  --behave WHO:WORDS how stations treat their CSMS; may be given several times. WHO is a station id, * or a share (10%)
${behaviourUsage}`;

/** Reads the command line; throws a Problem, or node's own error, for the person who typed it. */
export const fleetOptions = (argv: readonly string[]): FleetOptions => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: { type: 'string' },
      stations: { type: 'string', default: '40' },
      seed: { type: 'string', default: 'demo' },
      'sample-sec': { type: 'string', default: '30' },
      'retry-sec': { type: 'string', default: '3' },
      rate: { type: 'string', default: '4' },
      credentials: { type: 'string' },
      truth: { type: 'string', default: 'fleet-truth.json' },
      strict: { type: 'boolean', default: false },
      drops: { type: 'boolean', default: true },
      mqtt: { type: 'string' },
      buildings: { type: 'string' },
      behave: { type: 'string', multiple: true, default: [] },
    },
    allowNegative: true,
  });
  const parsed = Options.safeParse({
    ...values,
    sampleSec: values['sample-sec'],
    retrySec: values['retry-sec'],
  });
  if (parsed.success) {
    try {
      // A mistyped behaviour is told now, not when its station starts.
      behaviours(parsed.data);
    } catch (error) {
      throw new Problem(error instanceof Error ? error.message : String(error), { cause: error });
    }
    return parsed.data;
  }
  const problems = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new Problem(problems.join('\n'));
};

/**
 * How each station behaves at first, by the `--behave` flags: every flag that means a station counts, in order. Of a share it
 * is the seed that says which stations belong to it.
 */
export const behaviours = ({
  behave,
  seed,
}: Pick<FleetOptions, 'behave' | 'seed'>): ((stationId: string) => Behaviour) => {
  const flags = behave.map((flag) => {
    const [, who = '', words = ''] = /^([^:]+):(.+)$/.exec(flag) ?? [];
    const share = /^(\d+(?:\.\d+)?)%$/.exec(who)?.[1];
    if (who === '') throw new Error(`--behave ${flag}: WHO:WORDS is wanted`);
    behaviourWith(wellBehaved, words);
    const means = (stationId: string): boolean =>
      who === '*' ||
      who === stationId ||
      random(`${seed} behaves ${stationId} ${flag}`).chance(Number(share ?? 0) / 100);
    return { means, words };
  });
  return (stationId) =>
    flags
      .filter(({ means }) => means(stationId))
      .reduce((behaviour, { words }) => behaviourWith(behaviour, words), wellBehaved);
};
