import { askLambda, mutation, on, query, type Resolver, step } from '../resolver.ts';
import { oneConnector, oneStation, onlyItem } from './live-items.ts';

const presentAlerts = step('none', 'present-alerts');
const served = askLambda('lambda:serve-alerts');

export const alerts: readonly Resolver[] = [
  query('alerts', [served, presentAlerts]),
  query('alert', [step('alerts', 'get-alert'), presentAlerts, onlyItem]),
  query('alertFigures', [served]),
  query('siteThresholds', [served]),
  on('Alert')('detail', [step('none', 'hide-tags')]),
  on('Alert')('station', oneStation),
  on('Alert')('connector', oneConnector),
  ...['acknowledgeAlert', 'clearAlert'].map((field) =>
    mutation(field, [{ ...served, write: true }, presentAlerts, onlyItem]),
  ),
  mutation('setSiteThresholds', [{ ...served, write: true }]),
];
