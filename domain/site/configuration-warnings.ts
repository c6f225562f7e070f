import { fallbackShareW, installedW, phaseVoltageV, type SitePlan, supplyOf } from './site-plan.ts';

const kw = (powerW: number): string => `${Math.round(powerW / 10) / 100} kW`;

/** What works, but perhaps not as its author meant: one sentence each, for whoever plans the site. */
export const configurationWarnings = (plan: SitePlan): readonly string[] => {
  const { configuration, stations } = plan;
  const { siteId, feeders, minimums, limitW, phases } = configuration;
  if (stations.length === 0) return [`No station is registered at ${siteId}: there is nothing to control`];
  const connectors = stations.flatMap(({ stationId, connectors: own }) => own.map((one) => ({ stationId, ...one })));
  const named = new Set(connectors.flatMap((connector) => supplyOf(plan, connector)?.electrics.feeder ?? []));
  const types = new Set(connectors.map(({ connectorType }) => connectorType));
  const starved = connectors.filter(
    (connector) => fallbackShareW(plan, connector) < (supplyOf(plan, connector)?.minW ?? 0),
  );
  const raised = [
    'the fall-back share',
    ...(feeders.length === 0 ? [] : ['the limits of their feeders']),
    ...(phases === undefined ? [] : ['the limit of the phases']),
    ...(stations.every(({ contractMaxW }) => contractMaxW === undefined) ? [] : ['the contracts of their stations']),
  ];
  const known = feeders.map(({ feederId }) => feederId);
  return [
    ...[...named]
      .filter((feeder) => !known.includes(feeder))
      .map((feeder) => `Connectors hang on feeder ${feeder}, which has no limit here`),
    ...known
      .filter((feeder) => !named.has(feeder) && !feeders.some(({ parent }) => parent === feeder))
      .map((feeder) => `No connector is registered on feeder ${feeder}`),
    ...minimums
      .filter(({ connectorType }) => !types.has(connectorType))
      .map(({ connectorType }) => `No connector of type ${connectorType} is registered: its minimum is without effect`),
    ...(phases === undefined || phaseVoltageV(plan) === phases.voltageV
      ? []
      : [
          `The phases have ${phases.voltageV} V, connectors are registered at ${phaseVoltageV(plan)} V: the currents of all are counted at the lower one`,
        ]),
    ...(starved.length === 0
      ? []
      : [
          `While the meter is lost ${starved.length} of ${connectors.length} connectors get less than they need to charge (the least ${kw(Math.min(...starved.map((connector) => fallbackShareW(plan, connector))))}): raise ${raised.join(' or ')}, or accept that they pause`,
        ]),
    ...(installedW(plan) <= limitW
      ? [`All connectors together draw ${kw(installedW(plan))}: the limit of ${kw(limitW)} never binds by itself`]
      : []),
  ];
};
