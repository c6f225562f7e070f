import type { Connector } from '../../connector/connector.ts';
import { connectorPath } from '../../kernel/connector-key.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { Measures } from '../../kernel/measures.ts';
import type { Minute } from '../../kernel/minute.ts';
import { omitUndefined } from '../../kernel/omit-undefined.ts';
import { minuteRowStart, rowMinute, type SessionSpan } from '../minute-row-start.ts';
import type { Series, Told } from '../series.ts';
import { minuteChangesBySession, toldMinutes } from '../told-minutes.ts';
import type { Window } from '../window.ts';

/** A register is the better witness of mean power than samples are: it misses nothing between them. */
const minuteMeasures = ({
  startAt: _,
  sessionId: __,
  registerWh: ___,
  registerAt: ____,
  ...minute
}: Minute): Measures => omitUndefined({ ...minute, meanW: minute.meanW ?? minute.energyWh * 60 });

/** The sessions whose times a connector remembers: what tells which minute a session began in. */
const sessionSpans = ({ session, past, recent, outbox }: Connector): SessionSpan[] => [
  ...outbox.flatMap((change) =>
    change.type === 'SessionEnded' || change.type === 'SessionAmended' ? [change.session] : [],
  ),
  ...recent,
  ...[session, past].flatMap((open) =>
    open === undefined ? [] : [{ sessionId: open.sessionId, startedAt: open.startedAt }],
  ),
];

/** The rows of minutes of this connector, as its latest write knows them. */
export const minuteRowsOf = (connector: Connector): ((minute: Minute) => Window) => {
  const { siteId, zoneId, region, connectorType } = connector.place;
  const labels = { stationId: connector.stationId, siteId, zoneId, region, connectorType };
  const spans = sessionSpans(connector);
  return (minute) => ({
    series: connector1m.name,
    key: connectorPath(connector),
    startAt: minuteRowStart(minute, spans),
    version: connector.rev,
    measures: minuteMeasures(minute),
    labels: { ...labels, ...omitUndefined({ sessionId: minute.sessionId }) },
  });
};

/** A row read back as the minute it was made of. Its mean power follows from its energy again. */
export const minuteOfRow = ({ startAt, measures, labels }: Window): Minute => ({
  startAt: rowMinute(startAt),
  energyWh: measures.energyWh ?? 0,
  samples: measures.samples ?? 0,
  ...omitUndefined({
    maxW: measures.maxW,
    minW: measures.minW,
    socPercent: measures.socPercent,
    limitW: measures.limitW,
    sessionId: labels.sessionId,
  }),
});

/** The base series: one connector-minute. Every load is recomputed from it. */
export const connector1m: Series<Told> = {
  name: 'connector_1m',
  sizeMs: MINUTE_MS,
  hopMs: MINUTE_MS,
  keyedBy: '`stationId#evseId#connectorId`',
  about: 'the base of all loads. Two sessions in one minute have a row each, which starts when the session does',
  keptDays: 400,
  measures: {
    energyWh: 'energy delivered within the minute, by register difference',
    meanW: 'mean power of the minute',
    maxW: 'highest sample',
    minW: 'lowest sample',
    samples: 'samples in the minute',
    socPercent: 'last state of charge',
    limitW: 'limit in force',
  },
  source: {
    kind: 'told',
    *ofConnector(connector) {
      const rowOf = minuteRowsOf(connector);
      for (const changes of minuteChangesBySession(connector.outbox))
        for (const minute of toldMinutes(changes).whole) yield rowOf(minute);
    },
  },
};
