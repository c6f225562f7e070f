import type { ProfilePurpose } from './charging-profile.ts';

/** Functional blocks a station may have or lack, under one name for all OCPP versions. */
export const features = [
  'FirmwareManagement',
  'LocalAuthList',
  'Reservation',
  'SmartCharging',
  'RemoteTrigger',
  'DisplayMessage',
  'TariffCost',
  'Monitoring',
  'Iso15118',
] as const;
export type Feature = (typeof features)[number];

/** What a station told of its abilities, or a part of it. What was not told is absent. */
export type ReportedCapabilities = {
  /** Units it takes limits in. */
  readonly rateUnits?: readonly ('A' | 'W')[];
  readonly maxStackLevel?: number;
  readonly maxPeriods?: number;
  /** Charging profiles it keeps at a time. */
  readonly maxProfiles?: number;
  /** Whether it can go from three phases to one during a session (1.6 ConnectorSwitch3to1PhaseSupported, 2.x Phases3to1). */
  readonly reducesPhases?: boolean;
  /** Whether the one phase it goes to can be chosen (2.x ACPhaseSwitchingSupported). */
  readonly switchesPhases?: boolean;
  /** Phases of its supply. */
  readonly phases?: number;
  /** Phases of the supply of an EVSE, by its number. */
  readonly evsePhases?: Readonly<Record<string, number>>;
  /** Whether it has a feature. */
  readonly available?: Partial<Readonly<Record<Feature, boolean>>>;
  /** Whether a feature it has is switched on. */
  readonly enabled?: Partial<Readonly<Record<Feature, boolean>>>;
  /** Tags its local list takes in all, and in one message. */
  readonly maxLocalTags?: number;
  readonly maxLocalTagsPerMessage?: number;
  /** Whether it takes reservations of any connector, not of a certain one. */
  readonly reservesAny?: boolean;
  readonly connectorCount?: number;
  /** Configuration keys or variables it answers in one message. */
  readonly maxKeysPerMessage?: number;
};

/** One message of a report of several: they may come in any order, and more than once. */
export type ReportPart = { readonly requestId: number; readonly seqNo: number; readonly isLast: boolean };

/** What a station said it cannot do, in answer to a command that asked for it. */
export type RefusedCapability =
  | { readonly kind: 'action'; readonly action: string }
  | { readonly kind: 'purpose'; readonly purpose: ProfilePurpose }
  | { readonly kind: 'rateUnit'; readonly rateUnit: 'A' | 'W' }
  | { readonly kind: 'stackLevel'; readonly stackLevel: number };

/** Two parts of what a station told, as one. Of two values of one thing the later one counts. */
export const mergedCapabilities = (known: ReportedCapabilities, told: ReportedCapabilities): ReportedCapabilities => {
  const nested = (field: 'available' | 'enabled' | 'evsePhases') =>
    told[field] === undefined ? {} : { [field]: { ...known[field], ...told[field] } };
  return { ...known, ...told, ...nested('available'), ...nested('enabled'), ...nested('evsePhases') };
};
