import type { ConnectorRecord } from '../../simulator/charge-point/station-record.ts';
import type { World } from './world.ts';

/** A connector whose running transaction the stack cannot know to be running. */
export type Unrecognizable = { readonly stationId: string; readonly transactionId: string } & Pick<
  ConnectorRecord,
  'evseId' | 'connectorId'
>;

/**
 * Running transactions of which a charger told start and meter only while its clock was wrong by an hour or more, and nothing
 * since: they look like those of an offline queue whose end is lost. One true stamp is enough to tell that one runs.
 */
export const toldByWrongClock = ({
  points,
  doubts,
  frames,
}: Pick<World, 'points' | 'doubts' | 'frames'>): readonly Unrecognizable[] =>
  [...points]
    .filter(([stationId]) => doubts.get(stationId)?.has('date'))
    .flatMap(([stationId, point]) => {
      const texts = frames.filter((frame) => frame.stationId === stationId && frame.way === 'up');
      return point.record().connectors.flatMap(({ evseId, connectorId, transaction }) => {
        if (transaction === undefined) return [];
        const { transactionId, startedAt, sampledAt } = transaction;
        const stamps = [startedAt, sampledAt].map((at) => `"${new Date(at).toISOString()}"`);
        const isToldRight = texts.some(({ text }) => stamps.some((stamp) => text.includes(stamp)));
        return isToldRight ? [] : [{ stationId, evseId, connectorId, transactionId }];
      });
    });
