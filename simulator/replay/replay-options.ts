import { z } from 'zod';
import { Problem } from '../../cli/command-line/problem.ts';
import { readOptions } from '../../cli/command-line/program-options.ts';

const Options = z.object({
  file: z.string({ error: 'name a file of recorded sessions' }),
  json: z.boolean(),
  twice: z.boolean(),
  shuffle: z.string().min(1).optional(),
  duplicates: z.number().min(0).max(1),
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

/** Reads the command line; throws a Problem, or node's own error, for the person who typed it. */
export const replayOptions = (argv: readonly string[]): ReplayOptions => {
  const kinds = {
    json: { type: 'flag' },
    twice: { type: 'flag' },
    shuffle: { type: 'text' },
    duplicates: { type: 'number', otherwise: 0.2, from: 0, isFraction: true },
  } as const;
  const { values, words } = readOptions(kinds, argv, 1);
  const { data, error } = Options.safeParse({ ...values, file: words[0] });
  if (error) throw new Problem(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  return data;
};
