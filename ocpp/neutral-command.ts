import { omitUndefined } from '../domain/kernel/omit-undefined.ts';
import type { Feature } from '../domain/kernel/reported-capabilities.ts';
import type { CommandRole } from './command.ts';
import { integerAt, type Payload, textAt } from './payload.ts';

/** A call in the words of one OCPP version. */
export type Call = { readonly action: string; readonly payload: Payload };

/** What a call needs beside its arguments. */
export type Occasion = {
  /** A number for requests that have one of their own, 1 to 2,147,483,647. */
  readonly requestNumber: number;
  /** ISO 8601. */
  readonly now: string;
};

/** Writes a call. Throws NoWords for an argument that its version cannot express; the schema judges the rest. */
export type WriteCall = (args: Payload, occasion: Occasion) => Call;

/** A command in terms that are the same for all OCPP versions: one file, one line in the index, one mutation of that name. */
export type NeutralCommand = {
  readonly name: string;
  /** The least role that may ask for it: that of the OCPP command it becomes. */
  readonly role: CommandRole;
  /** The functional block a station needs for it, where it is one that may be missing. */
  readonly feature?: Feature;
  readonly write: { readonly '1.6': WriteCall; readonly '2.x': WriteCall };
};

/** An argument says what an OCPP version has no words for. */
export class NoWords extends Error {
  override readonly name = 'NoWords';
}

/** The connector of OCPP 1.6 that arguments name: connector N is EVSE N. */
export const connector16 = (args: Payload): number | undefined => {
  const [evseId, connectorId] = [integerAt(args, 'evseId'), integerAt(args, 'connectorId')];
  if (evseId !== undefined && connectorId !== undefined && evseId !== connectorId)
    throw new NoWords('In OCPP 1.6 connector N is EVSE N: leave connectorId out');
  return evseId ?? connectorId;
};

/** The EVSEType of OCPP 2.x that arguments name; undefined for the station as a whole. */
export const evse2x = (args: Payload): Payload | undefined => {
  const [id, connectorId] = [integerAt(args, 'evseId'), integerAt(args, 'connectorId')];
  if (id === undefined && connectorId !== undefined) throw new NoWords('A connectorId needs its evseId');
  return id === undefined ? undefined : { id, ...omitUndefined({ connectorId }) };
};

/** The IdTokenType of OCPP 2.x for a tag; a card's if nothing else is said. */
export const idToken2x = (tag: unknown, type: unknown = 'ISO14443'): Payload => ({ idToken: tag, type });

/** An instant as OCPP wants it: with seconds, in UTC. */
export const instantAt = (args: Payload, key: string): string | undefined => {
  const at = Date.parse(textAt(args, key) ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

/** Throws NoWords where one of the arguments is given. */
export const without = (args: Payload, names: readonly string[], why: string): void => {
  const given = names.filter((name) => args[name] !== undefined);
  if (given.length > 0) throw new NoWords(`${why}: leave out ${given.join(', ')}`);
};

/** The configuration key of OCPP 1.6 that a variable is. */
export const variable16 = (variable: Payload): unknown => {
  without(
    variable,
    ['component', 'componentInstance', 'evseId', 'connectorId', 'instance', 'attribute'],
    'Keys of OCPP 1.6 have a name only',
  );
  return variable.name;
};

/** A variable of OCPP 2.x with its component, as GetVariables and SetVariables name it. */
export const variable2x = (variable: Payload): Payload => {
  const { component, componentInstance, name, instance, attribute: attributeType } = variable;
  if (component === undefined) throw new NoWords(`Variables of OCPP 2.x belong to a component: name that of ${name}`);
  return {
    component: { name: component, ...omitUndefined({ instance: componentInstance, evse: evse2x(variable) }) },
    variable: { name, ...omitUndefined({ instance }) },
    ...omitUndefined({ attributeType }),
  };
};
