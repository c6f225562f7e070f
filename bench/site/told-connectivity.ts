import type { StationContact } from '../../use-cases/ports/commands/mailbox-store.ts';
import type { StationConnectivity } from '../../use-cases/ports/station-connectivity.ts';

/** Connectivity that also stands where mailboxes look it up: the table of stations is one. */
export const toldConnectivity = (
  known: StationConnectivity,
  contacts: Map<string, StationContact>,
): StationConnectivity => ({
  ...known,
  open: async (arrival) => {
    const opened = await known.open(arrival);
    const { stationId, connectionId, ocpp, transport, at } = arrival;
    const contact = contacts.get(stationId);
    if (opened.outcome === 'recorded' && contact !== undefined)
      contacts.set(stationId, { ...contact, ocpp, connection: { connectionId, ocpp, transport, openedAt: at } });
    return opened;
  },
  close: async (departure) => {
    const left = await known.close(departure);
    const contact = contacts.get(departure.stationId);
    if (left !== undefined && contact !== undefined) {
      const { connection: _, ...offline } = contact;
      contacts.set(departure.stationId, offline);
    }
    return left;
  },
});
