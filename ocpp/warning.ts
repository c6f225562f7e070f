import { omitUndefined } from '../domain/kernel/omit-undefined.ts';

/** What was odd about a frame that was taken all the same. Codes are stable: metrics and support tools count them. */
export type WarningCode =
  // the frame
  | 'null-member'
  | 'null-payload'
  | 'unknown-property'
  | 'unknown-value'
  | 'schema-violation'
  | 'result-refused'
  // time
  | 'timestamp-missing'
  | 'timestamp-unreadable'
  | 'timestamp-without-zone'
  | 'timestamp-before-2010'
  | 'timestamp-in-future'
  // meter values
  | 'value-unreadable'
  | 'value-implausible'
  | 'comma-decimal'
  | 'unknown-unit'
  | 'unknown-measurand'
  | 'unit-suspect'
  | 'register-zero'
  | 'register-not-monotonic'
  | 'register-per-phase'
  | 'begin-above-current'
  | 'meter-start-zero'
  | 'neutral-as-phase'
  | 'phantom-voltage'
  | 'location-not-outlet'
  | 'no-energy-no-power'
  | 'two-values'
  // transactions and places
  | 'transaction-id-missing'
  | 'connector-missing';

export type Warning = {
  readonly code: WarningCode;
  readonly message: string;
  /** JSON pointer into the payload. */
  readonly path?: string;
};

/** Collects the warnings of one frame. */
export type Warn = (code: WarningCode, message: string, path?: string) => void;

/** A frame of nothing but nonsense must not become a report longer than itself. */
const MAX_WARNINGS = 100;

/** A fresh collector and what it collected. */
export const collectWarnings = (): { warn: Warn; warnings: Warning[] } => {
  const warnings: Warning[] = [];
  return {
    warnings,
    warn: (code, message, path) => {
      if (warnings.length >= MAX_WARNINGS) return;
      warnings.push({
        code,
        message,
        ...omitUndefined({ path }),
      });
    },
  };
};
