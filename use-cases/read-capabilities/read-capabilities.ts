import * as z from 'zod';
import { capabilityQuestions } from '../../ocpp/capability-questions.ts';
import { ocppVersions } from '../../ocpp/frames/envelope.ts';
import type { BusEvent } from '../ports/commands/bus-event.ts';
import type { StationItems } from '../ports/commands/station-items.ts';
import type { SiteConfigurations } from '../ports/sites/site-store.ts';
import { CommandRefused } from '../send-command/command-refused.ts';
import { type Caller, type RequestPorts, requestCommand } from '../send-command/request-command.ts';

export type ReadCapabilitiesPorts = RequestPorts & {
  readonly stations: StationItems;
  /** Short text of a-z and digits that is the same for the same text, at most 20. */
  readonly digest: (text: string) => string;
  readonly configurations: Pick<SiteConfigurations, 'find'>;
  /** Whether stations of sites that are not controlled are asked as well. */
  readonly asksEveryStation: boolean;
};

/** Of the detail of StationBooted what matters here. */
const Booted = z.object({
  id: z.string().min(1),
  time: z.iso.datetime().transform((text) => Date.parse(text)),
  stationId: z.string().min(1),
});

const ourselves: Caller = { by: 'wattstream', role: 'administrator', origin: 'internal' };

/**
 * Asks a station of a controlled site that booted for what it can do, unless that is known for the firmware it runs. The same event delivered
 * again asks nothing twice. A station that is gone again, or has too much to do, is asked at its next boot.
 */
export const readCapabilities = (ports: ReadCapabilitiesPorts) => {
  const request = requestCommand(ports);
  const isControlled = async (siteId: string) => (await ports.configurations.find(siteId))?.controlled === true;
  return async ({ detail }: Pick<BusEvent, 'detail'>): Promise<void> => {
    const { id, time: requestedAt, stationId } = Booted.parse(detail);
    const station = await ports.stations.find(stationId);
    const ocpp = ocppVersions.find((version) => version === station?.connectivity?.ocpp);
    const record = station?.state?.capabilities;
    const isKnown = record?.toldAt !== undefined && record.firmware === station?.state?.firmware;
    if (station?.registration === undefined || ocpp === undefined || isKnown) return;
    if (!ports.asksEveryStation && !(await isControlled(station.registration.siteId))) return;
    for (const [index, { action, payload }] of capabilityQuestions(ocpp).entries()) {
      const discriminator = `${ports.digest(id).slice(0, 18)}${index}`;
      const why = 'what the station can do, for its firmware';
      try {
        await request(
          { stationId, action, payload: JSON.stringify(payload), discriminator, requestedAt, why },
          ourselves,
        );
      } catch (error) {
        if (!(error instanceof CommandRefused)) throw error;
        return ports.warn('capabilitiesNotAsked', { stationId, action, error: error.message });
      }
    }
  };
};
