export { certificateSigned } from '../../shared/to-charger/certificate-signed.ts';
