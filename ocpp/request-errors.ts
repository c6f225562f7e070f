import type { OcppVersion } from './frames/envelope.ts';
import * as requests16 from './generated/v16-commands.js';
import * as requests21 from './generated/v21-commands.js';
import * as requests201 from './generated/v201-commands.js';
import { type SchemaError, schemaErrors, type Validate } from './validate.ts';

const requests: Record<OcppVersion, Readonly<Record<string, Validate>>> = {
  '1.6': requests16,
  '2.0.1': requests201,
  '2.1': requests21,
};

/** What the schema of a command's request finds wrong with a payload; undefined for an action that is no command. */
export const requestErrors = (
  ocpp: OcppVersion,
  action: string,
  payload: unknown,
): readonly SchemaError[] | undefined => {
  const validate = Object.hasOwn(requests[ocpp], action) ? requests[ocpp][action] : undefined;
  return validate && schemaErrors(validate, payload);
};
