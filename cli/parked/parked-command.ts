import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { HOUR_MS } from '../../domain/kernel/durations.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import type { ParkedArchive, ParkedObject } from '../../use-cases/ports/parked-records.ts';
import { type ParkedContent, type ParkedItem, parkedContent } from '../../use-cases/redrive/parked-content.ts';
import { type Commands, commandAndSubject } from '../command-line/command-and-subject.ts';
import { Problem } from '../command-line/problem.ts';

export const parkedUsage = `Usage: npm run parked -- COMMAND [--stage dev|prod]
  list [--hours 24] [--json]       what was parked, hour by hour: key, station, reason
  show KEY                         the object as it was parked
  redrive KEY | --all [--hours 24] puts records back where they came from and takes them out of the bucket
Without --stage the stack that runs on this machine is meant. A record may be put back any number of times: its content
decides what of it is new. One that fails again is parked again.`;

/** Reads the flags of the parked command. Throws node's own error for one it does not know. */
export const parkedFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      hours: { type: 'string' },
      all: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });

export type ParkedPorts = {
  readonly archive: ParkedArchive;
  readonly redrive: (items: readonly ParkedItem[]) => Promise<void>;
  /** ms since the epoch. */
  readonly now: () => number;
};

const READS_AT_ONCE = 16;
const SHOWN_STATIONS = 3;

type Listed = ParkedObject & { readonly content: ParkedContent };

const hoursOf = (text: string | undefined): number => {
  const hours = Number(text ?? 24);
  if (!Number.isInteger(hours) || hours < 1 || hours > 24 * 400)
    throw new Problem('--hours is a number from 1 to 9600');
  return hours;
};

/** What no reader of ours understands is listed all the same: it was kept for somebody. */
const contentOf = (text: string | undefined): ParkedContent => {
  try {
    return parkedContent(text ?? '');
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return { reason: 'holds no records of a stream', about: [], items: [] };
  }
};

const aboutOf = ({ about }: ParkedContent): string => {
  if (about.length === 0) return '-';
  const more = about.length - SHOWN_STATIONS;
  return `${about.slice(0, SHOWN_STATIONS).join(',')}${more > 0 ? ` and ${more} more` : ''}`;
};

const commands = {
  list: { flags: ['hours', 'json'], alone: true },
  show: { flags: [] },
  redrive: { flags: ['all', 'hours'] },
} as const satisfies Commands;

/** Runs `parked list|show|redrive` on the parked bucket. */
export const parkedCommand = async (
  argv: readonly string[],
  { archive, redrive, now }: ParkedPorts,
  print: (line: string) => void,
): Promise<void> => {
  const line = parkedFlags(argv);
  const { values: flags } = line;
  const [command, key] = commandAndSubject(line, commands, parkedUsage);

  const listed = async (): Promise<readonly Listed[]> => {
    const objects = await archive.list(now() - hoursOf(flags.hours) * HOUR_MS, now());
    const read = async (object: ParkedObject) => ({ ...object, content: contentOf(await archive.read(object.key)) });
    return await pMap(objects, read, { concurrency: READS_AT_ONCE });
  };
  const textOf = async (wanted: string | undefined): Promise<string> => {
    if (wanted === undefined) throw new Problem(`Which object? list shows the keys.\n\n${parkedUsage}`);
    const text = await archive.read(wanted);
    if (text === undefined) throw new Problem(`Nothing is parked under ${wanted}.`);
    return text;
  };
  const putBack = async (object: string, { items, reason }: ParkedContent): Promise<boolean> => {
    try {
      if (items.length === 0) throw new Rejected(reason);
      await redrive(items);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      print(`${object}: stays, ${error.message}`);
      return false;
    }
    await archive.remove(object);
    print(`${object}: ${items.length === 1 ? 'one record' : `${items.length} records`} put back`);
    return true;
  };

  switch (command) {
    case 'list': {
      const all = await listed();
      if (flags.json === true) {
        const shown = all.map(({ key: name, at, content: { reason, about, items } }) => ({
          key: name,
          at: new Date(at).toISOString(),
          about,
          reason,
          records: items.length,
        }));
        return print(JSON.stringify(shown, null, 2));
      }
      if (all.length === 0) return print('Nothing is parked.');
      for (const [hour, ofHour] of Map.groupBy(all, ({ at }) => Math.floor(at / HOUR_MS))) {
        print(`${new Date(hour * HOUR_MS).toISOString().slice(0, 13)}:00Z  ${ofHour.length} parked`);
        for (const { key: name, content } of ofHour) print(`  ${name}\t${aboutOf(content)}\t${content.reason}`);
      }
      return;
    }
    case 'show':
      return print(await textOf(key));
    case 'redrive': {
      if ((key === undefined) === (flags.all !== true)) throw new Problem(`Give one key, or --all.\n\n${parkedUsage}`);
      if (key !== undefined) {
        const put = await putBack(key, contentOf(await textOf(key)));
        if (!put) throw new Problem('Nothing was put back.');
        return;
      }
      const all = await listed();
      if (all.length === 0) return print('Nothing is parked.');
      let stayed = 0;
      for (const { key: name, content } of all) if (!(await putBack(name, content))) stayed += 1;
      if (stayed > 0) throw new Problem(`${stayed} of ${all.length} stay parked.`);
      return;
    }
  }
};
