import type { OcppVersion } from './frames/envelope.ts';
import * as requests16 from './generated/v16-commands.js';
import * as replies16 from './generated/v16-responses.js';
import * as requests21 from './generated/v21-commands.js';
import * as replies21 from './generated/v21-responses.js';
import * as requests201 from './generated/v201-commands.js';
import * as replies201 from './generated/v201-responses.js';
import { type SchemaError, schemaErrors, type Validate } from './validate.ts';

type Validators = Readonly<Record<string, Validate>>;

const requests: Record<OcppVersion, Validators> = { '1.6': requests16, '2.0.1': requests201, '2.1': requests21 };
const replies: Record<OcppVersion, Validators> = { '1.6': replies16, '2.0.1': replies201, '2.1': replies21 };

const errorsOf = (validators: Validators, action: string, payload: unknown): readonly SchemaError[] | undefined => {
  const validate = Object.hasOwn(validators, action) ? validators[action] : undefined;
  return validate && schemaErrors(validate, payload);
};

/** What the schema of a command's request finds wrong with a payload; undefined for an action that is no command. */
export const requestErrors = (
  ocpp: OcppVersion,
  action: string,
  payload: unknown,
): readonly SchemaError[] | undefined => errorsOf(requests[ocpp], action, payload);

/** What the schema of a command's reply finds wrong with a payload; undefined for an action without one. */
export const replyErrors = (ocpp: OcppVersion, action: string, payload: unknown): readonly SchemaError[] | undefined =>
  errorsOf(replies[ocpp], action, payload);
