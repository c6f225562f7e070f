import type { Command } from '../../../domain/commands/command.ts';
import type { Connection } from '../../../domain/commands/mailbox-state.ts';
import type { ProfileSlot } from '../../../domain/commands/profile-slot.ts';

const base = (commandId: string, action: string) => ({
  commandId,
  action,
  payload: '{}',
  timeoutMs: 30_000,
  ocpp: '1.6',
  by: 'operator',
  origin: 'outside' as const,
  requestedAt: 0,
  expiresAt: 90_000,
});

/** A command that may be sent once only. */
export const oneShot = (commandId: string, fields: Partial<Command> = {}): Command => ({
  ...base(commandId, 'Reset'),
  ...fields,
  kind: 'one-shot',
});

/** A command that may be repeated. */
export const idempotent = (commandId: string, fields: Partial<Command> = {}): Command => ({
  ...base(commandId, 'GetConfiguration'),
  ...fields,
  kind: 'idempotent',
});

const slot = { evseId: 1, purpose: 'TxProfile', stackLevel: 1, transactionId: '7' };

/** A charging profile of a decision. */
export const profile = (commandId: string, version: number, at: ProfileSlot = slot) => ({
  ...base(commandId, 'SetChargingProfile'),
  kind: 'latest-wins' as const,
  decision: { slot: { ...at, profileId: 1 }, overrides: at, version },
});

/** A charging profile that asks what holds when it is not answered. */
export const probingProfile = (commandId: string, version: number, at: ProfileSlot = slot): Command => ({
  ...profile(commandId, version, at),
  probe: { action: 'GetCompositeSchedule', payload: '{}', timeoutMs: 30_000 },
});

/** A decision to clear profiles. */
export const clear = (commandId: string, version: number, at: ProfileSlot = {}): Command => ({
  ...base(commandId, 'ClearChargingProfile'),
  kind: 'latest-wins',
  decision: { slot: at, overrides: at, version },
});

/** The nth connection of the station, long open. */
export const connection = (number = 1, openedAt = -60_000): Connection => ({
  connectionId: `c${number}`,
  ocpp: '1.6',
  openedAt,
});
