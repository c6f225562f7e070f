export { signCertificate } from '../sign-certificate.ts';
