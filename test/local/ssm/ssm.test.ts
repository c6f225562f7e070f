import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAdrCredentials } from '../../../aws/openadr/openadr-credentials.ts';
import { close, listen } from '../../../local/http/http-server.ts';
import { noJournal } from '../../../local/journal.ts';
import { ssm } from '../../../local/ssm/ssm.ts';
import type { StackContext } from '../../../local/stack/local-service.ts';
import { startOf } from '../../../local/stack/local-services.ts';
import { opening } from '../../support/opening.ts';

const started = async () => {
  const open: StackContext['open'] = async (server) => {
    onTestFinished(() => close(server));
    return listen(server);
  };
  const part: Pick<StackContext, 'journal' | 'open'> = { open, journal: async () => noJournal() };
  // The service takes no more of a stack than this.
  const context = part as StackContext;
  const { environment } = await startOf(ssm, context)(context);
  const client = new SSMClient({
    endpoint: environment?.AWS_ENDPOINT_URL_SSM ?? '',
    region: 'eu-local-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  onTestFinished(() => client.destroy());
  return openAdrCredentials('/wattstream/dev/openadr/', { clock: () => 0 }, opening(client));
};

const credential = { clientId: 'ven', clientSecret: 'let me in', callbackToken: 'token' };

describe('Parameter Store on this machine', () => {
  it('knows nothing of a server without a credential', async () => {
    expect(await (await started()).of('utility')).toBeUndefined();
  });

  it('keeps a credential, and replaces it', async () => {
    const credentials = await started();
    await credentials.put('utility', { ...credential, clientSecret: 'first' });
    await credentials.put('utility', credential);
    expect(await credentials.of('utility')).toEqual(credential);
  });
});
