export { getInstalledCertificateIds } from '../../shared/to-charger/get-installed-certificate-ids.ts';
