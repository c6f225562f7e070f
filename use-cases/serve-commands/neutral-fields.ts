import { type NeutralCommand, NoWords } from '../../ocpp/neutral-command.ts';
import { neutralCommands } from '../../ocpp/neutral-commands/index.ts';
import type { Payload } from '../../ocpp/payload.ts';
import { withoutNulls } from '../fields/without-nulls.ts';
import type { StationItems } from '../ports/commands/station-items.ts';
import { type Field, type Fields, permitted } from '../ports/field.ts';
import { CommandRefused } from '../send-command/command-refused.ts';
import { placeCommand, type RequestPorts, type Write } from '../send-command/request-command.ts';
import { commandShown } from './command-shown.ts';
import { doubtsAbout } from './doubts-about.ts';
import { type OrderPorts, takeOrder } from './take-order.ts';

const MAX_REQUEST_NUMBER = 2 ** 31 - 1;

/** The words of a station's version for a command. */
const wordsFor =
  ({ write }: NeutralCommand, args: Payload, { clock, random }: RequestPorts['system']): Write =>
  ({ ocpp }) => {
    const requestNumber = 1 + Math.floor(random() * MAX_REQUEST_NUMBER);
    const now = new Date(clock()).toISOString();
    try {
      const { action, payload } = write[ocpp === '1.6' ? '1.6' : '2.x'](args, { requestNumber, now });
      return { action, payload, text: JSON.stringify(payload) };
    } catch (error) {
      if (error instanceof NoWords) throw new CommandRefused('UnsupportedArgument', error.message);
      throw error;
    }
  };

export type NeutralPorts = RequestPorts & OrderPorts & { readonly stations: StationItems };

/** One mutation for every command in neutral terms: written in the station's version, checked, and sent with its warnings told. */
export const neutralFields = (ports: NeutralPorts): Fields => {
  const place = placeCommand(ports);
  const fieldOf =
    (command: NeutralCommand): Field =>
    async (given, caller) => {
      permitted(caller, command.role, `To ask for ${command.name}`);
      const args = Object(withoutNulls(given));
      return takeOrder(given, caller, ports, async (order, asks) => {
        // Before anything is sent: a client that is told to ask again would send it twice.
        const station = (await ports.stations.find(order.stationId)) ?? {};
        const record = await place(order, wordsFor(command, args, ports.system), asks);
        const taken = { action: record.command.action, args, feature: command.feature };
        return {
          ...commandShown(order.stationId, record, caller),
          warnings: doubtsAbout(taken, station, ports.system.clock()),
        };
      });
    };
  return Object.fromEntries(neutralCommands.map((command) => [command.name, fieldOf(command)]));
};
