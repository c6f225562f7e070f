import { z } from 'zod';
import type { DemoStation } from '../../simulator/demo-network.ts';
import { oncePerWorld } from './once-per-world.ts';

/** What the register of a connector had counted since the start of a transaction, at an instant. */
export type Reading = { readonly at: number; readonly energyWh: number };

/** An ended transaction as its charger metered it, every reading of it included. */
export type Metered = {
  readonly station: DemoStation;
  readonly connectorType: string;
  readonly transactionId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly energyWh: number;
  /** In order, from its start at 0 Wh to its end. */
  readonly readings: readonly Reading[];
  /** When its stop reached the gateway first, and last. */
  readonly stopHeard: readonly [firstAt: number, lastAt: number];
};

const Sampled = z.looseObject({
  value: z.coerce.number(),
  measurand: z.string().optional(),
  unit: z.string().optional(),
  unitOfMeasure: z.looseObject({ unit: z.string() }).optional(),
});
const Payload = z.looseObject({
  connectorId: z.number().optional(),
  evse: z.looseObject({ id: z.number() }).optional(),
  timestamp: z.string().optional(),
  meterStart: z.number().optional(),
  eventType: z.string().optional(),
  transactionId: z.number().optional(),
  transactionInfo: z.looseObject({ transactionId: z.string() }).optional(),
  meterValue: z.array(z.looseObject({ timestamp: z.string(), sampledValue: z.array(Sampled) })).optional(),
});
const Call = z.tuple([z.literal(2), z.string(), z.string(), Payload]);

const OF_METERS = ['"StartTransaction"', '"MeterValues"', '"StopTransaction"', '"TransactionEvent"'];

type Heard = { readonly at: number; readonly action: string; readonly payload: z.infer<typeof Payload> };

const isStop = ({ action, payload }: Heard): boolean => action === 'StopTransaction' || payload.eventType === 'Ended';

/** What the register showed in a message, Wh by the stamps of the charger. */
const registersIn = ({ payload }: Heard): readonly Reading[] => [
  ...(payload.meterStart === undefined
    ? []
    : [{ at: Date.parse(payload.timestamp ?? ''), energyWh: payload.meterStart }]),
  ...(payload.meterValue ?? []).flatMap(({ timestamp, sampledValue }) => {
    const shown = sampledValue.find(({ measurand }) => measurand === 'Energy.Active.Import.Register');
    if (shown === undefined) return [];
    const isKilo = (shown.unit ?? shown.unitOfMeasure?.unit) === 'kWh';
    return [{ at: Date.parse(timestamp), energyWh: Math.round(shown.value * (isKilo ? 1_000 : 1)) }];
  }),
];

/** Every ended transaction with its readings, as the chargers told them; of chargers whose clock or meter is in doubt none. */
export const meteredSessions = oncePerWorld(({ frames, points, network, doubts }): readonly Metered[] => {
  const heard = new Map<string, Heard[]>();
  for (const { stationId, way, text, at } of frames) {
    if (way !== 'up' || doubts.has(stationId) || !points.has(stationId)) continue;
    if (!OF_METERS.some((action) => text.includes(action))) continue;
    const { data } = Call.safeParse(JSON.parse(text));
    if (data === undefined) continue;
    const told = heard.get(stationId) ?? [];
    heard.set(stationId, told);
    told.push({ at, action: data[2], payload: data[3] });
  }
  return network.stations.flatMap((station) => {
    const told = heard.get(station.stationId) ?? [];
    const { transactions } = points.get(station.stationId)?.record() ?? { transactions: [] };
    return doubts.has(station.stationId)
      ? []
      : transactions.map((transaction): Metered => {
          const { evseId, connectorId, transactionId, startedAt, endedAt, energyWh } = transaction;
          const registers = told
            .filter(({ payload }) => (payload.evse?.id ?? payload.connectorId) === evseId)
            .flatMap(registersIn);
          const atStart = registers.find(({ at }) => at === startedAt)?.energyWh ?? 0;
          const between = new Map(
            registers
              .filter(({ at }) => at > startedAt && at < endedAt)
              .map(({ at, energyWh }) => [at, energyWh - atStart]),
          );
          const stops = told.filter(
            (one) =>
              isStop(one) &&
              String(one.payload.transactionInfo?.transactionId ?? one.payload.transactionId) === transactionId,
          );
          const readings = [...between].map(([at, energyWh]) => ({ at, energyWh })).sort((a, b) => a.at - b.at);
          return {
            station,
            connectorType:
              station.connectors.find((one) => one.evseId === evseId && one.connectorId === connectorId)
                ?.connectorType ?? '',
            transactionId,
            startedAt,
            endedAt,
            energyWh,
            readings: [{ at: startedAt, energyWh: 0 }, ...readings, { at: endedAt, energyWh }],
            stopHeard: [Math.min(...stops.map(({ at }) => at)), Math.max(...stops.map(({ at }) => at))],
          };
        });
  });
});
