import * as z from 'zod';
import { totalAvailability } from '../../domain/availability/total-availability.ts';
import { iso } from '../../domain/kernel/iso.ts';
import { Rejected } from '../../domain/kernel/rejected.ts';
import {
  type AvailabilityGroup,
  availabilityKey,
  networkAvailability5m,
} from '../../domain/windows/series/network-availability-5m.ts';
import { isTakenBack } from '../../domain/windows/window.ts';
import { argumentsOf, bounded, id, optional, range } from '../fields/arguments-of.ts';
import type { WindowStore } from '../ports/window-store.ts';

const DAYS = 31;
const text = optional(id.min(1));
const Group = z.object({ region: text, connectorType: text, model: text, firmware: text });
const Arguments = z.object({ group: Group, ...range });

const groupOf = ({ region, connectorType, model, firmware }: z.infer<typeof Group>): AvailabilityGroup => {
  if (region !== undefined && model === undefined && firmware === undefined)
    return connectorType === undefined ? { by: 'region', region } : { by: 'type', region, connectorType };
  if (region === undefined && connectorType === undefined && model !== undefined)
    return firmware === undefined ? { by: 'model', model } : { by: 'firmware', model, firmware };
  throw new Rejected('group: give region, or region and connectorType, or model, or model and firmware');
};

/** Availability of a group of connectors over a range: time added up over its five-minute windows, and each of them. */
export const queryAvailability =
  (windows: Pick<WindowStore, 'read'>) => async (given: Readonly<Record<string, unknown>>) => {
    const { group, from, to } = argumentsOf(Arguments, given);
    const key = availabilityKey(groupOf(group));
    bounded({ from, to }, DAYS, 'availability');
    const stored = await windows.read(networkAvailability5m.name, [key], from, to);
    const rows = stored.filter((row) => !isTakenBack(row));
    const {
      availablePercent = null,
      upSec,
      downSec,
      unknownSec,
      ...seconds
    } = totalAvailability(rows.map(({ measures }) => measures));
    return {
      key,
      from: iso(from),
      to: iso(to),
      windows: rows.length,
      availablePercent,
      upSec,
      downSec,
      unknownSec,
      statuses: Object.entries(seconds).map(([name, value]) => ({ name: name.slice('seconds.'.length), value })),
    };
  };
