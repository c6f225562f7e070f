export { signCertificate } from '../../shared/sign-certificate.ts';
