import { parseArgs } from 'node:util';

export type FleetBenchOptions = {
  readonly stations: number;
  readonly minutes: number;
  readonly sampleSec: number;
  readonly rate: number;
};

export const fleetBenchUsage =
  'Usage: npm run bench:fleet -- [--stations 500] [--minutes 10] [--sample-sec 30] [--rate 4]';

/** Reads the command line; throws an Error for the person who typed it. */
export const fleetBenchOptions = (argv: readonly string[]): FleetBenchOptions => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stations: { type: 'string', default: '500' },
      minutes: { type: 'string', default: '10' },
      'sample-sec': { type: 'string', default: '30' },
      rate: { type: 'string', default: '4' },
    },
  });
  const read = {
    stations: Number(values.stations),
    minutes: Number(values.minutes),
    sampleSec: Number(values['sample-sec']),
    rate: Number(values.rate),
  };
  const wrong = Object.entries(read).find(([, value]) => !(value > 0));
  if (wrong) throw new Error(`${wrong[0]} must be a number above 0`);
  return read;
};
