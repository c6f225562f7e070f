import type { ChargingProfile, ProfileChange, ProfileSelector } from '../kernel/charging-profile.ts';
import { LONGEST_SESSION_MS, MINUTE_MS } from '../kernel/durations.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { isStartOf, type LimitedTransaction } from './limit-in-force.ts';
import { isOwnProfileId } from './own-profile-id.ts';

/**
 * A command that changed the profiles a station keeps, or may have.
 * `unsettled`: nobody knows whether it did (no answer came).
 * `isWrittenHere`: it was written by our own loops or for a caller; every other one is somebody's own words.
 */
export type ProfileEntry = ProfileChange & {
  readonly commandId: string;
  /** When it was given out for sending, ms since the epoch: a station has carried out commands in this order. */
  readonly sentAt: number;
  readonly unsettled?: true;
  readonly isWrittenHere?: true;
  /** Somebody else's words changed a profile of our id range: what our loops believe of this place is no longer so. */
  readonly interfered?: true;
};

/**
 * What is known of the profiles that apply to one EVSE (those of the whole station among them): the commands that made them,
 * in the order they were sent, without those whose effect is undone. The outcomes may arrive in any order.
 */
export type ProfileLog = readonly ProfileEntry[];

/** A profile the station holds, and the command that set it. */
export type InstalledProfile = ChargingProfile & { readonly commandId: string };

/** Outcomes of commands arrive in order, give or take a retry: a clear is remembered as long as an older set may follow. */
const DISORDER_MS = 10 * MINUTE_MS;
/** Stations keep fewer. */
const MOST_ENTRIES = 32;
/** Of so many unanswered commands every combination is looked at (2^n). */
const MOST_UNSETTLED = 5;

const selects = (selector: ProfileSelector, profile: ChargingProfile): boolean =>
  selector.profileId !== undefined
    ? selector.profileId === profile.profileId
    : (['evseId', 'purpose', 'stackLevel'] as const).every(
        (field) => selector[field] === undefined || selector[field] === profile[field],
      );

const isSamePlace = (next: ChargingProfile, known: ChargingProfile): boolean =>
  next.profileId === known.profileId ||
  (next.purpose === known.purpose && next.stackLevel === known.stackLevel && next.evseId === known.evseId);

/**
 * OCPP: a profile takes the place of the one with its id, and of the one with its purpose and level on its EVSE. One for a
 * transaction that is yet to start leaves those of others alone.
 */
const takesPlaceOf = (next: ChargingProfile, known: ChargingProfile): boolean =>
  (next.forStart === undefined || known.purpose !== 'tx' || known.forStart !== undefined) && isSamePlace(next, known);

/** Whether nothing is left of an entry after a later one was carried out. */
const undoes = (later: ProfileEntry, earlier: ProfileEntry): boolean => {
  if (later.unsettled) return false;
  if (earlier.interfered || earlier.type === 'unreadable') return reasserts(later, earlier);
  switch (later.type) {
    case 'set':
      return earlier.type === 'set' && takesPlaceOf(later.profile, earlier.profile);
    case 'cleared':
      return earlier.type === 'set' && selects(later.selector, earlier.profile);
    case 'unreadable':
      return false;
    default:
      return unreachable(later);
  }
};

const placeOf = (entry: ProfileEntry): number | undefined => {
  switch (entry.type) {
    case 'set':
      return entry.profile.evseId;
    case 'cleared':
      return entry.selector.evseId;
    case 'unreadable':
      return entry.evseId;
    default:
      return unreachable(entry);
  }
};

/** Whether a later command makes known again what an earlier one left unknown: we set a limit there, or all was cleared. */
const reasserts = (later: ProfileEntry, earlier: ProfileEntry): boolean => {
  const place = placeOf(earlier);
  if (later.type === 'set')
    return later.isWrittenHere === true && (place === undefined || place === later.profile.evseId);
  if (later.type !== 'cleared' || earlier.type === 'cleared') return false;
  const { profileId, purpose, stackLevel, evseId } = later.selector;
  const isWhole = profileId === undefined && purpose === undefined && stackLevel === undefined;
  return isWhole && (evseId === undefined || evseId === place);
};

