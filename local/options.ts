import { parseArgs } from 'node:util';
import { LocalProblem } from './local-problem.ts';
import type { PortOption } from './stack/local-service.ts';
import { localServices } from './stack/local-services.ts';

export type Options = {
  readonly help: boolean;
  readonly fleet: boolean;
  readonly stations: number;
  /** By the flag that chooses each. */
  readonly ports: Readonly<Record<string, number>>;
  readonly logs: boolean;
  /** Whether OpenADR 3 servers are followed. */
  readonly openAdr: boolean;
  /** Folder that keeps the state between starts; undefined: it is in memory. */
  readonly data: string | undefined;
};

/** The ports of all services that have one people connect to. */
const portOptions: readonly PortOption[] = localServices.flatMap(({ port }) => port ?? []);

export const usage = `Usage: npm start -- [options]
Runs the whole stack on this machine, with a simulated charging network.

  --stations N        stations of the demo network (40)
  --no-fleet          register no demo network and simulate nothing: for chargers of your own
${portOptions.map(({ flag, usual, serves }) => `  ${`--${flag} N`.padEnd(20)}${serves} (${usual})`).join('\n')}
  --data DIR          keep everything in this folder from start to start (otherwise it is in memory)
  --openadr           follow the OpenADR 3 servers that npm run openadr configures
  --logs              show what the Lambdas print
  --help              this text

A port of 0 takes any free one. Ctrl-C stops everything; a second Ctrl-C does not wait.`;

/** More than this and two cores have nothing left for the stack itself. */
const mostStations = 5_000;

const number = (flag: string, text: string, smallest: number, largest: number): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= smallest && value <= largest) return value;
  throw new LocalProblem(`${flag} must be a whole number from ${smallest} to ${largest}, not '${text}'`, usage);
};

/** Reads the command line. Throws a LocalProblem whose fix is the usage. */
export const readOptions = (argv: readonly string[]): Options => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      allowNegative: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        fleet: { type: 'boolean', default: true },
        stations: { type: 'string', default: '40' },
        ...Object.fromEntries(portOptions.map(({ flag }) => [flag, { type: 'string' as const }])),
        openadr: { type: 'boolean', default: false },
        logs: { type: 'boolean', default: false },
        data: { type: 'string' },
      },
    });
    // An unset variable of a shell: the state would be strewn over the working directory.
    if (values.data === '') throw new LocalProblem('--data names no folder', usage);
    const given: Readonly<Record<string, unknown>> = values;
    const portOf = ({ flag, usual }: PortOption) => number(`--${flag}`, String(given[flag] ?? usual), 0, 65_535);
    return {
      help: values.help,
      fleet: values.fleet,
      stations: number('--stations', values.stations, 1, mostStations),
      ports: Object.fromEntries(portOptions.map((option) => [option.flag, portOf(option)])),
      logs: values.logs,
      openAdr: values.openadr,
      data: values.data,
    };
  } catch (error) {
    if (error instanceof TypeError) throw new LocalProblem(error.message, usage, { cause: error });
    throw error;
  }
};
