import type { ConnectorKey } from './connector-key.ts';

/** Where and when a reducer works: what every change it decides on carries. */
export type EventContext = ConnectorKey & {
  /** Event time, ms. */
  readonly at: number;
  readonly receivedAt: number;
};

/** The part of a change that says where and when. */
export const contextFields = ({ evseId, connectorId, at, receivedAt }: EventContext) => ({
  evseId,
  connectorId,
  at,
  receivedAt,
});