/** Whether somebody else's command touches a profile of our id range. */
const interferes = (log: ProfileLog, entry: ProfileEntry): boolean => {
  if (entry.isWrittenHere || entry.unsettled) return false;
  const own = log.filter((known) => known.type === 'set').filter(({ profile }) => isOwnProfileId(profile.profileId));
  switch (entry.type) {
    case 'set':
      return isOwnProfileId(entry.profile.profileId) || own.some(({ profile }) => takesPlaceOf(entry.profile, profile));
    case 'cleared':
      return own.some(({ profile }) => selects(entry.selector, profile));
    case 'unreadable':
      return false;
    default:
      return unreachable(entry);
  }
};

const isOver = (entry: ProfileEntry, at: number): boolean => {
  if (entry.type !== 'set') return false;
  const { validTo = Number.POSITIVE_INFINITY, forStart } = entry.profile;
  return validTo <= at || (forStart !== undefined && forStart.to + LONGEST_SESSION_MS <= at);
};

/** The log without what no longer matters at an instant. */
const compacted = (log: ProfileLog, at: number): ProfileLog =>
  log
    .filter((entry, index) => {
      if (isOver(entry, at) || log.slice(index + 1).some((later) => undoes(later, entry))) return false;
      const isPlainClear = entry.type === 'cleared' && !entry.unsettled && !entry.interfered;
      return !isPlainClear || entry.sentAt > at - DISORDER_MS;
    })
    .slice(-MOST_ENTRIES);

/** What a command means to an EVSE (0: to the station as a whole): one that is set elsewhere takes its id with it. */
const entryHere = (log: ProfileLog, entry: ProfileEntry, evseId: number): ProfileEntry | undefined => {
  const place = placeOf(entry);
  if (place === undefined || place === 0 || place === evseId) return entry;
  if (entry.type !== 'set') return undefined;
  const { profile, ...rest } = entry;
  const { profileId } = profile;
  const isMoved = log.some((known) => known.type === 'set' && known.profile.profileId === profileId);
  return isMoved ? { ...rest, type: 'cleared', selector: { profileId } } : undefined;
};

/** Stations carry out one command after the other; two of one millisecond are ordered by their ids. */
const isBefore = (one: ProfileEntry, other: ProfileEntry): boolean =>
  one.sentAt < other.sentAt || (one.sentAt === other.sentAt && one.commandId < other.commandId);

/** The log of an EVSE after one more outcome, told by `at` (ms since the epoch); the same log where it changes nothing. */
export const withOutcome = (log: ProfileLog, told: ProfileEntry, evseId: number, at: number): ProfileLog => {
  const known = log.find(({ commandId }) => commandId === told.commandId);
  const entry = entryHere(log, told, evseId);
  if (entry === undefined || (known !== undefined && !known.unsettled)) return log;
  const before = log.filter((other) => isBefore(other, entry));
  const after = log.filter((other) => isBefore(entry, other));
  const marked = interferes(before, entry) ? { ...entry, interfered: true as const } : entry;
  return compacted([...before, marked, ...after], at);
};

const isOfTransaction = (entry: ProfileEntry): boolean =>
  entry.type === 'set' ? entry.profile.purpose === 'tx' : entry.type === 'unreadable' && entry.purpose === 'tx';

/** Whether a profile went with a transaction that ended: it was for it, or for a start that was asked for before and never came. */
const wentWith = ({ transactionId, forStart }: ChargingProfile, ended: LimitedTransaction): boolean => {
  if (forStart !== undefined) {
    const isNamed = forStart.remoteStartId !== undefined && ended.remoteStartId !== undefined;
    return isNamed ? isStartOf(forStart, ended) : forStart.from <= ended.startedAt;
  }
  return transactionId === undefined || transactionId === ended.transactionId;
};

