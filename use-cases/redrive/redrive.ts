import { parseEnvelope } from '../../ocpp/frames/parse-envelope.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import type { ParkedItem } from './parked-content.ts';

export type RedrivePorts = {
  readonly stream: OcppStream;
  /** Tells the consumers of a table's changes one of them again. */
  readonly tellChange: (record: object) => Promise<void>;
};

/**
 * Puts parked records back: envelopes on the stream, where their content decides what of them is new; changes of tables to
 * those who follow the table, whose effects may be repeated. Throws Rejected for an envelope that cannot be read.
 */
export const redrive =
  ({ stream, tellChange }: RedrivePorts) =>
  async (items: readonly ParkedItem[]): Promise<void> => {
    for (const item of items) {
      if (item.kind === 'envelope') await stream.put(parseEnvelope(item.data));
      else await tellChange(item.record);
    }
  };
