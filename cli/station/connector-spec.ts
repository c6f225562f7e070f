import type { RegisteredConnector } from '../../domain/registry/registration.ts';
import { Problem } from '../command-line/problem.ts';

const spec = /^(?<evse>\d{1,3})(?:\.(?<connector>\d{1,3}))?:(?<type>[^:]{1,30}):(?<kw>\d{1,4}(?:\.\d{1,3})?)$/;

/**
 * Reads "1:CCS:50" or "2.1:Type2:22": connector, type, rated kW. OCPP 1.6 numbers connectors only, so "1" stands for
 * EVSE 1, connector 1; OCPP 2.x stations say "evse.connector".
 */
export const connectorSpec = (text: string): RegisteredConnector => {
  const { evse, connector = evse, type, kw } = spec.exec(text)?.groups ?? {};
  const [evseId, connectorId, ratedW] = [Number(evse), Number(connector), Math.round(Number(kw) * 1000)];
  if (type === undefined || !(evseId > 0 && connectorId > 0 && ratedW > 0))
    throw new Problem(
      `"${text}" is no connector: write NUMBER:TYPE:KW, such as 1:CCS:50, or EVSE.CONNECTOR:TYPE:KW, such as 2.1:Type2:22`,
    );
  return { evseId, connectorId, connectorType: type, ratedW };
};
