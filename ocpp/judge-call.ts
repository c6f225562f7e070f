import type { Action } from './action.ts';
import { actionsOf } from './actions-of.ts';
import { commandsOf } from './commands-of.ts';
import type { ErrorCode } from './frames/call-error.ts';
import type { OcppVersion } from './frames/envelope.ts';
import type { Call, Send } from './frames/read-frame.ts';
import { leftOut } from './left-out.ts';
import { isPayload, type Payload } from './payload.ts';
import { type SchemaError, schemaErrors } from './validate.ts';
import type { Warn } from './warning.ts';

export type Judged =
  | { readonly verdict: 'taken'; readonly action: Action; readonly payload: Payload }
  | { readonly verdict: 'refused'; readonly code: ErrorCode; readonly description: string };

/** What a vendor may get wrong without a driver standing in the rain: it is counted and kept as sent. */
const tolerated = new Map<string, 'unknown-value' | 'unknown-property' | 'timestamp-unreadable'>([
  ['enum', 'unknown-value'],
  ['additionalProperties', 'unknown-property'],
  // Stamps are judged where they are read (instant.ts): an unreadable one gives way to the receive time.
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
 * Whether a CALL is taken. Unknown enum values, unknown properties and optional members that are null are taken with a warning; other schema violations
 * are refused with the code the specification names, except in messages that must never be refused.
 */
export const judgeCall = (call: Call | Send, ocpp: OcppVersion, warn: Warn): Judged => {
  const { actions, validators } = actionsOf(ocpp);
  const action = actions.get(call.action);
  if (!action) {
    return commandsOf(ocpp).has(call.action)
      ? { verdict: 'refused', code: 'NotSupported', description: `${call.action} is for the charger to answer` }
      : { verdict: 'refused', code: 'NotImplemented', description: `Unknown action ${call.action}` };
  }
  if (call.payload === null) warn('null-payload', 'The payload is null: taken as empty');
  const payload = call.payload === null ? {} : call.payload;
  if (!isPayload(payload)) {
    if (!action.neverRefused)
      return { verdict: 'refused', code: 'FormatViolation', description: 'The payload is not an object' };
    warn('schema-violation', 'The payload is not an object');
    return { verdict: 'taken', action, payload: {} };
  }
  const validate = validators.get(call.action);
  const found = validate ? schemaErrors(validate, payload) : [];
  const unsaid = validate && found.length > 0 ? leftOut(validate, payload) : new Set<string>();
  const errors = found.filter(({ instancePath }) => !unsaid.has(instancePath));
  if (errors.length < found.length) warn('null-member', 'An optional member is null: taken as left out');
  const grave = errors.filter(({ keyword }) => !tolerated.has(keyword));
  for (const error of errors) {
    const code = tolerated.get(error.keyword);
    if (code === 'unknown-value' || code === 'unknown-property') warn(code, describe(error), error.instancePath);
  }
  if (grave.length > 0 && !action.neverRefused) {
    const code = refusals.find(([, keywords]) => grave.some(({ keyword }) => keywords.has(keyword)))?.[0];
    const description = grave.map(describe).join('; ');
    return { verdict: 'refused', code: code ?? 'PropertyConstraintViolation', description };
  }
  for (const error of grave) warn('schema-violation', describe(error), error.instancePath);
  return { verdict: 'taken', action, payload };
};
