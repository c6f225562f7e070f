import type { Connector } from '../connector/connector.ts';
import { limitContext } from '../connector/connector-limit-at.ts';
import { omitUndefined } from '../kernel/omit-undefined.ts';
import { limitAt } from '../profile/limit-in-force.ts';
import {
  type InstalledProfile,
  isUnreadable,
  type ProfileEntry,
  type ProfileLog,
  possibilities,
} from '../profile/profile-log.ts';
import { SETPOINT_LEVEL } from './released-profiles.ts';

/** What the log of a connector's profile commands says of the limit of its session (ADR 10). */
export type ToldLimits = {
  /**
   * The limit in force by what the station has accepted, W; absent where there is none, and where it cannot be told: a command
   * that would change it was not answered, or somebody set a profile that cannot be read.
   */
  readonly limitW?: number;
  /** When the setpoint was sent that the station holds for certain, ms. */
  readonly setpointAt?: number;
  /** The limit in force is above that setpoint: it is somebody else's. */
  readonly isOverruled?: true;
  /** It is open which setpoint holds: one was not answered, or may have been lost. What is in force now does not tell. */
  readonly isSetpointOpen?: true;
  /** When the last command was sent that the log knows of, ms: of later ones these limits say nothing. */
  readonly profilesAt?: number;
};

/** Whether an entry is a setpoint of the running session. */
const isSetpoint = ({ evseId, session }: Connector, entry: ProfileEntry): boolean => {
  if (entry.type !== 'set' || entry.isWrittenHere !== true || session === undefined) return false;
  const { purpose, stackLevel, transactionId, ...profile } = entry.profile;
  const isOfSession = purpose === 'tx' && profile.forStart === undefined && transactionId === session.transactionId;
  return isOfSession && profile.evseId === evseId && stackLevel <= SETPOINT_LEVEL;
};

/** The limit in force where every way in which unanswered commands may have gone comes to the same, W. */
const certainLimitW = (connector: Connector, log: ProfileLog, at: number): number | undefined => {
  if (isUnreadable(log)) return undefined;
  const context = limitContext(connector);
  const limits = new Set(possibilities(log)?.map(({ profiles }) => limitAt(profiles, context, at)?.limitW));
  return limits.size === 1 ? limits.values().next().value : undefined;
};

/** The last accepted setpoint, unless it was undone, or may have been by a command of somebody else that was not answered. */
const certainSetpoint = (connector: Connector, log: ProfileLog): ProfileEntry | undefined => {
  const others = log.filter((entry) => !(entry.unsettled && isSetpoint(connector, entry)));
  const last = others.findLast((entry) => !entry.unsettled && isSetpoint(connector, entry));
  if (last === undefined || isUnreadable(others.slice(others.indexOf(last)))) return undefined;
  const ways = possibilities(others) ?? [];
  const isHeld = ways.every(({ profiles }) => profiles.some(({ commandId }) => commandId === last.commandId));
  return ways.length > 0 && isHeld ? last : undefined;
};

/**
 * Whether the ways in which unanswered commands may have gone leave different setpoints that have not ended by `at`. They may
 * come to the same limit now, below somebody else's or with the same power, and differ in how long they hold.
 */
const isSetpointOpen = (connector: Connector, log: ProfileLog, at: number): boolean => {
  const setpoints = log.filter((entry) => isSetpoint(connector, entry)).map(({ commandId }) => commandId);
  const holds = ({ commandId, validTo = Number.POSITIVE_INFINITY }: InstalledProfile): boolean =>
    validTo > at && setpoints.includes(commandId);
  const held = possibilities(log)?.map(({ profiles }) => profiles.find(holds)?.commandId);
  return held === undefined || new Set(held).size > 1;
};

/** What a connector's site is told of the limit of its session at `at`, ms. */
export const toldLimits = (connector: Connector, at: number): ToldLimits => {
  const { profiles: log } = connector;
  if (log === undefined) return {};
  const limitW = certainLimitW(connector, log, at);
  const setpoint = certainSetpoint(connector, log);
  const setpointW = setpoint?.type === 'set' ? setpoint.profile.schedule.periods[0]?.limitW : undefined;
  return omitUndefined({
    limitW,
    setpointAt: setpoint?.sentAt,
    isOverruled: (limitW !== undefined && setpointW !== undefined && limitW > setpointW) || undefined,
    isSetpointOpen: isSetpointOpen(connector, log, at) || undefined,
    profilesAt: log.at(-1)?.sentAt,
  });
};
