import type { Action } from '../../action.ts';
import { actions201 } from '../../v201/from-charger/index.ts';
import { batterySwap } from './battery-swap.ts';
import { closePeriodicEventStream } from './close-periodic-event-stream.ts';
import { getCertificateChainStatus } from './get-certificate-chain-status.ts';
import { notifyDERAlarm } from './notify-der-alarm.ts';
import { notifyDERStartStop } from './notify-der-start-stop.ts';
import { notifyPeriodicEventStream } from './notify-periodic-event-stream.ts';
import { notifyPriorityCharging } from './notify-priority-charging.ts';
import { notifySettlement } from './notify-settlement.ts';
import { openPeriodicEventStream } from './open-periodic-event-stream.ts';
import { pullDynamicScheduleUpdate } from './pull-dynamic-schedule-update.ts';
import { reportDERControl } from './report-der-control.ts';
import { vatNumberValidation } from './vat-number-validation.ts';

/** What a 2.1 charger may ask: all of 2.0.1 (its messages only grew), and what is new. One file per action, one line here. */
export const actions21: readonly Action[] = [
  ...actions201,
  batterySwap,
  closePeriodicEventStream,
  getCertificateChainStatus,
  notifyDERAlarm,
  notifyDERStartStop,
  notifyPeriodicEventStream,
  notifyPriorityCharging,
  notifySettlement,
  openPeriodicEventStream,
  pullDynamicScheduleUpdate,
  reportDERControl,
  vatNumberValidation,
];
