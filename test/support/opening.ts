import type { OpenClient } from '../../aws/open-client.ts';

/** Opens a client that was made before, whatever service and policy is asked for. */
export const opening =
  (client: object): OpenClient =>
  () =>
    client as never;
