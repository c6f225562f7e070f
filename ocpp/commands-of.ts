import type { Command } from './command.ts';
import type { OcppVersion } from './frames/envelope.ts';
import { commands16 } from './v16/to-charger/index.ts';
import { commands21 } from './v21/to-charger/index.ts';
import { commands201 } from './v201/to-charger/index.ts';

const byName = (commands: readonly Command[]): ReadonlyMap<string, Command> =>
  new Map(commands.map((command) => [command.name, command]));

const tables: Record<OcppVersion, ReadonlyMap<string, Command>> = {
  '1.6': byName(commands16),
  '2.0.1': byName(commands201),
  '2.1': byName(commands21),
};

/** What may be asked of chargers of a version, by name. */
export const commandsOf = (ocpp: OcppVersion): ReadonlyMap<string, Command> => tables[ocpp];
