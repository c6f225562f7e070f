import { bounded } from '../payload.ts';
import type { OcppVersion } from './envelope.ts';

/** Why a CALL is refused, in 2.x spelling. */
export type ErrorCode =
  | 'FormatViolation'
  | 'OccurrenceConstraintViolation'
  | 'PropertyConstraintViolation'
  | 'TypeConstraintViolation'
  | 'NotImplemented'
  | 'NotSupported'
  | 'SecurityError'
  | 'RpcFrameworkError'
  | 'MessageTypeNotSupported';

/** OCPP-J 1.6 spells three of them otherwise; 'Occurence' is the specification's own typing error, kept by its errata. */
const in16: Partial<Record<ErrorCode, string>> = {
  FormatViolation: 'FormationViolation',
  OccurrenceConstraintViolation: 'OccurenceConstraintViolation',
  RpcFrameworkError: 'FormationViolation',
  MessageTypeNotSupported: 'ProtocolError',
};

/** The code as `ocpp` spells it. */
const spell = (code: ErrorCode, ocpp: OcppVersion): string => (ocpp === '1.6' ? (in16[code] ?? code) : code);

/** The text of a CALLERROR. Descriptions are cut at 255 characters, the limit of both specifications. */
export const callError = (id: string, code: ErrorCode, description: string, ocpp: OcppVersion): string =>
  JSON.stringify([4, id, spell(code, ocpp), bounded(description), {}]);

/** The text of a CALLRESULT. */
export const callResult = (id: string, payload: unknown): string => JSON.stringify([3, id, payload]);
