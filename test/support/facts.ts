import type {
  MeterSampled,
  Reading,
  ReportedStatus,
  SessionStarted,
  SessionStopped,
  StatusReported,
} from '../../domain/kernel/fact.ts';
import { minutes, noon, on, said } from './station-days.ts';

/** Facts at `minute` minutes after noon, on connector 1 unless said otherwise. */
export const status = (minute: number, word: ReportedStatus, more: Partial<StatusReported> = {}): StatusReported => ({
  ...said(noon + minutes(minute)),
  type: 'StatusReported',
  status: word,
  vendorStatus: word,
  ...on(1),
  ...more,
});

export const started = (minute: number, more: Partial<SessionStarted> = {}): SessionStarted => ({
  ...said(noon + minutes(minute)),
  type: 'SessionStarted',
  transactionId: 'T1',
  tag: 'TAG',
  meterStartWh: 1000,
  ...on(1),
  ...more,
});

export const sample = (minute: number, reading: Partial<Reading>, more: Partial<MeterSampled> = {}): MeterSampled => ({
  ...said(noon + minutes(minute)),
  type: 'MeterSampled',
  transactionId: 'T1',
  reading: { context: 'periodic', ...reading },
  ...on(1),
  ...more,
});

export const stopped = (minute: number, more: Partial<SessionStopped> = {}): SessionStopped => ({
  ...said(noon + minutes(minute)),
  type: 'SessionStopped',
  transactionId: 'T1',
  reason: 'local',
  ...more,
});
