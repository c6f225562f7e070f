export { installCertificate } from '../../shared/to-charger/install-certificate.ts';
