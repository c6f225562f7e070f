import type { OcppVersion } from '../../ocpp/frames/envelope.ts';
import * as replies16 from '../../ocpp/generated/v16-responses.js';
import * as replies21 from '../../ocpp/generated/v21-responses.js';
import * as replies201 from '../../ocpp/generated/v201-responses.js';
import { type SchemaError, schemaErrors, type Validate } from '../../ocpp/validate.ts';

const replies: Record<OcppVersion, Readonly<Record<string, Validate>>> = {
  '1.6': replies16,
  '2.0.1': replies201,
  '2.1': replies21,
};

/** What the official schema of a command's reply finds wrong with a payload; undefined for an action without one. */
export const replyErrors = (
  ocpp: OcppVersion,
  action: string,
  payload: unknown,
): readonly SchemaError[] | undefined => {
  const validate = replies[ocpp][action];
  return validate && schemaErrors(validate, payload);
};
