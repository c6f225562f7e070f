import type { StopReason } from '../../domain/kernel/fact.ts';

/** Both versions' words; where they name one thing differently (HardReset, ImmediateReset) they meet. */
const reasons: Readonly<Record<string, StopReason>> = {
  deauthorized: 'deauthorized',
  emergencystop: 'emergencyStop',
  energylimitreached: 'energyLimitReached',
  evdisconnected: 'evDisconnected',
  groundfault: 'groundFault',
  hardreset: 'immediateReset',
  immediatereset: 'immediateReset',
  local: 'local',
  localoutofcredit: 'local',
  masterpass: 'masterPass',
  other: 'other',
  overcurrentfault: 'overcurrentFault',
  powerloss: 'powerLoss',
  powerquality: 'powerQuality',
  reboot: 'reboot',
  softreset: 'reboot',
  remote: 'remote',
  reqenergytransferrejected: 'other',
  soclimitreached: 'socLimitReached',
  stoppedbyev: 'stoppedByEV',
  timelimitreached: 'timeLimitReached',
  timeout: 'timeout',
  unlockcommand: 'unlockCommand',
};

/** Our word for a stop reason. Both specifications let it be omitted only where it is Local. */
export const stopReason = (word: string | undefined): StopReason => {
  const key = word?.trim().toLowerCase() ?? 'local';
  return Object.hasOwn(reasons, key) ? (reasons[key] ?? 'unknown') : 'unknown';
};
