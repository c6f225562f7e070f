import { chunksOf } from '../../async/chunks-of.ts';
import { packed } from '../../aws/dynamodb/packed.ts';
import { emptyPlan, joined } from '../../domain/demand-response/zone-plan.ts';
import type { ZoneStation } from '../../domain/demand-response/zone-station.ts';
import { STATIONS_PER_CHUNK } from '../../use-cases/ports/demand-response/plan-store.ts';

const zoneStation = (index: number): ZoneStation => ({
  stationId: `DR-${index}`,
  siteId: `site-${index % 400}`,
  loadW: 3_000 + ((index * 7_919) % 140_000),
  floorW: 2_000,
  minimumW: 4_000,
  ratedW: 150_000,
  supply: { current: 'DC', voltageV: 230, phases: 3 },
  transactions: [{ evseId: 1, transactionId: String(index), powerW: 50_000 }],
  connectorKeys: ['1#1', '2#1'],
});

/** Time of the processor, ms, that it takes to plan a signal over so many stations and to encode the plan for its table. */
export const planCost = (count: number) => {
  const stations = Array.from({ length: count }, (_, index) => zoneStation(index));
  const at = 1_800_000_000_000;
  const signal = {
    signalId: 'bench',
    version: 1,
    type: 'CURTAIL',
    priority: 2,
    startAt: at,
    endAt: at + 3_600_000,
    receivedAt: at,
    by: 'bench',
    kind: 'zone-reduction',
    zoneId: 'bench',
    reductionW: count * 20_000,
  } as const;
  const from = process.cpuUsage();
  const plan = joined(emptyPlan('bench'), signal, stations, at);
  const chunks = chunksOf(plan.stations, STATIONS_PER_CHUNK).map((part) => packed(part).byteLength);
  const { user, system } = process.cpuUsage(from);
  return { cpuMs: (user + system) / 1_000, chunks: chunks.length, largestChunkBytes: Math.max(...chunks) };
};
