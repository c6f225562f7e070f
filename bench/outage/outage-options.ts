import { programOptions } from '../../cli/command-line/program-options.ts';

export type OutageOptions = {
  readonly stations: number;
  /** How long each store is out. */
  readonly outageMs: number;
  /** Between two injections, so that each is measured alone. */
  readonly restMs: number;
  readonly sampleSec: number;
  readonly rate: number;
  /** Stores by their names in ARNs. */
  readonly stores: readonly string[];
};

const allStores = ['dynamodb', 'kinesis', 's3', 'sns', 'events'];

const usage = `Usage: npm run bench:outage -- [options]
  --stations N     stations of the fleet (100)
  --outage-sec N   how long each store is out, once refusing and once hanging (30)
  --rest-sec N     between two outages (10)
  --sample-sec N   seconds between meter values (10)
  --rate X         how much faster than life cars come and go (8)
  --stores A,B     which stores (${allStores.join(',')}); '' for none
  --long           every outage takes four minutes`;

/** Reads the command line; ends the process for --help, and for what cannot be read. */
export const outageOptions = (): OutageOptions => {
  const values = programOptions(usage, {
    stations: { type: 'number', otherwise: 100, from: 1 },
    'outage-sec': { type: 'number', otherwise: 30, from: 0.1, isFraction: true },
    'rest-sec': { type: 'number', otherwise: 10, from: 0.1, isFraction: true },
    'sample-sec': { type: 'number', otherwise: 10, from: 0.1, isFraction: true },
    rate: { type: 'number', otherwise: 8, from: 0.01, isFraction: true },
    stores: { type: 'text', otherwise: allStores.join(',') },
    long: { type: 'flag' },
  });
  return {
    stations: values.stations,
    outageMs: values.long ? 240_000 : values['outage-sec'] * 1_000,
    restMs: values['rest-sec'] * 1_000,
    sampleSec: values['sample-sec'],
    rate: values.rate,
    stores: values.stores.split(',').filter((store) => store !== ''),
  };
};
