import { omitUndefined } from '../../domain/kernel/omit-undefined.ts';
import type { Feature, ReportedCapabilities } from '../../domain/kernel/reported-capabilities.ts';
import { integerAt, listAt, objectAt, type Payload, textAt } from '../payload.ts';
import {
  allTold,
  feature,
  figure,
  flag,
  isSame,
  keysPerMessage,
  type Read,
  rateUnits,
  whole,
} from '../shared/capability-readers.ts';

/** Of a list that fills, the variable says how full it is, and its limit how much fits. */
const capacity =
  (field: 'maxProfiles' | 'maxLocalTags'): Read =>
  ({ maxLimit }) =>
    maxLimit === undefined ? undefined : { [field]: maxLimit };

/** Phases of a supply, of the station or of an EVSE. */
const supplyPhases: Read = ({ value, evseId }) => {
  const phases = whole(value);
  if (phases !== 1 && phases !== 2 && phases !== 3) return undefined;
  return evseId === undefined || evseId === 0 ? { phases } : { evsePhases: { [evseId]: phases } };
};

const controllers: Readonly<Record<string, Feature>> = {
  DisplayMessageCtrlr: 'DisplayMessage',
  ISO15118Ctrlr: 'Iso15118',
  LocalAuthListCtrlr: 'LocalAuthList',
  MonitoringCtrlr: 'Monitoring',
  ReservationCtrlr: 'Reservation',
  SmartChargingCtrlr: 'SmartCharging',
  TariffCostCtrlr: 'TariffCost',
};

/** A variable of 2.x that tells what a station can do. */
type Variable = {
  readonly component: string;
  readonly variable: string;
  readonly instance?: string;
  readonly read: Read;
};

const variables2x: readonly Variable[] = [
  { component: 'SmartChargingCtrlr', variable: 'RateUnit', read: rateUnits },
  { component: 'SmartChargingCtrlr', variable: 'ProfileStackLevel', read: figure('maxStackLevel') },
  { component: 'SmartChargingCtrlr', variable: 'PeriodsPerSchedule', read: figure('maxPeriods') },
  { component: 'SmartChargingCtrlr', variable: 'Phases3to1', read: flag('reducesPhases') },
  { component: 'SmartChargingCtrlr', variable: 'ACPhaseSwitchingSupported', read: flag('switchesPhases') },
  { component: 'SmartChargingCtrlr', variable: 'Entries', instance: 'ChargingProfiles', read: capacity('maxProfiles') },
  { component: 'LocalAuthListCtrlr', variable: 'Entries', read: capacity('maxLocalTags') },
  { component: 'LocalAuthListCtrlr', variable: 'ItemsPerMessage', read: figure('maxLocalTagsPerMessage') },
  { component: 'ReservationCtrlr', variable: 'NonEvseSpecific', read: flag('reservesAny') },
  { component: 'DeviceDataCtrlr', variable: 'ItemsPerMessage', instance: 'GetVariables', read: keysPerMessage },
  { component: 'ChargingStation', variable: 'SupplyPhases', read: supplyPhases },
  { component: 'EVSE', variable: 'SupplyPhases', read: supplyPhases },
  ...Object.entries(controllers).flatMap(([component, name]) => [
    { component, variable: 'Available', read: feature('available', name) },
    { component, variable: 'Enabled', read: feature('enabled', name) },
  ]),
];

/** What GetVariables asks a 2.x station for, in order; what a station lacks it answers with UnknownVariable. */
export const capabilityVariables: readonly Payload[] = variables2x
  .filter(({ component, variable }) => component !== 'EVSE' && variable !== 'Entries')
  .map(({ component, variable, instance }) => ({
    component: { name: component },
    variable: { name: variable, ...omitUndefined({ instance }) },
  }));

const MOST_EVSES = 64;

/** Numbers of EVSEs that no station has would let reports grow its record without end. */
const placeOf = (component: Payload) => {
  const evse = objectAt(component, 'evse');
  const evseId = integerAt(evse, 'id');
  return evseId !== undefined && (evseId < 0 || evseId > MOST_EVSES) ? undefined : omitUndefined({ evseId });
};

const toldByVariable = (entry: Payload, value: string | undefined, maxLimit: number | undefined) => {
  const [component, variable] = [objectAt(entry, 'component'), objectAt(entry, 'variable')];
  const [componentName, name] = [textAt(component, 'name'), textAt(variable, 'name')];
  const instance = textAt(variable, 'instance');
  const found = variables2x.find(
    (one) =>
      isSame(one.component, componentName) &&
      isSame(one.variable, name) &&
      (one.instance === undefined || isSame(one.instance, instance)),
  );
  const place = placeOf(component);
  if (found === undefined || name === undefined || place === undefined) return undefined;
  return found.read({ name, ...place, ...omitUndefined({ value, maxLimit, instance }) });
};

/** Actual is what an attribute is of when it does not say. */
const isActual = (attribute: Payload, key: string): boolean => isSame(textAt(attribute, key) ?? 'Actual', 'Actual');

/** What the answer to a GetVariables (2.x) tells. */
export const toldByVariables = (reply: Payload): ReportedCapabilities =>
  allTold(
    listAt(reply, 'getVariableResult').map((entry) =>
      isSame(textAt(entry, 'attributeStatus'), 'Accepted') && isActual(entry, 'attributeType')
        ? toldByVariable(entry, textAt(entry, 'attributeValue'), undefined)
        : undefined,
    ),
  );

/** What a NotifyReport (2.x) tells. */
export const toldByReport = (payload: Payload): ReportedCapabilities =>
  allTold(
    listAt(payload, 'reportData').map((entry) => {
      const actual = listAt(entry, 'variableAttribute').find((attribute) => isActual(attribute, 'type'));
      const value = actual && textAt(actual, 'value');
      return toldByVariable(entry, value, whole(textAt(objectAt(entry, 'variableCharacteristics'), 'maxLimit')));
    }),
  );
