import { parseArgs } from 'node:util';
import { LocalProblem } from './local-problem.ts';

export type Options = {
  readonly help: boolean;
  readonly fleet: boolean;
  readonly stations: number;
  readonly ports: { readonly ocpp: number; readonly graphql: number; readonly mqtt: number; readonly dynamodb: number };
  readonly logs: boolean;
};

export const usage = `Usage: npm start -- [options]
Runs the whole stack on this machine, with a simulated charging network.

  --stations N        stations of the demo network (40)
  --no-fleet          register no demo network and simulate nothing: for chargers of your own
  --port N            OCPP over WebSocket (9220)
  --graphql-port N    GraphQL (9240)
  --mqtt-port N       OCPP over MQTT (1883)
  --dynamodb-port N   DynamoDB (8000)
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
        port: { type: 'string', default: '9220' },
        'graphql-port': { type: 'string', default: '9240' },
        'mqtt-port': { type: 'string', default: '1883' },
        'dynamodb-port': { type: 'string', default: '8000' },
        logs: { type: 'boolean', default: false },
      },
    });
    const port = (flag: 'port' | 'graphql-port' | 'mqtt-port' | 'dynamodb-port') =>
      number(`--${flag}`, values[flag], 0, 65_535);
    return {
      help: values.help,
      fleet: values.fleet,
      stations: number('--stations', values.stations, 1, mostStations),
      ports: {
        ocpp: port('port'),
        graphql: port('graphql-port'),
        mqtt: port('mqtt-port'),
        dynamodb: port('dynamodb-port'),
      },
      logs: values.logs,
    };
  } catch (error) {
    if (error instanceof TypeError) throw new LocalProblem(error.message, usage, { cause: error });
    throw error;
  }
};
