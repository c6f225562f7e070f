import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../local/appsync/signature-verifier.ts';

type Signer = {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly region?: string;
  readonly service?: string;
  readonly signingDate?: Date;
};

/** The headers of a POST to AppSync as an AWS SDK signs it, for the user of the local stack unless told otherwise. */
export const signedHeaders = async (
  address: string,
  body: string,
  {
    accessKeyId = 'local',
    secretAccessKey = 'local',
    region = 'eu-west-1',
    service = 'appsync',
    signingDate,
  }: Signer = {},
): Promise<Readonly<Record<string, string>>> => {
  const { protocol, hostname, host, pathname } = new URL(address);
  const signer = new SignatureV4({ credentials: { accessKeyId, secretAccessKey }, region, service, sha256: Sha256 });
  const { headers } = await signer.sign(
    { method: 'POST', protocol, hostname, path: pathname, headers: { host, 'content-type': 'application/json' }, body },
    { ...(signingDate && { signingDate }) },
  );
  const { host: _, ...sent } = headers;
  return sent;
};
