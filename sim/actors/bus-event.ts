import type { BusEvent } from '../../local/stack/local-service.ts';

/** An event of another system, as EventBridge hands it to rules. */
export const busEvent = (source: string, type: string, at: number, detail: { readonly id: string }): BusEvent => ({
  version: '0',
  id: `${source}-${detail.id}`,
  'detail-type': type,
  source,
  account: '000000000000',
  time: new Date(at).toISOString(),
  region: 'eu-west-1',
  resources: [],
  detail,
});
