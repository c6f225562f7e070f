export { signCertificate } from '../../shared/from-charger/sign-certificate.ts';
