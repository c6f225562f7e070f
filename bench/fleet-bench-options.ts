import { programOptions } from '../cli/command-line/program-options.ts';

export type FleetBenchOptions = {
  readonly stations: number;
  readonly minutes: number;
  readonly sampleSec: number;
  readonly rate: number;
};

const usage = `Usage: npm run bench:fleet -- [--stations 500] [--minutes 10] [--sample-sec 30] [--rate 4]
A fleet on a stack of its own: how soon it is answered, and whether the stack knows in the end what the stations know.
  --stations N     stations of the fleet
  --minutes N      how long it runs
  --sample-sec N   seconds between meter values
  --rate X         how much faster than life cars come and go`;

/** Reads the command line; ends the process for --help, and for what cannot be read. */
export const fleetBenchOptions = (): FleetBenchOptions => {
  const { 'sample-sec': sampleSec, ...values } = programOptions(usage, {
    stations: { type: 'number', otherwise: 500, from: 1 },
    minutes: { type: 'number', otherwise: 10, from: 0.1, isFraction: true },
    'sample-sec': { type: 'number', otherwise: 30, from: 1, isFraction: true },
    rate: { type: 'number', otherwise: 4, from: 0.01, isFraction: true },
  });
  return { ...values, sampleSec };
};
