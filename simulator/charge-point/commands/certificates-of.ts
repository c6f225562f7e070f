import { z } from 'zod';
import type { Payload } from '../../../ocpp/payload.ts';
import { type Commands, command, statusAnswer } from './answer-command.ts';
import type { Controls } from './controls.ts';

/** What tells an installed certificate from others (CertificateHashDataType). */
export type CertificateHash = {
  readonly hashAlgorithm: 'SHA256';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
};

/** A simulated station reads no certificate: its type and length stand for it. */
const hashOf = (certificateType: string, certificate: string): CertificateHash => ({
  hashAlgorithm: 'SHA256',
  issuerNameHash: certificateType,
  issuerKeyHash: String(certificate.length),
  serialNumber: String(certificate.length),
});

const install = (payload: Payload, { certificates }: Controls): Payload => {
  const { certificateType, certificate } = z
    .object({ certificateType: z.string(), certificate: z.string() })
    .parse(payload);
  certificates.set(certificateType, certificate);
  return { status: 'Accepted' };
};

const remove = (payload: Payload, { certificates }: Controls): Payload => {
  const { certificateHashData } = z
    .object({ certificateHashData: z.object({ issuerNameHash: z.string() }) })
    .parse(payload);
  return statusAnswer(certificates.delete(certificateHashData.issuerNameHash), 'NotFound');
};

/** The first installed certificate of the types that are asked for; of any where none is named. */
const installed = (
  payload: Payload,
  { certificates }: Controls,
): readonly [type: string, CertificateHash] | undefined => {
  const { certificateType: asked } = z
    .object({ certificateType: z.union([z.string(), z.array(z.string())]).optional() })
    .parse(payload);
  const types = asked === undefined ? [...certificates.keys()] : [asked].flat();
  const type = types.find((one) => certificates.has(one));
  return type === undefined ? undefined : [type, hashOf(type, certificates.get(type) ?? '')];
};

/** The commands about certificates, the same in both versions but for the words in which one is told. */
export const certificatesOf = (told: (hash: CertificateHash, type: string) => Payload): Commands => ({
  CertificateSigned: command(() => ({ status: 'Accepted' })),
  DeleteCertificate: command(remove, 'Failed'),
  GetInstalledCertificateIds: {
    answer: (payload, controls) => {
      const found = installed(payload, controls);
      return found === undefined ? { status: 'NotFound' } : { status: 'Accepted', ...told(found[1], found[0]) };
    },
  },
  InstallCertificate: command(install),
});
