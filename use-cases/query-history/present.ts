import { valueWithoutSecrets } from '../../domain/commands/without-secrets.ts';
import type { Connector } from '../../domain/connector/connector.ts';
import type { TimelineEntry } from '../../domain/history/timeline-entry.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { ActiveSession } from '../../domain/session/active-session.ts';
import type { EnergySlot } from '../../domain/session/energy-by-slot.ts';
import type { SessionRecord } from '../../domain/tariff/session-record.ts';
import type { Window } from '../../domain/windows/window.ts';
import { jsonWithoutTags } from '../fields/without-tags.ts';

const slots = (hours: readonly EnergySlot[]) =>
  hours.map(({ startAt, energyWh }) => ({ startAt: iso(startAt), energyWh }));

const cost = ({ cost: found }: SessionRecord) => {
  if (found === undefined) return null;
  const { hours, ...rest } = found;
  return { ...rest, hours: hours.map(({ startAt, minor }) => ({ startAt: iso(startAt), minor })) };
};

/** A session that has ended, as GraphQL shows it. */
export const presentSession = (session: SessionRecord) => {
  const { rev: _, curve: __, startedAt, endedAt, hours, hoursUtc, durationMs, ...rest } = session;
  return {
    ...rest,
    id: session.sessionId,
    status: 'ended',
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    durationSec: durationMs / 1000,
    hours: slots(hours),
    hoursUtc: slots(hoursUtc),
    cost: cost(session),
  };
};

/** A session that runs, as GraphQL shows it: what only its end tells is left out. */
export const presentRunningSession = ({
  stationId,
  evseId,
  connectorId,
  place,
  session,
}: Connector & { readonly session: ActiveSession }) => {
  const { siteId, zoneId, region, timeZone, connectorType, ratedW } = place;
  const { sessionId, transactionId, tag, startedAt, meterStartWh, energyWh, flags, sampledAt, chargingState } = session;
  const { powerW, currentA, voltageV, socPercent, temperatureC, offeredW } = session;
  return {
    id: sessionId,
    sessionId,
    stationId,
    evseId,
    connectorId,
    siteId,
    zoneId,
    region,
    timeZone,
    connectorType,
    ratedW,
    status: 'active',
    startedAt: iso(startedAt),
    transactionId,
    energyWh,
    flags,
    ...omitUndefined({
      tag,
      meterStartWh,
      powerW,
      currentA,
      voltageV,
      socPercent,
      temperatureC,
      offeredW,
      chargingState,
    }),
    ...(sampledAt === undefined ? {} : { sampledAt: iso(sampledAt) }),
  };
};

/**
 * A line of the timeline as GraphQL shows it, tags of drivers only to those who may see them. Lines of earlier versions may
 * hold secrets.
 */
export const presentEntry = ({ subject, id, at, kind, title, detail }: TimelineEntry, showsTags: boolean) => ({
  subject,
  id,
  at: iso(at),
  kind,
  title,
  detail: (showsTags ? JSON.stringify : jsonWithoutTags)(valueWithoutSecrets(detail)),
});

/** A row of a series as GraphQL shows it: measures by name, because each series has its own. */
export const presentWindow = ({ key, startAt, measures, labels }: Window) => ({
  key,
  startAt: iso(startAt),
  measures: Object.entries(measures).map(([name, value]) => ({ name, value })),
  labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
});
