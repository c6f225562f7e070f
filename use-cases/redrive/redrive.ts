import { parsedJson } from '../../domain/kernel/parsed-json.ts';
import { parseEnvelope } from '../../ocpp/frames/parse-envelope.ts';
import type { OcppStream } from '../ports/ocpp-stream.ts';
import { isSiteRecord, type SiteRecord, type SiteStream } from '../ports/sites/site-record.ts';
import type { ParkedItem } from './parked-content.ts';

export type RedrivePorts = {
  readonly stream: OcppStream;
  readonly sites: SiteStream;
  /** Tells the consumers of a table's changes one of them again. */
  readonly tellChange: (record: object) => Promise<void>;
};

/** The record of a site that a text holds; undefined for any other text. */
const siteRecordIn = (text: string): SiteRecord | undefined => {
  const record = parsedJson(text);
  return isSiteRecord(record) ? record : undefined;
};

/**
 * Puts parked records back: envelopes and records of sites on their streams, where their content decides what of them is
 * new; changes of tables to those who follow the table, whose effects may be repeated. Throws Rejected for a record that
 * cannot be read.
 */
export const redrive =
  ({ stream, sites, tellChange }: RedrivePorts) =>
  async (items: readonly ParkedItem[]): Promise<void> => {
    for (const item of items) {
      if (item.kind === 'change') {
        await tellChange(item.record);
        continue;
      }
      const ofSite = siteRecordIn(item.data);
      if (ofSite) await sites.put([ofSite]);
      else await stream.put(parseEnvelope(item.data));
    }
  };