/** The log after a transaction ended: its profile went with it. */
export const afterTransaction = (log: ProfileLog, ended: LimitedTransaction): ProfileLog => {
  const left = log.filter(
    (entry) => !isOfTransaction(entry) || (entry.type === 'set' && !wentWith(entry.profile, ended)),
  );
  return left.length === log.length ? log : left;
};

/**
 * The log after the station restarted: it keeps profiles, but those of transactions only perhaps (OCPP 2.0.1 lets stations
 * choose, and a transaction may go on).
 */
export const afterBoot = (log: ProfileLog, bootedAt: number): ProfileLog =>
  log.some((entry) => isOfTransaction(entry) && !entry.unsettled && entry.sentAt < bootedAt)
    ? log.map((entry) =>
        isOfTransaction(entry) && entry.sentAt < bootedAt ? { ...entry, unsettled: true as const } : entry,
      )
    : log;

const applied = (profiles: readonly InstalledProfile[], entry: ProfileEntry): readonly InstalledProfile[] => {
  switch (entry.type) {
    case 'set':
      return [
        ...profiles.filter((known) => !takesPlaceOf(entry.profile, known)),
        { ...entry.profile, commandId: entry.commandId },
      ];
    case 'cleared':
      return profiles.filter((known) => !selects(entry.selector, known));
    case 'unreadable':
      return profiles;
    default:
      return unreachable(entry);
  }
};

/** The profiles the station has accepted and not lost since. */
export const installedProfiles = (log: ProfileLog): readonly InstalledProfile[] =>
  log.filter(({ unsettled }) => !unsettled).reduce(applied, []);

/** Whether what holds cannot be told: a profile nobody here can read, or somebody else changed one of ours. */
export const isUnknown = (log: ProfileLog): boolean =>
  log.some((entry) => !entry.unsettled && (entry.interfered || entry.type === 'unreadable'));

/** Whether a limit cannot be told for a profile that nobody here can read; one of the whole station only lowers it. */
export const isUnreadable = (log: ProfileLog): boolean =>
  log.some((entry) => entry.type === 'unreadable' && !entry.unsettled && entry.purpose !== 'station-max');

/** One way in which the commands nobody answered may have gone. */
export type Possibility = {
  readonly profiles: readonly InstalledProfile[];
  /** Ids of the unsettled commands that were carried out, if it went this way. */
  readonly carriedOut: readonly string[];
};

/** Every way in which the commands nobody answered may have gone; undefined where there are too many to look at. */
export const possibilities = (log: ProfileLog): readonly Possibility[] | undefined => {
  if (log.filter(({ unsettled }) => unsettled).length > MOST_UNSETTLED) return undefined;
  let ways: readonly Possibility[] = [{ profiles: [], carriedOut: [] }];
  for (const entry of log) {
    const done = ways.map(({ profiles, carriedOut }) => ({
      profiles: applied(profiles, entry),
      carriedOut: entry.unsettled ? [...carriedOut, entry.commandId] : carriedOut,
    }));
    ways = entry.unsettled ? [...ways, ...done] : done;
  }
  return ways;
};

/** The log after it became known which of the ways was gone: all that these agree about is settled. */
export const settledAs = (log: ProfileLog, ways: readonly Possibility[], evseId: number, at: number): ProfileLog => {
  if (ways.length === 0) return log;
  const everywhere = (id: string): boolean => ways.every(({ carriedOut }) => carriedOut.includes(id));
  const nowhere = (id: string): boolean => ways.every(({ carriedOut }) => !carriedOut.includes(id));
  const open = log.filter(({ unsettled }) => unsettled);
  const known = open.filter(({ commandId }) => everywhere(commandId) || nowhere(commandId));
  if (known.length === 0) return log;
  let settled: ProfileLog = log.filter((entry) => !known.includes(entry));
  for (const { unsettled: _, ...entry } of known)
    if (everywhere(entry.commandId)) settled = withOutcome(settled, entry, evseId, at);
  return settled;
};
