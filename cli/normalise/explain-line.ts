import type { Fact } from '../../domain/kernel/fact.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import { answer } from '../../ocpp/answer.ts';
import { type OcppVersion, ocppVersions } from '../../ocpp/frames/envelope.ts';
import { readFrame } from '../../ocpp/frames/read-frame.ts';
import { normalise } from '../../ocpp/normalise.ts';
import { isPayload, type Payload } from '../../ocpp/payload.ts';
import { parseInstant } from '../../ocpp/timing.ts';
import { asFrame } from './as-frame.ts';

/** What is printed for a line: the gateway's answer, the facts, the warnings; or why the line itself is none. */
export type Explained =
  | {
      readonly n: unknown;
      readonly answer: unknown;
      readonly facts: readonly Payload[];
      readonly warnings: readonly unknown[];
      readonly rejected?: string;
    }
  | { readonly n: unknown; readonly error: string }
  | { readonly line: number; readonly error: string };

/** As the gateway asks: the socket of a station that is silent for ten minutes is cut. */
const HEARTBEAT_INTERVAL_SEC = 540;

/** Instants of a fact as ISO 8601 text, for people. */
const readable = ({ at, receivedAt, stampedAt, ...rest }: Fact): Payload => ({
  at: iso(at),
  receivedAt: iso(receivedAt),
  ...(stampedAt === undefined ? {} : { stampedAt: iso(stampedAt) }),
  ...rest,
});

const versionOf = (value: unknown): OcppVersion | undefined => {
  const name = typeof value === 'string' ? value.replace(/^ocpp/i, '') : value;
  return ocppVersions.find((version) => version === name) ?? (name === '1.6J' ? '1.6' : undefined);
};

const receivedAtOf = (value: unknown, now: number): number | undefined => {
  if (value === undefined) return now;
  return typeof value === 'string' ? parseInstant(value)?.at : undefined;
};

const explain = (row: Payload, ocpp: OcppVersion, receivedAt: number): Explained => {
  const { frame, isFragment } = asFrame(row.frame);
  const stationId = typeof row.stationId === 'string' ? row.stationId : 'station';
  const { text, warnings: odd } = answer(readFrame(frame, ocpp), {
    ocpp,
    stationId,
    now: receivedAt,
    admission: 'accepted',
    heartbeatIntervalSec: HEARTBEAT_INTERVAL_SEC,
    tag: () => ({ status: 'Accepted' }),
  });
  const envelope = { kind: 'frame', stationId, ocpp, transport: 'websocket', receivedAt, frame } as const;
  const { facts, warnings, rejected } = normalise(text === undefined ? envelope : { ...envelope, answer: text });
  const fragment = { code: 'fragment', message: 'No frame but a list of sampled values: read as MeterValues' };
  return {
    n: row.n ?? null,
    answer: text === undefined || isFragment ? null : JSON.parse(text),
    facts: facts.map(readable),
    // The gateway's warnings are among the projector's, except where the frame was refused.
    warnings: [...(isFragment ? [fragment] : []), ...(warnings.length > 0 ? warnings : odd)],
    ...omitUndefined({ rejected }),
  };
};

/** Explains one line of a file; never throws, so that a bad line does not end the run. `now` in ms. */
export const explainLine = (text: string, line: number, now: number): Explained => {
  let row: unknown;
  try {
    // Editors on Windows begin a file with a byte order mark.
    row = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { line, error: `Not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isPayload(row)) return { line, error: 'Not an object like {"n":1,"ocpp":"1.6","frame":[...]}' };
  const about = row.n === undefined ? { line } : { n: row.n };
  const ocpp = versionOf(row.ocpp);
  if (ocpp === undefined) return { ...about, error: `"ocpp" must be one of ${ocppVersions.join(', ')}` };
  if (row.frame === undefined) return { ...about, error: '"frame" is missing' };
  const receivedAt = receivedAtOf(row.receivedAt, now);
  if (receivedAt === undefined) return { ...about, error: '"receivedAt" must be an ISO 8601 instant' };
  return explain(row, ocpp, receivedAt);
};
