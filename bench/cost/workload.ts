import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/kernel/durations.ts';

/** What a charger does at an instant of the measured time. */
export type Act = { readonly at: number; readonly stationId: string } & (
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'call'; readonly action: string; readonly payload: object }
  | { readonly kind: 'start'; readonly connectorId: number; readonly tag: string; readonly registerWh: number }
  | { readonly kind: 'stop' | 'sample'; readonly connectorId: number; readonly registerWh: number }
  | { readonly kind: 'command'; readonly limitW: number }
);

/** A quarter of a day, with a quarter of its work: one session of 45 minutes. */
export const PERIOD_MS = 6 * HOUR_MS;
/** A month has 730 hours. */
export const PERIODS_A_MONTH = (730 * HOUR_MS) / PERIOD_MS;

export const workload = {
  connectors: 2,
  sessionsPerDay: 4,
  sessionMs: 45 * MINUTE_MS,
  meterIntervalMs: MINUTE_MS,
  heartbeatMs: 540 * SECOND_MS,
  /** API Gateway ends a socket after two hours. */
  reconnectMs: 2 * HOUR_MS,
  /** Charging profiles that our loops set on a charger, a day: sent, answered, confirmed and told. */
  profilesPerDay: 4,
  stationsPerSite: 4,
} as const;

const POWER_W = 7_400;

const status = (connectorId: number, to: string, at: number) => ({
  connectorId,
  errorCode: 'NoError',
  status: to,
  timestamp: new Date(at).toISOString(),
});

/** The session of one period: plugged in, charging, its samples, unplugged. */
const session = (stationId: string, connectorId: number, startedAt: number, registerWh: number): readonly Act[] => {
  const tag = `TAG-${stationId}-${connectorId}`;
  const endedAt = startedAt + workload.sessionMs;
  const call = (at: number, action: string, payload: object): Act => ({ at, stationId, kind: 'call', action, payload });
  const registerAt = (at: number): number => Math.round(registerWh + ((at - startedAt) / HOUR_MS) * POWER_W);
  const samples = Array.from(
    { length: workload.sessionMs / workload.meterIntervalMs - 1 },
    (_, index) => startedAt + (index + 1) * workload.meterIntervalMs,
  );
  return [
    call(startedAt - 3_000, 'StatusNotification', status(connectorId, 'Preparing', startedAt - 3_000)),
    call(startedAt - 2_000, 'Authorize', { idTag: tag }),
    { at: startedAt, stationId, kind: 'start', connectorId, tag, registerWh },
    call(startedAt + 1_000, 'StatusNotification', status(connectorId, 'Charging', startedAt + 1_000)),
    { at: startedAt + 5_000, stationId, kind: 'command', limitW: POWER_W },
    ...samples.map((at): Act => ({ at, stationId, kind: 'sample', connectorId, registerWh: registerAt(at) })),
    { at: endedAt, stationId, kind: 'stop', connectorId, registerWh: registerAt(endedAt) },
    call(endedAt + 1_000, 'StatusNotification', status(connectorId, 'Finishing', endedAt + 1_000)),
    call(endedAt + 30_000, 'StatusNotification', status(connectorId, 'Available', endedAt + 30_000)),
  ];
};

/** Heartbeats where nothing else is said for the interval: OCPP 1.6 lets a charger leave out all others (section 4.6). */
const heartbeats = (stationId: string, acts: readonly Act[], fromAt: number, toAt: number): readonly Act[] => {
  const said = [...acts.map(({ at }) => at), toAt].toSorted((a, b) => a - b);
  const found: Act[] = [];
  let last = fromAt;
  for (const next of said) {
    for (let at = last + workload.heartbeatMs; at < next; at += workload.heartbeatMs)
      found.push({ at, stationId, kind: 'call', action: 'Heartbeat', payload: {} });
    last = next;
  }
  return found;
};

/** The first contact of a charger: not measured, for a month holds few of them. */
export const boot = (stationId: string, at: number): readonly Act[] => [
  { at, stationId, kind: 'open' },
  {
    at: at + 1_000,
    stationId,
    kind: 'call',
    action: 'BootNotification',
    payload: { chargePointVendor: 'Vendor', chargePointModel: 'Model 22', firmwareVersion: '1.4.2' },
  },
  ...Array.from({ length: workload.connectors }, (_, index): Act => {
    const payload = status(index + 1, 'Available', at + 2_000);
    return { at: at + 2_000, stationId, kind: 'call', action: 'StatusNotification', payload };
  }),
];

/** One period of a charger, the `index`th of its fleet: chargers are spread over it. */
export const period = (stationId: string, index: number, fromAt: number): readonly Act[] => {
  const shift = ((index * 37 * MINUTE_MS) % (3 * HOUR_MS)) + index * 1_700;
  const connectorId = 1 + (index % workload.connectors);
  const reconnects = Array.from(
    { length: PERIOD_MS / workload.reconnectMs },
    (_, count) => fromAt + count * workload.reconnectMs + (shift % workload.reconnectMs) / 2 + 7_000,
  );
  const acts: readonly Act[] = [
    ...session(stationId, connectorId, fromAt + 45 * MINUTE_MS + shift, 1_000_000 + index),
    ...reconnects.flatMap((at): readonly Act[] => [
      { at, stationId, kind: 'close' },
      { at: at + 2_000, stationId, kind: 'open' },
      {
        at: at + 3_000,
        stationId,
        kind: 'call',
        action: 'StatusNotification',
        payload: status(0, 'Available', at + 3_000),
      },
    ]),
  ];
  return [...acts, ...heartbeats(stationId, acts, fromAt, fromAt + PERIOD_MS)].toSorted((a, b) => a.at - b.at);
};
