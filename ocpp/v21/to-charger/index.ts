import type { Command } from '../../command.ts';
import { commands201 } from '../../v201/to-charger/index.ts';
import { adjustPeriodicEventStream } from './adjust-periodic-event-stream.ts';
import { afrrSignal } from './afrr-signal.ts';
import { changeTransactionTariff } from './change-transaction-tariff.ts';
import { clearDERControl } from './clear-der-control.ts';
import { clearTariffs } from './clear-tariffs.ts';
import { getDERControl } from './get-der-control.ts';
import { getPeriodicEventStream } from './get-periodic-event-stream.ts';
import { getTariffs } from './get-tariffs.ts';
import { notifyAllowedEnergyTransfer } from './notify-allowed-energy-transfer.ts';
import { notifyWebPaymentStarted } from './notify-web-payment-started.ts';
import { requestBatterySwap } from './request-battery-swap.ts';
import { setDefaultTariff } from './set-default-tariff.ts';
import { setDERControl } from './set-der-control.ts';
import { updateDynamicSchedule } from './update-dynamic-schedule.ts';
import { usePriorityCharging } from './use-priority-charging.ts';

/** What we may ask of a 2.1 charger: all of 2.0.1 (its messages only grew), and what is new. One file per command, one line here. */
export const commands21: readonly Command[] = [
  ...commands201,
  afrrSignal,
  adjustPeriodicEventStream,
  changeTransactionTariff,
  clearDERControl,
  clearTariffs,
  getDERControl,
  getPeriodicEventStream,
  getTariffs,
  notifyAllowedEnergyTransfer,
  notifyWebPaymentStarted,
  requestBatterySwap,
  setDERControl,
  setDefaultTariff,
  updateDynamicSchedule,
  usePriorityCharging,
];
