import type { Action } from './action.ts';
import { actionsOf } from './actions-of.ts';
import { commandsOf } from './commands-of.ts';
import type { ErrorCode } from './frames/call-error.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Call, Send } from './frames/read-frame.ts';
import { optionalNulls } from './optional-nulls.ts';
import { isPayload, type Payload } from './payload.ts';
import { type SchemaError, schemaErrors } from './validate.ts';
import type { Warn } from './warning.ts';

export type CheckedCall =
  | { readonly verdict: 'taken'; readonly action: Action; readonly payload: Payload }
  | { readonly verdict: 'refused'; readonly code: ErrorCode; readonly description: string };

/** Violations that do no harm: a warning is counted and the value is kept as sent. */
const tolerated = new Map<string, 'unknown-value' | 'unknown-property' | 'timestamp-unreadable'>([
  ['enum', 'unknown-value'],
  ['additionalProperties', 'unknown-property'],
  // Stamps are judged where they are read (timing.ts): an unreadable one gives way to the receive time.
  ['format', 'timestamp-unreadable'],
]);

const refusals: readonly (readonly [ErrorCode, ReadonlySet<string>])[] = [
  ['OccurrenceConstraintViolation', new Set(['required', 'minItems', 'maxItems'])],
  ['TypeConstraintViolation', new Set(['type'])],
];

const describe = ({ instancePath, keyword, params }: SchemaError): string => {
  const subject = params.missingProperty ?? params.additionalProperty ?? params.type ?? params.limit ?? '';
  return `${instancePath || '/'} ${keyword} ${String(subject)}`.trim();
};

/**
 * Whether a CALL is taken, or a SEND of an action that travels so. Unknown enum values, unknown properties and optional
 * members that are null are taken with a warning (not where the answer repeats them); other schema violations are refused
 * with the code the specification names, except in messages that must never be refused.
 */
export const checkCall = (call: Call | Send, ocpp: OcppVersion, warn: Warn): CheckedCall => {
  const { actions, validators } = actionsOf(ocpp);
  const action = actions.get(call.action);
  if (!action) {
    return commandsOf(ocpp).has(call.action)
      ? { verdict: 'refused', code: 'NotSupported', description: `${call.action} is for the charger to answer` }
      : { verdict: 'refused', code: 'NotImplemented', description: `Unknown action ${call.action}` };
  }
  if (call.kind === 'send' && !action.isTold)
    return {
      verdict: 'refused',
      code: 'MessageTypeNotSupported',
      description: `${call.action} has to be a CALL, not a SEND`,
    };
  if (call.payload === null) warn('null-payload', 'The payload is null: taken as empty');
  const payload = call.payload === null ? {} : call.payload;
  if (!isPayload(payload)) {
    const description = call.fault ?? 'The payload is not an object';
    if (!action.neverRefused) return { verdict: 'refused', code: 'FormatViolation', description };
    warn('schema-violation', description);
    return { verdict: 'taken', action, payload: {} };
  }
  const validate = validators.get(call.action);
  const found = validate ? schemaErrors(validate, payload) : [];
  const nulls = validate && found.length > 0 ? optionalNulls(validate, payload) : new Set<string>();
  const errors = found.filter(({ instancePath }) => !nulls.has(instancePath));
  if (errors.length < found.length) warn('null-member', 'An optional member is null: taken as left out');
  const violations = errors.filter(({ keyword }) => action.repeated || !tolerated.has(keyword));
  for (const error of errors) {
    const code = tolerated.get(error.keyword);
    if (code === 'unknown-value' || code === 'unknown-property') warn(code, describe(error), error.instancePath);
  }
  if (violations.length > 0 && !action.neverRefused) {
    const code = refusals.find(([, keywords]) => violations.some(({ keyword }) => keywords.has(keyword)))?.[0];
    const description = violations.map(describe).join('; ');
    return { verdict: 'refused', code: code ?? 'PropertyConstraintViolation', description };
  }
  for (const error of violations) warn('schema-violation', describe(error), error.instancePath);
  return { verdict: 'taken', action, payload };
};
