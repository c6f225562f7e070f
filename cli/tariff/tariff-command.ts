import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { minorDigits } from '../../domain/tariff/exact-amount.ts';
import { importTimeOfUse } from '../../domain/tariff/import-time-of-use.ts';
import { sessionCost } from '../../domain/tariff/session-cost.ts';
import type { Tariff, TariffAssignment } from '../../domain/tariff/tariff.ts';
import type { TariffTable } from '../../use-cases/ports/tariff-table.ts';
import { Problem } from '../command-line/problem.ts';

export const tariffUsage = `Usage: npm run tariff -- COMMAND [--stage dev|prod]
  add FILE.json                                 a tariff: tariffId, currency, elements
  import FILE.json --id ID --currency USD       a published time-of-use schedule, as in data/prices
  assign TARIFF [--station S | --site S] [--type CCS] [--from INSTANT] [--until INSTANT]
  list [--json]
Without --stage the stack that runs on this machine is meant. A session is priced by the tariff that held when it started.`;

/** Reads the flags of the tariff command. Throws node's own error for one it does not know. */
export const tariffFlags = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      stage: { type: 'string' },
      id: { type: 'string' },
      currency: { type: 'string' },
      station: { type: 'string' },
      site: { type: 'string' },
      type: { type: 'string' },
      from: { type: 'string' },
      until: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
type Flags = ReturnType<typeof tariffFlags>['values'];
type Print = (line: string) => void;

const fileContent = async (file: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Problem(`${file} cannot be read as JSON`, { cause: error });
  }
};

/** Prices a made-up hour with it: whatever is wrong with a tariff shows here and not at the first session. */
const tried = (tariff: Tariff): Tariff => {
  try {
    minorDigits(tariff.currency);
    const hour = {
      startedAt: 0,
      endedAt: 3_600_000,
      curve: [
        [0, 0],
        [1800, 1000],
        [3600, 1000],
      ] as const,
    };
    sessionCost(hour, tariff, 'UTC');
    for (const { components } of tariff.elements) sessionCost(hour, { ...tariff, elements: [{ components }] }, 'UTC');
    return tariff;
  } catch (error) {
    throw new Problem(`Tariff ${tariff.tariffId}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};

const isTariff = (value: unknown): value is Tariff =>
  typeof value === 'object' &&
  value !== null &&
  'tariffId' in value &&
  typeof value.tariffId === 'string' &&
  'currency' in value &&
  typeof value.currency === 'string' &&
  'elements' in value &&
  Array.isArray(value.elements);

const instantOf = (flag: string, text: string): number => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Problem(`--${flag}: an instant, such as 2027-01-01T00:00:00Z`);
  return at;
};

const assignmentOf = (tariffId: string, { station, site, type, from, until }: Flags): TariffAssignment => ({
  tariffId,
  ...(station === undefined ? {} : { stationId: station }),
  ...(site === undefined ? {} : { siteId: site }),
  ...(type === undefined ? {} : { connectorType: type }),
  ...(from === undefined ? {} : { validFrom: instantOf('from', from) }),
  ...(until === undefined ? {} : { validUntil: instantOf('until', until) }),
});

const list = async (table: TariffTable, flags: Flags, print: Print): Promise<void> => {
  const { tariffs, assignments } = await table.book();
  if (flags.json === true) return print(JSON.stringify({ tariffs, assignments }, null, 2));
  if (tariffs.length === 0) return print('There are no tariffs: sessions are not priced.');
  for (const { tariffId, currency, elements } of tariffs)
    print(`${tariffId}\t${currency}\t${elements.length} elements`);
  for (const { tariffId, stationId, siteId, connectorType } of assignments)
    print(
      `${tariffId} holds at ${stationId ?? siteId ?? 'the network'}${connectorType === undefined ? '' : ` for ${connectorType}`}`,
    );
};

/** Runs `tariff add|import|assign|list`. */
export const tariffCommand = async (argv: readonly string[], table: TariffTable, print: Print): Promise<void> => {
  const { values: flags, positionals } = tariffFlags(argv);
  const [command, subject] = positionals;
  if (command === 'list') return list(table, flags, print);
  if (command !== 'add' && command !== 'import' && command !== 'assign')
    throw new Problem(command === undefined ? tariffUsage : `There is no command "${command}".\n\n${tariffUsage}`);
  if (subject === undefined) throw new Problem(tariffUsage);
  if (command === 'assign') {
    const { tariffs } = await table.book();
    if (!tariffs.some(({ tariffId }) => tariffId === subject)) throw new Problem(`There is no tariff ${subject}.`);
    await table.assign(assignmentOf(subject, flags));
    return print(`${subject}: assigned.`);
  }
  const content = await fileContent(subject);
  if (command === 'add') {
    if (!isTariff(content)) throw new Problem(`${subject} is no tariff: tariffId, currency and elements are needed`);
    await table.putTariff(tried(content));
    return print(`${content.tariffId}: ${content.elements.length} elements.`);
  }
  const { id, currency } = flags;
  if (id === undefined || currency === undefined) throw new Problem('import needs --id and --currency');
  // The import checks what it reads and names what it cannot.
  const { tariff, warnings } = importTimeOfUse(content as Parameters<typeof importTimeOfUse>[0], id, currency);
  await table.putTariff(tried(tariff));
  for (const warning of warnings) print(`note: ${warning}`);
  print(`${id}: ${tariff.elements.length} elements.`);
};
