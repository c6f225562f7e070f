import { parseArgs } from 'node:util';
import { z } from 'zod';

const Options = z.object({
  file: z.string({ error: 'name a file of recorded sessions' }),
  json: z.boolean(),
  twice: z.boolean(),
  shuffle: z.string().min(1).optional(),
  duplicates: z.coerce.number().min(0).max(1),
});
export type ReplayOptions = z.infer<typeof Options>;

export const replayUsage = `Usage: npm run replay -- FILE.csv [options]
Sends recorded charging sessions through the whole local stack, as chargers delivering their offline queues would.
  FILE.csv           recorded sessions; data/README.md names the columns and how foreign names are mapped
  --json             print the totals as one JSON object
  --twice            deliver everything a second time
  --shuffle SEED     cut each station's messages into random batches, with a lost connection between them
  --duplicates P     share of messages that are sent again at once, and of batches that come again later (0 to 1, with --shuffle)
The demo week is data/demo-week-2018-10-22.csv.`;

/** Reads the command line; throws an Error with a message for the person who typed it. */
export const replayOptions = (argv: readonly string[]): ReplayOptions => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      twice: { type: 'boolean', default: false },
      shuffle: { type: 'string' },
      duplicates: { type: 'string', default: '0.2' },
    },
  });
  const parsed = Options.safeParse({ ...values, file: positionals[0] });
  if (!parsed.success)
    throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  if (positionals.length > 1) throw new Error(`One file at a time: ${positionals.join(', ')}`);
  return parsed.data;
};
