import type { ConnectorKey } from '../../../domain/kernel/connector-key.ts';
import type { EndedSession } from '../../../domain/kernel/ended-session.ts';
import { guardOf } from '../../../domain/kernel/guard.ts';
import { fold } from '../../../domain/station/fold.ts';
import type { StationAggregate } from '../../../domain/station/station-aggregate.ts';
import { sessionRecord } from '../../../domain/tariff/session-record.ts';
import { answer } from '../../../ocpp/answer.ts';
import { factsOf } from '../../../ocpp/facts-of.ts';
import { readFrame } from '../../../ocpp/frames/read-frame.ts';
import type { Learned, QueuedMessage } from '../../../simulator/replay/offline-queue.ts';
import type { StationPlan } from '../../../simulator/replay/replay-plan.ts';
import type { StoredSession } from '../../../simulator/replay/replay-report.ts';
import { withoutRepeats } from '../../../use-cases/record-history/without-repeats.ts';
import { place } from '../../fakes/place.ts';
import { sessionsInMemory } from '../../fakes/session-store.ts';

const initial = ({ stationId, site, connectors, ocpp }: StationPlan): StationAggregate => ({
  stationId,
  connectors: [],
  station: {
    registration: {
      stationId,
      siteId: site,
      zoneId: site,
      region: 'test',
      timeZone: 'Europe/London',
      admission: 'accepted',
      connectors: connectors.map(({ connectorId, connectorType, ratedW }) => ({
        evseId: connectorId,
        connectorId: ocpp === '1.6' ? connectorId : 1,
        connectorType,
        ratedW,
      })),
    },
  },
});

const revOf = ({ connectors }: StationAggregate, key: ConnectorKey): number =>
  connectors.find(({ evseId, connectorId }) => evseId === key.evseId && connectorId === key.connectorId)?.rev ?? 0;

/**
 * The stack without machines: each message is answered as the gateway would, made into facts and folded. Returns what
 * the store of ended sessions holds after it, and the sessions still open.
 */
export const throughTheFold = async (
  station: StationPlan,
  queue: readonly QueuedMessage[],
  now: number,
): Promise<StoredSession[]> => {
  const { stationId, ocpp } = station;
  const learned: Learned = new Map();
  const { store, records } = sessionsInMemory();
  let aggregate = initial(station);
  for (const [index, message] of queue.entries()) {
    const frame = JSON.stringify([2, `m${index}`, message.action, message.payload(learned)]);
    const receivedAt = now + index * 10;
    const { text } = answer(readFrame(frame, ocpp), {
      ocpp,
      stationId,
      now: receivedAt,
      admission: 'accepted',
      heartbeatIntervalSec: 540,
      tag: () => ({ status: 'Accepted' }),
    });
    if (text === undefined) throw new Error(`No answer to ${frame}`);
    const reply: unknown[] = JSON.parse(text);
    if (reply[0] !== 3) throw new Error(`${text} answers ${frame}`);
    if (message.action === 'StartTransaction') learned.set(message.recording.id, Object(reply[2]).transactionId);
    const { facts } = factsOf({
      kind: 'frame',
      stationId,
      ocpp,
      transport: 'websocket',
      receivedAt,
      frame,
      answer: text,
    });
    const folded = fold(aggregate, { guard: guardOf('00', String(index + 1)), facts, heardAt: receivedAt });
    aggregate = folded.aggregate;
    const written = [
      ...(folded.station ? [{ rev: folded.aggregate.station.state?.rev ?? 0, outbox: folded.station.changes }] : []),
      ...folded.connectors.map(({ key, changes }) => ({ rev: revOf(aggregate, key), outbox: changes })),
    ];
    const toldOnce = withoutRepeats(store);
    for (const { rev, outbox } of written) {
      const told = await toldOnce({ stationId, rev, outbox });
      const latest = new Map<string, EndedSession>();
      for (const change of told.outbox)
        if (change.type === 'SessionEnded' || change.type === 'SessionAmended')
          latest.set(change.session.sessionId, change.session);
      for (const session of latest.values())
        await store.put(sessionRecord({ ...session, rev }, place, { tariffs: [], assignments: [] }));
    }
  }
  const open = aggregate.connectors.flatMap(({ session }) => (session ? [{ ...session, stationId }] : []));
  return [...records.values(), ...open];
};
