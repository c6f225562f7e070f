import { parseArgs } from 'node:util';

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

export const outageUsage = `Usage: npm run bench:outage -- [options]
  --stations N     stations of the fleet (100)
  --outage-sec N   how long each store is out, once refusing and once hanging (30)
  --rest-sec N     between two outages (10)
  --sample-sec N   seconds between meter values (10)
  --rate X         how much faster than life cars come and go (8)
  --stores A,B     which stores (${allStores.join(',')}); '' for none
  --long           every outage takes four minutes`;

/** Reads the command line; throws an Error for the person who typed it. */
export const outageOptions = (argv: readonly string[]): OutageOptions => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      stations: { type: 'string', default: '100' },
      'outage-sec': { type: 'string', default: '30' },
      'rest-sec': { type: 'string', default: '10' },
      'sample-sec': { type: 'string', default: '10' },
      rate: { type: 'string', default: '8' },
      stores: { type: 'string', default: allStores.join(',') },
      long: { type: 'boolean', default: false },
    },
  });
  const positive = (name: 'stations' | 'outage-sec' | 'rest-sec' | 'sample-sec' | 'rate'): number => {
    const value = Number(values[name]);
    if (value > 0) return value;
    throw new Error(`--${name} must be a number above 0`);
  };
  return {
    stations: positive('stations'),
    outageMs: values.long ? 240_000 : positive('outage-sec') * 1_000,
    restMs: positive('rest-sec') * 1_000,
    sampleSec: positive('sample-sec'),
    rate: positive('rate'),
    stores: values.stores.split(',').filter((store) => store !== ''),
  };
};
